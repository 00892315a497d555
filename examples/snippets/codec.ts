import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import type { Payload, PayloadCodec } from '@temporalio/common';

const ENCODING = 'binary/encrypted';
const key = () => Buffer.from(process.env['PAYLOAD_KEY'] ?? '', 'hex');
const encodingOf = ({ metadata }: Payload): string => Buffer.from(metadata?.['encoding'] ?? []).toString();

/** What Temporal holds can be read by nobody else. What is not encrypted is let through. */
export const codec: PayloadCodec = {
  encode: (payloads) => Promise.resolve(payloads.map(sealed)),
  decode: (payloads) =>
    Promise.resolve(payloads.map((each) => (encodingOf(each) === ENCODING ? opened(each.data ?? []) : each))),
};

function sealed(payload: Payload): Payload {
  const iv = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', key(), iv);
  const plain = JSON.stringify([encodingOf(payload), Buffer.from(payload.data ?? []).toString('base64')]);
  const text = Buffer.concat([cipher.update(plain), cipher.final()]);
  return { metadata: { encoding: Buffer.from(ENCODING) }, data: Buffer.concat([iv, cipher.getAuthTag(), text]) };
}

function opened(data: Uint8Array | never[]): Payload {
  const bytes = Buffer.from(data);
  const decipher = createDecipheriv('aes-256-gcm', key(), bytes.subarray(0, 12)).setAuthTag(bytes.subarray(12, 28));
  const plain = Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()]).toString();
  const [encoding = '', base64 = ''] = JSON.parse(plain) as string[];
  return { metadata: { encoding: Buffer.from(encoding) }, data: Buffer.from(base64, 'base64') };
}
