import { randomBytes } from 'node:crypto';

// Handed on to processes that the test starts.
process.env['PAYLOAD_KEY'] ??= randomBytes(32).toString('hex');
export { codec as encrypted } from '../../examples/snippets/codec';
