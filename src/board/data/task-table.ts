import { keyOf, type BoardTask } from '../wire';

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

  /** What was put since the last time and differs, without the tasks that are not `kept`; undefined where that is nothing. JSON of `Changes`. */
  takeChanges(kept?: Set<string>): string | undefined {
    const gone = kept ? [...this.rows.keys()].filter((key) => !kept.has(key)) : [];
    for (const key of gone) {
      this.rows.delete(key);
      this.changed.delete(key);
    }
    if (this.changed.size + gone.length === 0) return undefined;
    const changes = `{"tasks":[${[...this.changed.values()].join(',')}],"gone":${JSON.stringify(gone)}}`;
    this.changed = new Map();
    return changes;
  }

  /** All tasks: JSON of `Snapshot`. */
  snapshot(): string {
    return `{"tasks":[${[...this.rows.values()].join(',')}]}`;
  }
}
