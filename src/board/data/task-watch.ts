import type { Client } from '@temporalio/client';
import { bounded } from '../../async/bounded';
import { whyOf } from '../../client/heartbeat-workflows';
import { parseHeartbeatId } from '../../client/heartbeat-lists';
import { looksAt } from '../../client/task-lists';
import { namesIn } from '../../report/names-in';
import { keyOf, type BoardStatus } from '../wire';
import { boardTask } from './board-task';
import { pauseAfter } from './look-pause';
import type { TaskTable } from './task-table';
import { unservedQueues } from './unserved-queues';

/** What is read amid a look is told this often. */
const TELL_MS = 500;
/** Once an hour a look reads also what had ended before, and finds what Temporal has forgotten. */
const READ_ALL_MS = 3_600_000;
const QUEUES_MS = 10_000;

/** Whom the watch tells. */
export interface Listener {
  /** JSON of `Changes`. */
  onChanges(changes: string): void;
  /** How true the table is. */
  onStatus(status: BoardStatus): void;
}

/** Keeps a table of all tasks true by one look after the other, while somebody wants it. */
export class TaskWatch {
  private readonly ending = new AbortController();
  private status: Omit<BoardStatus, 'now'>;
  private running?: Promise<void>;
  private wake = (): void => undefined;
  private told = 0;

  constructor(
    private readonly client: Client,
    private readonly table: TaskTable,
    private readonly listener: Listener,
    /** Whether somebody wants the table to be true. */
    private readonly isWatched: () => boolean,
  ) {
    this.status = { namespace: client.options.namespace };
  }

  /** How true the table is now. */
  statusNow(): BoardStatus {
    return { now: Date.now() / 1000, ...this.status };
  }

  /** Somebody has come. */
  begin(): void {
    this.running ??= this.run();
    this.wake();
  }

  /** Ends it, also amid a look. */
  async end(): Promise<void> {
    this.ending.abort();
    this.wake();
    await this.running;
  }

  private async run(): Promise<void> {
    const { signal } = this.ending;
    let look = looksAt(this.client);
    let readAllAt = -Infinity;
    while (!signal.aborted) {
      if (!this.isWatched()) await this.untilWatched();
      const began = performance.now();
      const readsAll = began - readAllAt > READ_ALL_MS;
      if (readsAll) look = looksAt(this.client);
      const isDone = await this.look(look, readsAll);
      if (isDone && readsAll) readAllAt = began;
      const pause = pauseAfter(performance.now() - began);
      await bounded(pause, signal, () => new Promise(() => undefined)).catch(() => undefined);
    }
  }

  /** Whoever comes then may come days later: that nothing has been looked at anew is told, not what was true before. */
  private async untilWatched(): Promise<void> {
    this.status = { namespace: this.status.namespace };
    await new Promise<void>((resolve) => (this.wake = resolve));
  }

  /** True where all could be read. */
  private async look(look: ReturnType<typeof looksAt>, readsAll: boolean): Promise<boolean> {
    const { signal } = this.ending;
    const began = Date.now() / 1000;
    const seen = new Set<string>();
    const leftOut = new Map<string, string>();
    this.told = performance.now();
    try {
      for await (const state of look(signal, (workflowId, why) => leftOut.set(workflowId, why))) {
        const task = boardTask(state);
        this.table.put(task);
        if (readsAll) seen.add(keyOf(task));
        if (performance.now() - this.told > TELL_MS) this.tellChanges();
      }
      // What could not be read is not gone.
      const streams = new Set([...leftOut.keys()].map((id) => parseHeartbeatId(id)?.stream ?? ''));
      const isKept = (key: string) => seen.has(key) || streams.has(key.split(':', 1)[0] ?? '');
      this.tellChanges(readsAll ? isKept : undefined);
      const [why] = leftOut.values();
      this.status.leftOut = why === undefined ? undefined : { workflowIds: namesIn([...leftOut.keys()].sort()), why };
      this.status.lookedAt = began;
      this.status.lookSeconds = Date.now() / 1000 - began;
      this.status.unreadable = undefined;
    } catch (error) {
      if (signal.aborted) return false;
      this.tellChanges();
      this.status.unreadable = { since: this.status.unreadable?.since ?? began, why: whyOf(error) };
    }
    await this.askQueues();
    if (!signal.aborted) this.listener.onStatus(this.statusNow());
    return this.status.unreadable === undefined;
  }

  /** One that may not be asked tells nothing of its pollers. */
  private async askQueues(): Promise<void> {
    const ask = (signal: AbortSignal) =>
      this.client.withAbortSignal(signal, () => unservedQueues(this.client, Date.now() / 1000));
    this.status.unserved = await bounded(QUEUES_MS, this.ending.signal, ask).catch(() => undefined);
  }

  private tellChanges(isKept?: (key: string) => boolean): void {
    this.told = performance.now();
    for (const changes of this.table.takeChanges(isKept)) this.listener.onChanges(changes);
  }
}
