import { isTooDeep } from '../calls/json-depth';
import type { FaultName } from '../faults/types';

/** One request to `POST /`, as `GET /_mgh/requests` shows it. */
export interface JournalEntry {
  /** When the whole request had arrived, epoch seconds by the emulator's clock. */
  at: number;
  /** The operation in X-Amz-Target, known or not; null without that header. */
  operation: string | null;
  /** The stream that the input names, if it is a string. */
  progressUpdateStream: string | null;
  /** The task that the input names, if it is a string; its first 300 characters. */
  migrationTaskName: string | null;
  /** The status of the answer; null while the request is not answered, and when it never is. */
  httpStatus: number | null;
  /** The error (`__type`) of the answer; null without an error. */
  error: string | null;
  /** What hit the request: the action of a fault rule, `token-bucket` for the throttle, an outage; else null. */
  fault: FaultName | null;
  /** The JSON body as sent; its text when it was not JSON, or was cut. */
  body: unknown;
  /** Whether the body was cut: `body` is then the first 16384 characters of its text. */
  bodyCut: boolean;
  /** The header x-amzn-requestid of the answer. */
  requestId: string;
}

/** Which entries to return. All given members must match. */
export interface JournalFilter {
  /** The name of an operation. */
  operation?: string;
  /** The name of a migration task. */
  task?: string;
}

const DEFAULT_SIZE = 10_000;
const MAX_SIZE = 10_000_000;
/** Longer bodies are cut to this many characters. The longest valid notification fits. */
const BODY_CHARS = 16_384;
/** The limit of all kept bodies together; above it the oldest entries are dropped, however few there are. */
const ALL_BODIES_CHARS = 32 * 1024 * 1024;
/** Longer names are cut. Valid ones have at most 256 characters. */
const NAME_CHARS = 300;
/** How many different names are shared between entries. */
const SHARED_NAMES = 1000;

/** A new entry. The outcome is set later, on the object that `add` returns. */
export type NewEntry = Omit<JournalEntry, 'body' | 'bodyCut'>;
/** An entry as it is kept. The body is parsed when the entry is read: its text takes a third of the memory. */
type KeptEntry = NewEntry & { text: string; bodyCut: boolean };

/** A copy of a text. A slice or a concatenation would keep the texts it is made of in memory. */
const copyOf = (text: string) => Buffer.from(text).toString();
const head = (text: string, chars: number) => (text.length <= chars ? text : copyOf(text.slice(0, chars)));

function bodyOf({ text, bodyCut }: KeptEntry): unknown {
  if (bodyCut || isTooDeep(text)) return text;
  try {
    return text === '' ? {} : (JSON.parse(text) as unknown);
  } catch {
    return text;
  }
}

/**
 * The last requests in order of arrival. When there are too many, or their bodies are too large, the oldest are dropped
 * and counted.
 */
export class Journal {
  /** Entry number n is at n modulo capacity. */
  private ring: (KeptEntry | undefined)[] = [];
  private first = 0;
  private next = 0;
  private bodyChars = 0;
  private readonly names = new Map<string, string>();

  /**
   * @param capacity how many entries are kept, an integer from 1 to 10000000
   * @default capacity 10000
   * @throws RangeError
   */
  constructor(private readonly capacity = DEFAULT_SIZE) {
    if (!Number.isInteger(capacity) || capacity < 1 || capacity > MAX_SIZE)
      throw new RangeError(`journalSize must be an integer from 1 to ${MAX_SIZE}, not ${capacity}`);
  }

  /**
   * Adds an entry and returns the object on which its outcome is to be set.
   * @param body the body as sent
   */
  add(entry: NewEntry, body: string): NewEntry {
    // Members are written out: a spread object takes four times the memory.
    const kept: KeptEntry = {
      at: entry.at,
      operation: this.shared(entry.operation),
      progressUpdateStream: this.shared(entry.progressUpdateStream),
      migrationTaskName: entry.migrationTaskName && head(entry.migrationTaskName, NAME_CHARS),
      httpStatus: entry.httpStatus,
      error: entry.error,
      fault: entry.fault,
      requestId: copyOf(entry.requestId),
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

  /** The same string object for equal names, as long as there are few different ones. */
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

  /** How many entries were dropped. */
  get dropped(): number {
    return this.first;
  }

  /** Copies of the kept entries, oldest first. */
  entries({ operation, task }: JournalFilter = {}): JournalEntry[] {
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

  /** Forgets all entries and counts. */
  reset(): void {
    this.ring = [];
    this.first = 0;
    this.next = 0;
    this.bodyChars = 0;
  }
}
