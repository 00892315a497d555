import { defaultPayloadConverter, type LoadedDataConverter, type SerializationContext } from '@temporalio/common';
import {
  decodeArrayFromPayloads,
  decodeOptionalFailureToOptionalError,
} from '@temporalio/common/lib/internal-non-workflow';
import { readablePayloads } from '../readable-payloads';
import type { EventOf } from './events';

type Payloads = EventOf<'workflowExecutionSignaledEventAttributes'>['input'];
type Failure = EventOf<'activityTaskFailedEventAttributes'>['failure'];

/** Reads what events bring, as the workers read it: with their codecs, which the client then has, too. */
export class PayloadReader {
  private readonly converter: LoadedDataConverter;

  constructor(
    converter: LoadedDataConverter,
    private readonly namespace: string,
    private readonly workflowId: string,
  ) {
    // As `readingAll` in worker.ts: a converter of the user's own knows its encodings.
    const isOwn = converter.payloadConverter !== defaultPayloadConverter;
    this.converter = isOwn
      ? converter
      : { ...converter, payloadCodecs: [readablePayloads, ...converter.payloadCodecs] };
  }

  /** What the workflow was given; with an activity's id, what that activity was given or gave. */
  values(payloads: Payloads, activityId?: string): Promise<unknown[]> {
    return decodeArrayFromPayloads(this.converter, payloads?.payloads, this.contextOf(activityId));
  }

  error(failure: Failure, activityId?: string): Promise<Error | undefined> {
    return decodeOptionalFailureToOptionalError(this.converter, failure, this.contextOf(activityId));
  }

  private contextOf(activityId: string | undefined): SerializationContext {
    const { namespace, workflowId } = this;
    return activityId === undefined
      ? { type: 'workflow', namespace, workflowId }
      : { type: 'activity', namespace, workflowId, activityId, isLocal: false };
  }
}
