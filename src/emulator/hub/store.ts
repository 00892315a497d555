import { invalidInput, resourceNotFound } from './errors';
import { StalenessLedger, type LedgerState } from '../time/staleness-ledger';
import type { SeededStore, StoreState } from './store-state';
import type { Switches } from './switches';

/** What one NotifyMigrationTaskState said. */
export interface Notification {
  status: string;
  statusDetail: string | undefined;
  progressPercent: number | undefined;
  /** Epoch seconds, as sent. */
  updateDateTime: number;
  nextUpdateSeconds: number;
}

/** A row of ListMigrationTaskUpdates; `seq` is what a page token points at. */
export type Update = Notification & { seq: number };

/** Something associated with a task, by its name or id. */
export interface Associated {
  seq: number;
  name: string;
  description: string | undefined;
  statusDetail?: string | undefined;
}

/** A task as the store keeps it. */
export interface StoredTask {
  /** Place in the order of first import, from 1; what a page token points at. */
  readonly seq: number;
  readonly stream: string;
  readonly name: string;
  /** What Describe answers; not always the last to arrive. */
  last: Notification | undefined;
  updates: Update[];
  /** Updates that had to go because there were too many. */
  droppedUpdates: number;
  attributes: { Type: string; Value: string }[];
  readonly artifacts: Map<string, Associated>;
  readonly discovered: Map<string, Associated>;
  readonly sources: Map<string, Associated>;
  notifications: number;
  ledger: StalenessLedger;
}

interface Stream {
  seq: number;
  tasks: Map<string, StoredTask>;
  /** Epoch seconds at which its deletion is done; undefined while it lives. */
  goneAt: number | undefined;
}

export interface StoredApplication {
  seq: number;
  id: string;
  status: string;
  /** Epoch seconds. */
  lastUpdatedTime: number;
}

export interface StoreLimits {
  /** How long DeleteProgressUpdateStream takes, in seconds. */
  streamDeletionSeconds: number;
  /** Updates kept of a task, the newest. */
  historyPerTask: number;
}

/** Updates kept of all tasks together, as long as each has its fewest. */
const ALL_UPDATES = 100_000;
const FEWEST_UPDATES = 10;
const FUTURE_SECONDS = 900;
const isTerminal = (status: string) => status === 'COMPLETED' || status === 'FAILED';
const isSame = (a: Notification, b: Notification) =>
  (['status', 'statusDetail', 'progressPercent', 'updateDateTime', 'nextUpdateSeconds'] as const).every(
    (member) => a[member] === b[member],
  );

/** All state of one account, in memory. `now` answers epoch seconds. */
export class Store {
  private readonly streams = new Map<string, Stream>();
  readonly applications = new Map<string, StoredApplication>();
  private seq = 0;
  /** Updates of all tasks together. */
  private updates = 0;

  constructor(
    private readonly now: () => number,
    private readonly limits: StoreLimits,
    private readonly switches: Switches,
  ) {}

  nextSeq(): number {
    return ++this.seq;
  }

  /** Does nothing when the stream exists: the API has no error for that. */
  createStream(name: string): void {
    if (this.liveStream(name)) return;
    this.streams.set(name, { seq: this.nextSeq(), tasks: new Map(), goneAt: undefined });
  }

  /** The stream and its tasks are gone after a while; until then they can be read, but not written. */
  deleteStream(name: string): void {
    const stream = this.streamOf(name);
    stream.goneAt ??= this.now() + this.limits.streamDeletionSeconds;
  }

  /** Does nothing when the task exists and its state is to be kept. */
  importTask(stream: string, name: string): void {
    const { tasks } = this.streamOf(stream);
    const known = tasks.get(name);
    if (known && this.switches.reimport === 'keep') return;
    this.updates -= known?.updates.length ?? 0;
    tasks.set(name, {
      seq: known?.seq ?? this.nextSeq(),
      stream,
      name,
      last: undefined,
      updates: [],
      droppedUpdates: 0,
      attributes: [],
      artifacts: new Map(),
      discovered: new Map(),
      sources: new Map(),
      notifications: 0,
      ledger: new StalenessLedger(),
    });
  }

  notify(stream: string, name: string, notification: Notification): void {
    const task = this.task(stream, name);
    const { afterTerminal, lateNotification, futureUpdateDateTime, nextUpdateSecondsZero } = this.switches;
    const { status, updateDateTime, nextUpdateSeconds } = notification;
    const before = task.last;
    if (nextUpdateSeconds === 0 && nextUpdateSecondsZero === 'reject')
      throw invalidInput('NextUpdateSeconds must be above 0.');
    if (futureUpdateDateTime === 'reject' && updateDateTime > this.now() + FUTURE_SECONDS)
      throw invalidInput('UpdateDateTime is in the future.');
    const follows = before !== undefined && isTerminal(before.status) && !isTerminal(status);
    if (follows && afterTerminal === 'reject')
      throw invalidInput(`Migration task ${name} is ${before.status} already.`);
    task.notifications += 1;
    this.remember(task, notification);
    if (follows && afterTerminal === 'ignore') return;
    if (before && lateNotification === 'newest-time' && updateDateTime < before.updateDateTime) return;
    task.ledger.notified(this.now(), this.deadlineOf(notification));
    task.last = notification;
  }

