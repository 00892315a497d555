import type { JournalEntry } from './types';

/** The last requests in order of arrival; when it is full the oldest goes and is counted. */
export class Journal {
  private ring: JournalEntry[] = [];
  private added = 0;

  /** @param capacity entries kept; default 200,000 */
  constructor(private readonly capacity = 200_000) {}

  /** Takes an entry; the caller fills in the outcome later on the same object. */
  add(entry: JournalEntry): JournalEntry {
    this.ring[this.added % this.capacity] = entry;
    this.added += 1;
    return entry;
  }

  /** How many entries are kept now. */
  get size(): number {
    return this.ring.length;
  }

  /** How many entries had to go. */
  get dropped(): number {
    return this.added - this.ring.length;
  }

  /** Copies, so that what was read does not change; oldest first. */
  entries({ operation, task }: { operation?: string; task?: string } = {}): JournalEntry[] {
    const start = this.dropped % this.capacity;
    return [...this.ring.slice(start), ...this.ring.slice(0, start)]
      .filter((e) => operation === undefined || e.operation === operation)
      .filter((e) => task === undefined || e.migrationTaskName === task)
      .map((e) => ({ ...e }));
  }

  reset(): void {
    this.ring = [];
    this.added = 0;
  }
}
