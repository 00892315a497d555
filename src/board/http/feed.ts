import { Readable } from 'node:stream';
import { MOST_BROWSERS } from '../wire';

/** What may wait for a browser, beyond what it got when it came. */
const MOST_BYTES_BEHIND = 4 * 1024 * 1024;

/** One event of a stream of server-sent events. `data` is JSON, which has no line end. */
export const eventOf = (name: string, data: string): string => `event: ${name}\ndata: ${data}\n\n`;

/** The browsers that are connected, and what they are sent: server-sent events. */
export class Feed {
  /** Each with the bytes of its first chunk, as long as that waits. */
  private readonly browsers = new Map<Readable, number>();

  /** How many are connected. */
  get size(): number {
    return this.browsers.size;
  }

  /** Another browser would be one too many. */
  get isFull(): boolean {
    return this.size >= MOST_BROWSERS;
  }

  /** Another browser: the stream that it gets, beginning with `hello`; undefined where there are too many. */
  join(hello: string): Readable | undefined {
    if (this.isFull) return undefined;
    const first = Buffer.from(hello);
    const browser = new Readable({ read: () => undefined });
    browser.once('close', () => this.browsers.delete(browser));
    browser.push(first);
    this.browsers.set(browser, first.length);
    return browser;
  }

  /** To all. One that has too much waiting is dropped: it connects again, and gets a new snapshot. */
  send(event: string): void {
    const bytes = Buffer.from(event);
    for (const [browser, first] of this.browsers) {
      const waiting = browser.readableLength;
      const allowed = waiting < first ? 0 : first;
      if (allowed !== first) this.browsers.set(browser, allowed);
      if (waiting > allowed + MOST_BYTES_BEHIND) browser.destroy();
      else browser.push(bytes);
    }
  }

  /** Ends all streams. */
  close(): void {
    for (const browser of this.browsers.keys()) browser.destroy();
  }
}
