import { invalidInput, resourceNotFound } from './errors';
import { StalenessLedger, type LedgerState } from '../time/staleness-ledger';
import type { Dumped, SeededStore, StoreState } from './store-state';
import type { Associated, Notification, StoredTask, StoredApplication } from './stored-task';
import type { Switches } from './switches';

/** A progress update stream as the store keeps it. */
export interface StoredStream {
  /** The position in the order of creation, from 1; page tokens refer to it. */
  seq: number;
  /** Its tasks by name. */
  tasks: Map<string, StoredTask>;
  /** When its deletion is complete, epoch seconds; undefined when it is not being deleted. */
  goneAt: number | undefined;
}

/** Settings of a store. */
export interface StoreLimits {
  /** How long DeleteProgressUpdateStream takes, in seconds, 0 or more. */
  streamDeletionSeconds: number;
  /** How many updates of a task are kept (the newest), from 1. */
  historyPerTask: number;
}

/** How many updates of all tasks together are kept; above it only the last FEWEST_UPDATES of a task. */
const ALL_UPDATES = 100_000;
const FEWEST_UPDATES = 10;
/** How far ahead UpdateDateTime may be when the switch futureUpdateDateTime is `reject`. */
const FUTURE_SECONDS = 900;
const isTerminal = (status: string) => status === 'COMPLETED' || status === 'FAILED';
const isSame = (a: Notification, b: Notification) =>
  (['status', 'statusDetail', 'progressPercent', 'updateDateTime', 'nextUpdateSeconds'] as const).every(
    (member) => a[member] === b[member],
  );

/** Copies of the entries: what `dump` returned, or `load` was given, does not change with the store. */
const copies = <T extends object>(entries: Iterable<T>): T[] => Array.from(entries, (each) => ({ ...each }));
/** Copies in the order of the list: pages go by `seq`. */
const inOrder = <T extends { seq: number }>(entries: Iterable<T> = []): T[] =>
  copies(entries).sort((a, b) => a.seq - b.seq);

interface NamedStream {
  name: string;
  stream: StoredStream;
}
const tasksOf = ({ stream }: NamedStream) => [...stream.tasks.values()];
const bySeq = (a: StoredTask, b: StoredTask) => a.seq - b.seq;

/** Everything that Migration Hub holds for one account, in memory. */
export class Store {
  private readonly streams = new Map<string, StoredStream>();
  /** Application states by application id. */
  readonly applications = new Map<string, StoredApplication>();
  private seq = 0;
  /** How many updates of all tasks are kept. */
  private updates = 0;

  /** @param now the emulator's clock, epoch seconds */
  constructor(
    private readonly now: () => number,
    private readonly limits: StoreLimits,
    private readonly switches: Switches,
  ) {}

  /** The next position in a list; rises with every call. */
  nextSeq(): number {
    return ++this.seq;
  }

  /** Creates a stream; does nothing when it exists, since the API has no error for that. */
  createStream(name: string): void {
    this.forgetDeleted();
    if (this.streams.has(name)) return;
    this.streams.set(name, { seq: this.nextSeq(), tasks: new Map(), goneAt: undefined });
  }

  /**
   * Begins to delete a stream. Until its deletion is complete, it and its tasks are there, and some writes are refused.
   * @throws MigrationHubError ResourceNotFoundException
   */
  deleteStream(name: string): void {
    const stream = this.streamOf(name);
    this.forgetDeleted();
    stream.goneAt ??= this.now() + this.limits.streamDeletionSeconds;
  }

  /**
   * Creates a task. The switch `reimport` decides whether one that exists keeps its state.
   * @throws MigrationHubError ResourceNotFoundException when the stream does not exist
   */
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