  private remember(task: StoredTask, notification: Notification): void {
    const last = task.updates.at(-1);
    if (last && this.switches.repeatedNotification === 'no-row' && isSame(last, notification)) return;
    const { status, statusDetail, progressPercent, updateDateTime, nextUpdateSeconds } = notification;
    // Written out, and with texts that are the same as before shared: there are many of these.
    task.updates.push({
      status: last?.status === status ? last.status : status,
      statusDetail: last && last.statusDetail === statusDetail ? last.statusDetail : statusDetail,
      progressPercent,
      updateDateTime,
      nextUpdateSeconds,
      seq: this.nextSeq(),
    });
    this.updates += 1;
    const most =
      this.updates > ALL_UPDATES ? Math.min(FEWEST_UPDATES, this.limits.historyPerTask) : this.limits.historyPerTask;
    while (task.updates.length > most) {
      task.updates.shift();
      task.droppedUpdates += 1;
      this.updates -= 1;
    }
  }

  /** When the task becomes stale, in epoch seconds; Infinity: never. */
  private deadlineOf({ status, updateDateTime, nextUpdateSeconds }: Notification): number {
    const { terminalStaleness, nextUpdateSecondsZero } = this.switches;
    if (isTerminal(status) && terminalStaleness === 'never-stale') return Infinity;
    if (nextUpdateSeconds === 0 && nextUpdateSecondsZero === 'never-stale') return Infinity;
    return updateDateTime + nextUpdateSeconds;
  }

  /** Throws InvalidInputException while a stream of this name is being deleted, as documented for writes. */
  checkNotBeingDeleted(name: string): void {
    if (this.liveStream(name)?.goneAt !== undefined)
      throw invalidInput(`Progress update stream ${name} is being deleted: try again later.`);
  }

  /** Throws ResourceNotFoundException when the stream or the task is not known. */
  task(stream: string, name: string): StoredTask {
    const task = this.streamOf(stream).tasks.get(name);
    if (!task) throw resourceNotFound(`Migration task ${name} of progress update stream ${stream} does not exist.`);
    return task;
  }

  /** The task, if both are known. */
  find(stream: string, name: string): StoredTask | undefined {
    return this.liveStream(stream)?.tasks.get(name);
  }

  /** Throws ResourceNotFoundException when the stream is not known. */
  streamOf(name: string): Stream {
    const stream = this.liveStream(name);
    if (!stream) throw resourceNotFound(`Progress update stream ${name} does not exist.`);
    return stream;
  }

  private liveStream(name: string): Stream | undefined {
    const stream = this.streams.get(name);
    if (stream?.goneAt === undefined || this.now() < stream.goneAt) return stream;
    this.streams.delete(name);
    for (const { updates } of stream.tasks.values()) this.updates -= updates.length;
    return undefined;
  }

  /** All tasks in order of first import. */
  tasks(): StoredTask[] {
    return this.live()
      .flatMap(({ stream }) => [...stream.tasks.values()])
      .sort((a, b) => a.seq - b.seq);
  }

  /** All streams in order of creation, also those being deleted. */
  streamList(): { seq: number; name: string }[] {
    return this.live().map(({ name, stream: { seq } }) => ({ seq, name }));
  }

  private live(): { name: string; stream: Stream }[] {
    return [...this.streams.keys()].flatMap((name) => {
      const stream = this.liveStream(name);
      return stream ? [{ name, stream }] : [];
    });
  }

  dump(): StoreState {
    const values = <T>(map: Map<string, T>) => [...map.values()];
    return {
      streams: this.live().map(({ name, stream: { seq, goneAt } }) => ({ name, seq, goneAt })),
      tasks: this.tasks().map(({ ledger, last, artifacts, discovered, sources, ...task }) => ({
        ...task,
        last: last ?? null,
        artifacts: values(artifacts),
        discovered: values(discovered),
        sources: values(sources),
        ledger: ledger.dump(),
      })),
      applications: values(this.applications),
    };
  }

  /** A hand-written state may leave the ledger out: the task is then judged by what was last notified, from now on. */
  private ledgerAfter(last: Notification | null | undefined): LedgerState | undefined {
    const deadline = last ? this.deadlineOf(last) : Infinity;
    return deadline === Infinity ? undefined : { deadline, arrivedAt: this.now(), closed: [] };
  }

  /** Takes a state that was checked in place of its own. */
  load({ streams, tasks, applications = [] }: SeededStore): void {
    const byName = (things: Associated[] = []) => new Map(things.map((each) => [each.name, { ...each }]));
    const seqs = tasks.flatMap(({ seq, updates = [], artifacts = [], discovered = [], sources = [] }) => [
      seq,
      ...[...updates, ...artifacts, ...discovered, ...sources].map((each) => each.seq),
    ]);
    this.seq = [...seqs, ...[...streams, ...applications].map(({ seq }) => seq)].reduce((a, b) => Math.max(a, b), 0);
    this.updates = tasks.reduce((sum, { updates = [] }) => sum + updates.length, 0);
    this.streams.clear();
    this.applications.clear();
    for (const { name, seq, goneAt } of streams) this.streams.set(name, { seq, goneAt, tasks: new Map() });
    for (const application of applications) this.applications.set(application.id, { ...application });
    for (const { ledger, last, artifacts, discovered, sources, ...task } of tasks)
      this.streams.get(task.stream)?.tasks.set(task.name, {
        droppedUpdates: 0,
        notifications: 0,
        ...task,
        attributes: task.attributes ?? [],
        updates: (task.updates ?? []).map((update) => ({ ...update })),
        last: last ?? undefined,
        artifacts: byName(artifacts),
        discovered: byName(discovered),
        sources: byName(sources),
        ledger: new StalenessLedger(ledger ?? this.ledgerAfter(last)),
      });
  }
}
