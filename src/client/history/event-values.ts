import type { WorkflowHandle } from '@temporalio/client';
import { defaultPayloadConverter } from '@temporalio/common';
import type { LoadedDataConverter, Payload, SerializationContext } from '@temporalio/common';
import { inParallel } from '../../async/in-parallel';
import { ATTACH_SIGNAL, REPORT_SIGNAL } from '../../report';
import { readablePayloads } from '../readable-payloads';

/** As the Temporal server gives it. */
export type History = Awaited<ReturnType<WorkflowHandle['fetchHistory']>>;
/** One of its events. */
export type HistoryEvent = NonNullable<History['events']>[number];

/** What a client reads payloads with. */
export interface Reader {
  /** Converter and codecs. */
  loadedDataConverter: LoadedDataConverter;
  /** Of the heartbeat workflow; codecs may ask for it. */
  namespace: string;
}

/** Events decoded at once: a codec may ask a service for its keys. */
const DECODED_AT_ONCE = 20;

const SIGNALS = [REPORT_SIGNAL, ATTACH_SIGNAL];

/** What each event of a heartbeat workflow brings: its input, a report or a change, the items of a round, or their answer. */
export const valuesOf = (events: HistoryEvent[], reader: Reader, workflowId: string): Promise<unknown[]> =>
  inParallel(events, DECODED_AT_ONCE, async (event) => {
    const { workflowExecutionStartedEventAttributes: started, workflowExecutionSignaledEventAttributes: signal } =
      event;
    const { activityTaskScheduledEventAttributes: scheduled, activityTaskCompletedEventAttributes: completed } = event;
    // What the workflow does not listen to need not be readable.
    const report = SIGNALS.includes(signal?.signalName ?? '') ? signal?.input : undefined;
    const [payload] = (started?.input ?? report ?? scheduled?.input ?? completed?.result)?.payloads ?? [];
    const scheduledBy = completed && events[Number(completed.scheduledEventId) - 1];
    const { activityId } = scheduled ?? scheduledBy?.activityTaskScheduledEventAttributes ?? {};
    const context: SerializationContext = activityId
      ? { type: 'activity', namespace: reader.namespace, workflowId, activityId, isLocal: false }
      : { type: 'workflow', namespace: reader.namespace, workflowId };
    return payload && read(payload, reader.loadedDataConverter, context);
  });

/** As the workers read it: with their codecs, which the client then has, too. The last one decodes first. */
async function read(payload: Payload, converter: LoadedDataConverter, context: SerializationContext): Promise<unknown> {
  const { payloadConverter, payloadCodecs } = converter;
  // As `readingAll` in worker/workers.ts: a converter of the user's own knows its encodings.
  const codecs = payloadConverter === defaultPayloadConverter ? [readablePayloads, ...payloadCodecs] : payloadCodecs;
  let payloads = [payload];
  for (const codec of codecs.toReversed()) payloads = await codec.decode(payloads, context);
  return payloads[0] && payloadConverter.fromPayload(payloads[0], context);
}
