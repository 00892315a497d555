import { keyOf, type BoardTask } from '../wire';

/**
 * Bytes of the tasks in one event; a single task may have more. A page takes the board for gone where no whole event comes within 30 s:
 * a line of 9 kB/s will do.
 */
const MOST_BYTES = 256 * 1024;

/** All tasks that are known, as JSON: what a browser gets, and what tells a change. */
export class TaskTable {
  private readonly rows = new Map<string, string>();
  private changed = new Map<string, string>();

  /** How many there are. */
  get size(): number {
    return this.rows.size;
  }

  /** Takes what was read of a task. */
  put(task: BoardTask): void {
    const key = keyOf(task);
    const row = JSON.stringify(task);
    if (this.rows.get(key) === row) return;
    this.rows.set(key, row);
    this.changed.set(key, row);
  }

  /** What was put since the last time and differs, without the tasks that are not kept: JSON of `Changes`, in parts; none where that is nothing. */
  takeChanges(isKept: (key: string) => boolean = () => true): string[] {
    const gone = [...this.rows.keys()].filter((key) => !isKept(key));
    for (const key of gone) {
      this.rows.delete(key);
      this.changed.delete(key);
    }
    const changed = this.changed.values();
    this.changed = new Map();
    return [
      ...partsOf(changed).map((rows) => changesOf(rows)),
      ...partsOf(gone.map((key) => JSON.stringify(key))).map((keys) => changesOf([], keys)),
    ];
  }

  /** All tasks: JSON of `Snapshot` with some, then JSON of `Changes` with the others. */
  snapshot(): string[] {
    const [first = [], ...more] = partsOf(this.rows.values());
    return [`{"tasks":[${first.join(',')}]}`, ...more.map((rows) => changesOf(rows))];
  }
}

const changesOf = (rows: string[], gone: string[] = []): string =>
  `{"tasks":[${rows.join(',')}],"gone":[${gone.join(',')}]}`;

function partsOf(texts: Iterable<string>): string[][] {
  const parts: string[][] = [];
  let size = Infinity;
  for (const text of texts) {
    const bytes = Buffer.byteLength(text);
    if (size + bytes > MOST_BYTES) {
      parts.push([]);
      size = 0;
    }
    parts.at(-1)?.push(text);
    size += bytes;
  }
  return parts;
}
