import { keyOf, type BoardStatus, type BoardTask, type Changes, type Snapshot } from '../wire';
import { textOf } from './filters';
import { compareTasks } from './outline';

/** A task with what it is filtered by. */
export interface Entry {
  /** As the board has read it. */
  read: BoardTask;
  /** As it is shown: as it was read, or stale. */
  task: BoardTask;
  /** `textOf` the task. */
  text: string;
}

/** How the page gets its data. `full`: it does not, since as many browsers get it as the board serves. */
export type Link = 'connecting' | 'connected' | 'lost' | 'full' | 'needs-token';

/** Seconds. Looks begin closer together than this: where none has begun so shortly before a deadline, nobody was looking. */
const LOOKED_AFTER = 600;

/** Its deadline has passed, and the look before that found its heartbeat due, but not delivered: one that was due later may have been. */
function isStaleSince(
  lookedAt: number,
  { freshness, lastDelivered, nextHeartbeatAt }: BoardTask,
  now: number,
): boolean {
  if (!lastDelivered || (freshness !== 'fresh' && freshness !== 'at-risk')) return false;
  const { deadline } = lastDelivered;
  return now > deadline && lookedAt >= (nextHeartbeatAt ?? 0) && lookedAt > deadline - LOOKED_AFTER;
}

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
    this.judge();
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

  /** A deadline passes also where nobody says so. Before a look that has read all nothing is foreseen: what is known may be days old. */
  judge(): void {
    const lookedAt = this.isWhole && !this.status?.leftOut ? this.status?.lookedAt : undefined;
    const now = this.now();
    for (const entry of this.entries.values()) {
      const { read, task } = entry;
      const isStale = lookedAt !== undefined && isStaleSince(lookedAt, read, now);
      if (isStale === (task !== read)) continue;
      entry.task = isStale ? { ...read, freshness: 'stale' } : read;
      this.version++;
    }
  }

  private put(task: BoardTask): void {
    const key = keyOf(task);
    this.unconfirmed?.delete(key);
    const known = this.entries.get(key);
    const entry = { read: task, task, text: textOf(task) };
    if (known && isSorted(known.task, task)) Object.assign(known, entry);
    else {
      this.entries.set(key, entry);
      this.order = undefined;
    }
  }

  private tell(): void {
    for (const listener of this.listeners) listener();
  }
}