  /**
   * Applies a NotifyMigrationTaskState.
   * @throws MigrationHubError ResourceNotFoundException, or InvalidInputException where a switch is `reject`
   */
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
    this.addUpdate(task, notification);
    if (follows && afterTerminal === 'ignore') return;
    if (before && lateNotification === 'newest-time' && updateDateTime < before.updateDateTime) return;
    task.ledger.notified(this.now(), this.deadlineOf(notification));
    task.last = notification;
  }

  /** Adds a row to the updates of a task, and drops the oldest when there are too many. */
  private addUpdate(task: StoredTask, notification: Notification): void {
    const last = task.updates.at(-1);
    if (last && this.switches.repeatedNotification === 'no-row' && isSame(last, notification)) return;
    const { status, statusDetail, progressPercent, updateDateTime, nextUpdateSeconds } = notification;
    // Members are written out and equal texts shared with the row before, to save memory.
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

  /** When a notification makes its task stale, in epoch seconds; Infinity: never. */
  private deadlineOf({ status, updateDateTime, nextUpdateSeconds }: Notification): number {
    const { terminalStaleness, nextUpdateSecondsZero } = this.switches;
    if (isTerminal(status) && terminalStaleness === 'never-stale') return Infinity;
    if (nextUpdateSeconds === 0 && nextUpdateSecondsZero === 'never-stale') return Infinity;
    return updateDateTime + nextUpdateSeconds;
  }

  /**
   * Checks that no stream of this name is being deleted, as the API reference requires for some writes.
   * @throws MigrationHubError InvalidInputException
   */
  checkNotBeingDeleted(name: string): void {
    if (this.existing(name)?.goneAt !== undefined)
      throw invalidInput(`Progress update stream ${name} is being deleted: try again later.`);
  }

  /**
   * A task.
   * @throws MigrationHubError ResourceNotFoundException when the stream or the task does not exist
   */
  task(stream: string, name: string): StoredTask {
    const task = this.streamOf(stream).tasks.get(name);
    if (!task) throw resourceNotFound(`Migration task ${name} of progress update stream ${stream} does not exist.`);
    return task;
  }

  /** A task; undefined when the stream or the task does not exist. */
  find(stream: string, name: string): StoredTask | undefined {
    return this.existing(stream)?.tasks.get(name);
  }

  /**
   * A stream, also one that is being deleted.
   * @throws MigrationHubError ResourceNotFoundException
   */
  streamOf(name: string): StoredStream {
    const stream = this.existing(name);
    if (!stream) throw resourceNotFound(`Progress update stream ${name} does not exist.`);
    return stream;
  }

  private isDeleted({ goneAt }: StoredStream): boolean {
    return goneAt !== undefined && this.now() >= goneAt;
  }

  /**
   * The stream; undefined when there is none, or when its deletion is complete. It is only hidden then: the clock may go
   * back, and a read is in no state file.
   */
  private existing(name: string): StoredStream | undefined {
    const stream = this.streams.get(name);
    return stream && !this.isDeleted(stream) ? stream : undefined;
  }

  /** Forgets the streams whose deletion is complete. Only for writes: a replay repeats them at the same times. */
  private forgetDeleted(): void {
    for (const [name, stream] of this.streams) {
      if (!this.isDeleted(stream)) continue;
      this.streams.delete(name);
      for (const { updates } of stream.tasks.values()) this.updates -= updates.length;
    }
  }

  /** All tasks in order of first import. */
  tasks(): StoredTask[] {
    return this.allExisting().flatMap(tasksOf).sort(bySeq);
  }

  /** All streams in order of creation, with those that are being deleted. */
  streamList(): { seq: number; name: string }[] {
    return this.allExisting().map(({ name, stream: { seq } }) => ({ seq, name }));
  }

  private all(): NamedStream[] {
    return Array.from(this.streams, ([name, stream]) => ({ name, stream }));
  }

  private allExisting(): NamedStream[] {
    return this.all().filter(({ stream }) => !this.isDeleted(stream));
  }

  /**
   * The content of the store as JSON.
   * @param what whether streams whose deletion is complete are in it, which exist again when the clock goes back
   */
  dump(what: Dumped): StoreState {
    const streams = what === 'all' ? this.all() : this.allExisting();
    const tasks = streams.flatMap(tasksOf).sort(bySeq);
    return {
      streams: streams.map(({ name, stream: { seq, goneAt } }) => ({ name, seq, goneAt })),
      tasks: tasks.map(({ ledger, last, updates, attributes, artifacts, discovered, sources, ...task }) => ({
        ...task,
        last: last ? { ...last } : null,
        updates: copies(updates),
        attributes: copies(attributes),
        artifacts: copies(artifacts.values()),
        discovered: copies(discovered.values()),
        sources: copies(sources.values()),
        ledger: ledger.dump(),
      })),
      applications: copies(this.applications.values()),
    };
  }

  /** The ledger of a task whose state has none: its staleness counts from now on, by its last notification. */
  private ledgerAfter(last: Notification | null | undefined): LedgerState | undefined {
    const deadline = last ? this.deadlineOf(last) : Infinity;
    return deadline === Infinity ? undefined : { deadline, arrivedAt: this.now(), closed: [] };
  }

  /** Replaces the content of the store by a state that `checkEmulatorState` accepted. */
  load({ streams, tasks, applications = [] }: SeededStore): void {
    const byName = (things: Associated[] = []) => new Map(inOrder(things).map((each) => [each.name, each]));
    const seqs = tasks.flatMap(({ seq, updates = [], artifacts = [], discovered = [], sources = [] }) => [
      seq,
      ...[...updates, ...artifacts, ...discovered, ...sources].map((each) => each.seq),
    ]);
    this.seq = [...seqs, ...[...streams, ...applications].map(({ seq }) => seq)].reduce((a, b) => Math.max(a, b), 0);
    this.updates = tasks.reduce((sum, { updates = [] }) => sum + updates.length, 0);
    this.streams.clear();
    this.applications.clear();
    for (const { name, seq, goneAt } of inOrder(streams)) this.streams.set(name, { seq, goneAt, tasks: new Map() });
    for (const application of inOrder(applications)) this.applications.set(application.id, application);
    for (const { ledger, last, artifacts, discovered, sources, ...task } of tasks)
      this.streams.get(task.stream)?.tasks.set(task.name, {
        droppedUpdates: 0,
        notifications: 0,
        ...task,
        attributes: copies(task.attributes ?? []),
        updates: inOrder(task.updates),
        last: last ? { ...last } : undefined,
        artifacts: byName(artifacts),
        discovered: byName(discovered),
        sources: byName(sources),
        ledger: new StalenessLedger(ledger ?? this.ledgerAfter(last)),
      });
  }
}
