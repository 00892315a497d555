import { binaryKind } from './binary';
import type { Lines } from './lines';
import { FileFault } from './place';
import { Utf8Check } from './utf8-check';

const MARKS: [mark: string, encoding: string][] = [
  ['efbbbf', 'utf-8'],
  ['fffe', 'utf-16le'],
  ['feff', 'utf-16be'],
];
/** Bytes that tell what a file is. */
const TELLING = 8;

/** A file's text as UTF-8 without a byte order mark, in pieces; `lines` gets to know it. @throws FileFault where it is no such text */
export async function* decode(
  bytes: AsyncIterable<Uint8Array>,
  encoding: string,
  lines: Lines,
): AsyncGenerator<Buffer, void> {
  let decoder: StrictDecoder | undefined;
  let start = Buffer.alloc(0);
  for await (const piece of bytes) {
    let next = Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength);
    if (!decoder) {
      next = start = Buffer.concat([start, next]);
      if (start.length < TELLING) continue;
      decoder = new StrictDecoder(encodingOf(start, encoding), lines);
    }
    yield decoder.take(next);
  }
  if (!decoder) {
    decoder = new StrictDecoder(encodingOf(start, encoding), lines);
    yield decoder.take(start);
  }
  decoder.end();
}

function encodingOf(start: Buffer, encoding: string): string {
  const kind = binaryKind(start);
  if (kind) throw new FileFault({ line: 1, column: 1 }, kind);
  const hex = start.toString('hex');
  return MARKS.find(([mark]) => hex.startsWith(mark))?.[1] ?? encoding;
}

const NOTHING = Buffer.alloc(0);

class StrictDecoder {
  private readonly decoder: InstanceType<typeof TextDecoder>;
  /** The bytes of a character that the last piece began; known of UTF-8 only. */
  private unfinished: Buffer = NOTHING;
  private taken = 0;
  /** Absent of UTF-8 itself. */
  private readonly utf8?: Utf8Check;

  constructor(
    encoding: string,
    private readonly lines: Lines,
  ) {
    this.decoder = new TextDecoder(encoding, { fatal: true });
    // UTF-16 is not taken for UTF-8: as that it has NUL characters.
    if (!this.decoder.encoding.startsWith('utf-')) this.utf8 = new Utf8Check();
  }

  take(bytes: Buffer): Buffer {
    let text: Buffer;
    try {
      text = Buffer.from(this.decoder.decode(bytes, { stream: true }));
    } catch {
      throw this.faultIn(bytes);
    }
    const nul = text.indexOf(0);
    if (nul !== -1) throw this.nulFault(text.subarray(0, nul));
    if (this.utf8) this.utf8.take(bytes, text, this.lines);
    else this.lines.add(text);
    this.taken += bytes.length;
    if (this.decoder.encoding === 'utf-8') this.unfinished = unfinishedIn(Buffer.concat([this.unfinished, bytes]));
    return text;
  }

  end(): void {
    try {
      this.decoder.decode();
    } catch {
      throw this.faultIn(NOTHING);
    }
    this.utf8?.end(this.decoder.encoding);
  }

  /** Decodes once more, byte by byte, up to the fault. */
  private faultIn(bytes: Buffer): FileFault {
    const { encoding } = this.decoder;
    const decoder = new TextDecoder(encoding, { fatal: true });
    const all = Buffer.concat([this.unfinished, bytes]);
    let text = '';
    let offset = 0; // of the first byte that is not yet part of a whole character
    try {
      for (let at = 0; at < all.length; at++) {
        const next = decoder.decode(all.subarray(at, at + 1), { stream: true });
        text += next;
        if (next !== '') offset = at + 1;
      }
    } catch {
      // `offset` is where it went wrong
    }
    this.lines.add(Buffer.from(text));
    const byte = (all[offset] ?? 0).toString(16).toUpperCase().padStart(2, '0');
    const at = this.taken - this.unfinished.length + offset;
    const mend = 'Save the file as "CSV UTF-8", or name its encoding, for instance with --encoding windows-1252.';
    return new FileFault(this.lines.end, `byte 0x${byte} is not ${encoding.toUpperCase()} (at offset ${at}). ${mend}`);
  }

  private nulFault(before: Buffer): FileFault {
    this.lines.add(before);
    const mend = 'If the file is UTF-16, add --encoding utf-16le, or save it as "CSV UTF-8".';
    return new FileFault(this.lines.end, `there is a NUL character, so the file is not text in this encoding. ${mend}`);
  }
}

/** The bytes at the end of UTF-8 that begin a character and do not end it. */
function unfinishedIn(bytes: Buffer): Buffer {
  for (let length = 1; length <= Math.min(3, bytes.length); length++) {
    const byte = bytes[bytes.length - length] as number;
    if (byte < 0x80) return NOTHING;
    if (byte < 0xc0) continue;
    const whole = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
    return length < whole ? Buffer.from(bytes.subarray(-length)) : NOTHING;
  }
  return NOTHING;
}
