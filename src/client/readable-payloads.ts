import type { Payload, PayloadCodec } from '@temporalio/common';

const textOf = (bytes: Uint8Array | null | undefined): string => new TextDecoder().decode(bytes ?? new Uint8Array());
const json = (data: Uint8Array | null | undefined): Payload => ({
  metadata: { encoding: new TextEncoder().encode('json/plain') },
  data,
});
/** Takes the place of what can never be read: as a report it is refused, with this as the reason. */
const unreadable = (why: string): Payload => json(new TextEncoder().encode(JSON.stringify(`a payload ${why}`)));

function readable(payload: Payload): Payload {
  switch (textOf(payload.metadata?.['encoding'])) {
    // The JSON form of a protobuf message is JSON.
    case 'json/protobuf':
      return readable(json(payload.data));
    case '':
      return unreadable('without an encoding');
    case 'binary/protobuf':
      return unreadable('in the encoding binary/protobuf');
    case 'json/plain':
      try {
        JSON.parse(textOf(payload.data));
        return payload;
      } catch {
        return unreadable('that is no JSON');
      }
    default:
      return payload;
  }
}

/**
 * What one signal brings must not block the tasks of its whole group: a payload that the SDK's converter would throw on,
 * today and for ever, becomes one that is refused as a report. Other encodings are left alone: a worker that lacks the codec
 * of an encrypted payload must wait for it, and not lose the report.
 */
export const readablePayloads: PayloadCodec = {
  encode: (payloads) => Promise.resolve(payloads),
  decode: (payloads) => Promise.resolve(payloads.map(readable)),
};
