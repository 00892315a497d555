import type { Place } from './place';

const LF = 10;
const CR = 13;
/** Starts of lines that were asked past are dropped by so many at once. */
const DROPPED_AT_ONCE = 10_000;

/** Knows on which line a byte of a text stands. The text comes in pieces, as UTF-8; its lines end with LF, CR LF or CR. */
export class Lines {
  /** The offsets at which lines begin, of those lines that may still be asked for. */
  private starts = [0];
  /** The place in `starts` of the line that was asked for last. */
  private current = 0;
  /** How many lines were dropped before `starts[0]`. */
  private dropped = 0;
  private length = 0;
  private afterReturn = false;
  /** Characters after the last line's start. */
  private characters = 0;

  /** The next piece. */
  add(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length; at++) {
      const byte = bytes[at] as number;
      if (this.afterReturn && byte !== LF) this.begin(this.length + at);
      this.afterReturn = byte === CR;
      if (byte === LF) this.begin(this.length + at + 1);
      // A byte that continues a character counts for none.
      else if ((byte & 0xc0) !== 0x80) this.characters++;
    }
    this.length += bytes.length;
  }

  private begin(offset: number): void {
    this.starts.push(offset);
    this.characters = 0;
  }

  /** The line of the byte at `offset`; it must not go back from call to call. */
  lineAt(offset: number): number {
    while ((this.starts[this.current + 1] ?? Infinity) <= offset) this.current++;
    if (this.current > DROPPED_AT_ONCE) {
      this.starts = this.starts.slice(this.current);
      this.dropped += this.current;
      this.current = 0;
    }
    return this.dropped + this.current + 1;
  }

  /** Behind all that was added. */
  get end(): Place {
    return { line: this.dropped + this.starts.length, column: this.characters + 1 };
  }
}
