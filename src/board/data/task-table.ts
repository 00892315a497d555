import { keyOf, type BoardTask } from '../wire';

/**
 * Characters of the tasks in one event; a single task may have more. A page takes the board for gone where no whole event comes within
 * 30 s: a line needs some 9 kB/s.
 */
const MOST_CHARACTERS = 256 * 1024;

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

  /** What was put since the last time and differs, without the tasks that are not `kept`: JSON of `Changes`, in parts; none where that is nothing. */
  takeChanges(kept?: Set<string>): string[] {
    const gone = kept ? [...this.rows.keys()].filter((key) => !kept.has(key)) : [];
    for (const key of gone) {
      this.rows.delete(key);
      this.changed.delete(key);
    }
    if (this.changed.size + gone.length === 0) return [];
    const [first, ...more] = partsOf(this.changed.values());
    this.changed = new Map();
    return [changesOf(first, gone), ...more.map((rows) => changesOf(rows, []))];
  }

  /** All tasks: JSON of `Snapshot` with some, then JSON of `Changes` with the others. */
  snapshot(): string[] {
    const [first, ...more] = partsOf(this.rows.values());
    return [`{"tasks":[${first.join(',')}]}`, ...more.map((rows) => changesOf(rows, []))];
  }
}

const changesOf = (rows: string[], gone: string[]): string =>
  `{"tasks":[${rows.join(',')}],"gone":${JSON.stringify(gone)}}`;

/** At least one part, be it empty. */
function partsOf(rows: Iterable<string>): [string[], ...string[][]] {
  const parts: [string[], ...string[][]] = [[]];
  let part = parts[0];
  let size = 0;
  for (const row of rows) {
    if (size > 0 && size + row.length > MOST_CHARACTERS) {
      parts.push((part = []));
      size = 0;
    }
    part.push(row);
    size += row.length;
  }
  return parts;
}
