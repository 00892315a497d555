import type { Lines } from './lines';
import { FileFault, type Place } from './place';

const ASCII_END = 0x80;

/**
 * Finds UTF-8 that is read in another encoding: most encodings take any bytes, and `Müller` would be `MÃ¼ller` without a word. What is
 * valid UTF-8 and more than ASCII is text in another encoding only by a rare chance.
 */
export class Utf8Check {
  /** Undefined once something was not UTF-8. */
  private utf8: InstanceType<typeof TextDecoder> | undefined = new TextDecoder('utf-8', { fatal: true });
  /** The first character that is not ASCII. */
  private place?: Place;

  /** The next bytes, and what they are in the other encoding, which `lines` gets. */
  take(bytes: Buffer, text: Buffer, lines: Lines): void {
    try {
      this.utf8?.decode(bytes, { stream: true });
    } catch {
      this.utf8 = undefined;
    }
    // An encoding may write any character in bytes that are ASCII (ISO-2022-JP).
    const isTelling = this.utf8 && !this.place && bytes.some((byte) => byte >= ASCII_END);
    const at = isTelling ? text.findIndex((byte) => byte >= ASCII_END) : -1;
    if (at === -1) return lines.add(text);
    lines.add(text.subarray(0, at));
    this.place = lines.end;
    lines.add(text.subarray(at));
  }

  /** @throws FileFault if the whole file is UTF-8 */
  end(encoding: string): void {
    try {
      this.utf8?.decode();
    } catch {
      return;
    }
    if (!this.utf8 || !this.place) return;
    const mend = 'Save it as "CSV UTF-8" (with a byte order mark, which decides before --encoding)';
    throw new FileFault(
      this.place,
      `the file is UTF-8, but is to be read as ${encoding}. ${mend}, or leave out --encoding if no file needs it.`,
    );
  }
}
