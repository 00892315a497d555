import {
  defaultPayloadConverter,
  type LoadedDataConverter,
  type Payload,
  type SerializationContext,
} from '@temporalio/common';
import { readablePayloads } from '../readable-payloads';

type Payloads = { payloads?: Payload[] | null } | null | undefined;
type Failure = Parameters<LoadedDataConverter['failureConverter']['failureToError']>[0];

/** Reads what events bring, as the workers read it: with their codecs, which the client then has, too. */
export class PayloadReader {
  private readonly converter: LoadedDataConverter;

  constructor(
    converter: LoadedDataConverter,
    private readonly namespace: string,
    private readonly workflowId: string,
  ) {
    // As `readingAll` in worker/workers.ts: a converter of the user's own knows its encodings.
    const isOwn = converter.payloadConverter !== defaultPayloadConverter;
    this.converter = isOwn
      ? converter
      : { ...converter, payloadCodecs: [readablePayloads, ...converter.payloadCodecs] };
  }

  /** What the workflow was given; with an activity's id, what that activity was given or gave. */
  async values(payloads: Payloads, activityId?: string): Promise<unknown[]> {
    const context = this.contextOf(activityId);
    const decoded = await this.decode(payloads?.payloads ?? [], context);
    return decoded.map((payload) => this.converter.payloadConverter.fromPayload(payload, context));
  }

  /** The failure of an activity, without its details. */
  async error(failure: Failure, activityId: string): Promise<Error> {
    const { encodedAttributes, applicationFailureInfo: application, timeoutFailureInfo: timeout } = failure;
    const context = this.contextOf(activityId);
    const [attributes] = await this.decode(encodedAttributes ? [encodedAttributes] : [], context);
    const plain = {
      ...failure,
      encodedAttributes: attributes,
      cause: undefined,
      applicationFailureInfo: application && { ...application, details: undefined },
      timeoutFailureInfo: timeout && { ...timeout, lastHeartbeatDetails: undefined },
    };
    const { failureConverter, payloadConverter } = this.converter;
    return failureConverter.failureToError(plain, payloadConverter, context);
  }

  /** The last codec decodes first. */
  private async decode(payloads: Payload[], context: SerializationContext): Promise<Payload[]> {
    let decoded = payloads;
    for (const codec of [...this.converter.payloadCodecs].reverse()) decoded = await codec.decode(decoded, context);
    return decoded;
  }

  private contextOf(activityId: string | undefined): SerializationContext {
    const { namespace, workflowId } = this;
    return activityId === undefined
      ? { type: 'workflow', namespace, workflowId }
      : { type: 'activity', namespace, workflowId, activityId, isLocal: false };
  }
}
