import { keyOf, type BoardStatus, type BoardTask, type Changes, type Snapshot } from '../wire';
import { textOf } from './filters';
import { compareTasks } from './outline';

/** A task with what it is filtered by. */
export interface Entry {
  /** As it is known, its freshness as of now. */
  task: BoardTask;
  /** `textOf` the task. */
  text: string;
}

/** How the page gets its data. `full`: it does not, since as many browsers get it as the board serves. */
export type Link = 'connecting' | 'connected' | 'lost' | 'full' | 'needs-token';

const mayBecomeStale = ({ freshness }: BoardTask) => freshness === 'fresh' || freshness === 'at-risk';
const isSorted = (before: BoardTask | undefined, now: BoardTask) =>
  before !== undefined && compareTasks(before, now) === 0;

/** All that the page knows. */
export class TaskStore {
  /** How true it is; undefined until the server has said so. */
  status?: BoardStatus;
  /** How the page gets its data. */
  link: Link = 'connecting';
  /** Rises with each change of the tasks. */
  version = 0;
  private readonly entries = new Map<string, Entry>();
  private order?: Entry[];
  private readonly listeners = new Set<() => void>();
  /** Of the server's clock before this one's. */
  private ahead = 0;
  private nextDeadline = Infinity;
  /** Tasks from before a snapshot, while the rest of it is on its way and has not named them. */
  private unconfirmed?: Set<string>;
  /** A new line is open: the server begins with a status, and the snapshot comes behind it. */
  private awaitsSnapshot = false;

  /** Epoch seconds by the clock of the server. */
  now(): number {
    return Date.now() / 1000 + this.ahead;
  }

  /** A whole look at all tasks is here: what is not among them is not there. */
  get isWhole(): boolean {
    const hasSnapshot = this.unconfirmed === undefined && !this.awaitsSnapshot;
    return this.version > 0 && this.status?.lookedAt !== undefined && hasSnapshot;
  }

  /** Calls `listener` after each change; what it gives ends that. */
  listen(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** One task. */
  get(key: string): BoardTask | undefined {
    return this.entries.get(key)?.task;
  }

  /** All tasks, by stream, wave, application and name. */
  sorted(): Entry[] {
    return (this.order ??= [...this.entries.values()].sort((a, b) => compareTasks(a.task, b.task)));
  }

  /** A line to the server was opened. The one before may have been cut within a snapshot, which no status ends then. */
  begin(): void {
    this.awaitsSnapshot = true;
  }

  /** Takes in all tasks anew, of which these are the first: those from before stay until the next status, which ends the snapshot. */
  replace({ tasks }: Snapshot): void {
    this.awaitsSnapshot = false;
    this.unconfirmed = new Set(this.entries.keys());
    this.change({ tasks, gone: [] });
  }

  /** Takes in what has changed. */
  change({ tasks, gone }: Changes): void {
    for (const task of tasks) this.put(task);
    for (const key of gone) if (this.entries.delete(key)) this.order = undefined;
    this.version++;
    this.judge();
    this.tell();
  }

  /** Takes in how true the tasks are. */
  setStatus(status: BoardStatus): void {
    if (!this.awaitsSnapshot) this.endSnapshot();
    this.status = status;
    this.ahead = status.now - Date.now() / 1000;
    this.tell();
  }

  private endSnapshot(): void {
    const gone = [...(this.unconfirmed ?? [])];
    this.unconfirmed = undefined;
    if (gone.length > 0) this.change({ tasks: [], gone });
  }

  /** Takes in how the page gets its data. */
  setLink(link: Link): void {
    if (this.link === link) return;
    this.link = link;
    this.tell();
  }

  /** A deadline passes also where nobody says so. */
  judge(): void {
    const now = this.now();
    if (now <= this.nextDeadline) return;
    this.nextDeadline = Infinity;
    for (const entry of this.entries.values()) {
      const { task } = entry;
      if (!task.lastDelivered || !mayBecomeStale(task)) continue;
      if (now > task.lastDelivered.deadline) {
        entry.task = { ...task, freshness: 'stale' };
        this.version++;
      } else this.nextDeadline = Math.min(this.nextDeadline, task.lastDelivered.deadline);
    }
  }

  private put(task: BoardTask): void {
    const key = keyOf(task);
    this.unconfirmed?.delete(key);
    const known = this.entries.get(key);
    if (known && isSorted(known.task, task)) Object.assign(known, { task, text: textOf(task) });
    else {
      this.entries.set(key, { task, text: textOf(task) });
      this.order = undefined;
    }
    if (task.lastDelivered && mayBecomeStale(task))
      this.nextDeadline = Math.min(this.nextDeadline, task.lastDelivered.deadline);
  }

  private tell(): void {
    for (const listener of this.listeners) listener();
  }
}
