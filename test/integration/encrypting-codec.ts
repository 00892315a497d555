import { randomBytes } from 'node:crypto';

// Handed on to processes that the test starts.
process.env['PAYLOAD_KEY'] ??= randomBytes(32).toString('hex');
export { codec as encrypted } from '../../examples/snippets/codec';

/** All that whoever sees a history can read in it. */
export function textsIn(value: unknown): string[] {
  if (value instanceof Uint8Array) return [Buffer.from(value).toString()];
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : [];
}
