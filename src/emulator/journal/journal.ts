import { isTooDeep } from '../calls/json-depth';
import type { JournalEntry } from '../types';

const DEFAULT_SIZE = 10_000;
const MAX_SIZE = 10_000_000;
/** Longer bodies are cut to this many characters. The longest valid notification fits. */
const BODY_CHARS = 16_384;
/** What all kept bodies may have together; over it the oldest entries go, however few there are. */
const ALL_BODIES_CHARS = 32 * 1024 * 1024;
/** Longer than any valid name. */
const NAME_CHARS = 300;
const SHARED_NAMES = 1000;

/** An entry as it comes in; the outcome is filled in later on the object that `add` answers. */
export type NewEntry = Omit<JournalEntry, 'body' | 'bodyCut'>;
/** An entry as it is kept: the body stays text until somebody reads it, which takes a third of the memory. */
type KeptEntry = NewEntry & { text: string; bodyCut: boolean };

/** The same text in one piece: a part of another text, or one made of many, keeps all of those alive. */
const inOnePiece = (text: string) => Buffer.from(text).toString();
const head = (text: string, chars: number) => (text.length <= chars ? text : inOnePiece(text.slice(0, chars)));

function bodyOf({ text, bodyCut }: KeptEntry): unknown {
  if (bodyCut || isTooDeep(text)) return text;
  try {
    return text === '' ? {} : (JSON.parse(text) as unknown);
  } catch {
    return text;
  }
}

/** The last requests in order of arrival. When there are too many, or their bodies too large, the oldest go and are counted. */
export class Journal {
  /** Entry number n is at n modulo size. */
  private ring: (KeptEntry | undefined)[] = [];
  private first = 0;
  private next = 0;
  private bodyChars = 0;
  private readonly names = new Map<string, string>();

  /** @param capacity entries kept at most, an integer from 1; throws a RangeError for another */
  constructor(private readonly capacity = DEFAULT_SIZE) {
    if (!Number.isInteger(capacity) || capacity < 1 || capacity > MAX_SIZE)
      throw new RangeError(`journalSize must be an integer from 1 to ${MAX_SIZE}, not ${capacity}`);
  }

  /** @param body the body's text as sent */
  add(entry: NewEntry, body: string): NewEntry {
    // Written out: a spread object takes four times the memory.
    const kept: KeptEntry = {
      at: entry.at,
      operation: this.shared(entry.operation),
      progressUpdateStream: this.shared(entry.progressUpdateStream),
      migrationTaskName: entry.migrationTaskName && head(entry.migrationTaskName, NAME_CHARS),
      httpStatus: entry.httpStatus,
      error: entry.error,
      fault: entry.fault,
      requestId: inOnePiece(entry.requestId),
      text: head(body, BODY_CHARS),
      bodyCut: body.length > BODY_CHARS,
    };
    if (this.size === this.capacity) this.dropOldest();
    this.ring[this.next % this.capacity] = kept;
    this.next += 1;
    this.bodyChars += kept.text.length;
    while (this.bodyChars > ALL_BODIES_CHARS) this.dropOldest();
    return kept;
  }

  /** One copy of names that come again and again, as long as there are few. */
  private shared(name: string | null): string | null {
    if (name === null) return null;
    const short = head(name, NAME_CHARS);
    const known = this.names.get(short);
    if (known === undefined && this.names.size < SHARED_NAMES) this.names.set(short, short);
    return known ?? short;
  }

  private dropOldest(): void {
    const at = this.first % this.capacity;
    this.bodyChars -= this.ring[at]?.text.length ?? 0;
    this.ring[at] = undefined;
    this.first += 1;
  }

  /** How many entries are kept now. */
  get size(): number {
    return this.next - this.first;
  }

  /** How many entries had to go. */
  get dropped(): number {
    return this.first;
  }

  /** Copies, so that what was read does not change; oldest first. */
  entries({ operation, task }: { operation?: string; task?: string } = {}): JournalEntry[] {
    const found: JournalEntry[] = [];
    for (let n = this.first; n < this.next; n++) {
      const kept = this.ring[n % this.capacity];
      if (!kept || (operation !== undefined && kept.operation !== operation)) continue;
      if (task !== undefined && kept.migrationTaskName !== task) continue;
      const { text: _text, ...entry } = kept;
      found.push({ ...entry, body: bodyOf(kept) });
    }
    return found;
  }

  reset(): void {
    this.ring = [];
    this.first = 0;
    this.next = 0;
    this.bodyChars = 0;
  }
}
