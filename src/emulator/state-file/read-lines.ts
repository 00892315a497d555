import { isUtf8 } from 'node:buffer';
import type { FileHandle } from 'node:fs/promises';

const CHUNK = 1024 * 1024;
const NEWLINE = 0x0a;

/** The whole lines of a file, from 1; bytes after the last newline are no line. */
export async function* linesOf(file: FileHandle): AsyncGenerator<{ number: number; text: string; end: number }> {
  let rest: Buffer[] = [];
  let number = 0;
  for (let position = 0; ;) {
    const { bytesRead, buffer } = await file.read(Buffer.alloc(CHUNK), 0, CHUNK, position);
    if (bytesRead === 0) return;
    let from = 0;
    for (let at = buffer.indexOf(NEWLINE); at !== -1 && at < bytesRead; at = buffer.indexOf(NEWLINE, from)) {
      const line = Buffer.concat([...rest, buffer.subarray(from, at)]);
      rest = [];
      from = at + 1;
      // Not UTF-8: shown with replacement characters it might still parse, as something else.
      yield { number: ++number, text: isUtf8(line) ? line.toString() : '', end: position + from };
    }
    rest.push(Buffer.from(buffer.subarray(from, bytesRead)));
    position += bytesRead;
  }
}
