import { readFileSync } from 'node:fs';
import { buffer } from 'node:stream/consumers';
import { cannotRead, CliError } from './cli-error';

/** What a byte order mark says of the encoding; without one it is UTF-8. */
const MARKS: [mark: string, encoding: string][] = [
  ['fffe', 'utf-16le'],
  ['feff', 'utf-16be'],
];

/** The text of a file in UTF-8, or in what its byte order mark says: PowerShell 5.1 writes UTF-16. @throws CliError */
export function readText(file: string): string {
  let bytes: Buffer;
  try {
    bytes = readFileSync(file);
  } catch (error) {
    throw cannotRead(file, error);
  }
  return decoded(bytes, file);
}

/** The same of stdin. */
export const readStdin = async (): Promise<string> => decoded(await buffer(process.stdin), 'stdin');

/** Without the mark. `from`: where the bytes are from. */
function decoded(bytes: Buffer, from: string): string {
  const start = bytes.toString('hex', 0, 2);
  const encoding = MARKS.find(([mark]) => mark === start)?.[1] ?? 'utf-8';
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    throw new CliError(`${from} is no text in ${encoding.toUpperCase()}: save it as UTF-8`);
  }
}
