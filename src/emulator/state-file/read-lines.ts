import { isUtf8 } from 'node:buffer';
import type { FileHandle } from 'node:fs/promises';

const CHUNK = 1024 * 1024;
const NEWLINE = 0x0a;

/** A line of a file. */
export interface Line {
  /** Its number, from 1. */
  number: number;
  /** Its text without the newline; empty when it is not UTF-8. */
  text: string;
  /** The offset in bytes after its newline. */
  end: number;
}

/** The whole lines of a file. What follows the last newline is left out. */
export async function* linesOf(file: FileHandle): AsyncGenerator<Line> {
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
      // With replacement characters a line that is not UTF-8 might still parse, with another meaning.
      yield { number: ++number, text: isUtf8(line) ? line.toString() : '', end: position + from };
    }
    rest.push(Buffer.from(buffer.subarray(from, bytesRead)));
    position += bytesRead;
  }
}
