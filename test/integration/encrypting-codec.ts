import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import type { Payload, PayloadCodec } from '@temporalio/common';

const KEY = randomBytes(32);
/** A codec as users write them: what Temporal holds can be read by nobody else. What is not encrypted is let through. */
export const encrypted: PayloadCodec = {
  encode: (payloads) =>
    Promise.resolve(
      payloads.map(({ metadata, data }) => {
        const iv = randomBytes(16);
        const cipher = createCipheriv('aes-256-cbc', KEY, iv);
        const encoding = Buffer.from(metadata?.['encoding'] ?? []).toString();
        const plain = JSON.stringify({ encoding, data: Buffer.from(data ?? []).toString('base64') });
        const sealed = Buffer.concat([iv, cipher.update(plain), cipher.final()]);
        return { metadata: { encoding: Buffer.from('binary/encrypted') }, data: sealed };
      }),
    ),
  decode: (payloads) => Promise.resolve(payloads.map(opened)),
};

function opened(payload: Payload): Payload {
  if (Buffer.from(payload.metadata?.['encoding'] ?? []).toString() !== 'binary/encrypted') return payload;
  const sealed = Buffer.from(payload.data ?? []);
  const decipher = createDecipheriv('aes-256-cbc', KEY, sealed.subarray(0, 16));
  const plain = Buffer.concat([decipher.update(sealed.subarray(16)), decipher.final()]).toString();
  const { encoding, data } = JSON.parse(plain) as { encoding: string; data: string };
  return { metadata: { encoding: Buffer.from(encoding) }, data: Buffer.from(data, 'base64') };
}
