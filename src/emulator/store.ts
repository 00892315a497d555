import { resourceNotFound } from './errors';
import { StalenessLedger } from './staleness-ledger';
import type { EmulatorTask } from './types';

/** What one NotifyMigrationTaskState said. */
export interface Notification {
  status: string;
  statusDetail: string | undefined;
  progressPercent: number | undefined;
  /** Epoch seconds, as sent. */
  updateDateTime: number;
  nextUpdateSeconds: number;
}

/** A task as the store keeps it. */
export interface StoredTask {
  /** Place in the order of first import, from 1; what a page token points at. */
  readonly seq: number;
  readonly stream: string;
  readonly name: string;
  last: Notification | undefined;
  attributes: { Type: string; Value: string }[];
  notifications: number;
  readonly ledger: StalenessLedger;
}

const isTerminal = (status: string) => status === 'COMPLETED' || status === 'FAILED';

/** All state of the emulated account, in memory. `now` answers epoch seconds. */
export class Store {
  private readonly streams = new Map<string, { seq: number; tasks: Map<string, StoredTask> }>();
  private seq = 0;

  constructor(private readonly now: () => number) {}

  /** Does nothing when the stream exists: the API has no error for that. */
  createStream(name: string): void {
    if (!this.streams.has(name)) this.streams.set(name, { seq: ++this.seq, tasks: new Map() });
  }

  /** Does nothing when the task exists: its state is kept. */
  importTask(stream: string, name: string): void {
    const tasks = this.streamOf(stream).tasks;
    if (tasks.has(name)) return;
    const ledger = new StalenessLedger();
    tasks.set(name, { seq: ++this.seq, stream, name, last: undefined, attributes: [], notifications: 0, ledger });
  }

  /** The last notification to arrive wins, whatever its UpdateDateTime: AWS documents no other order. */
  notify(stream: string, name: string, notification: Notification): void {
    const task = this.task(stream, name);
    const { status, updateDateTime, nextUpdateSeconds } = notification;
    task.ledger.notified(this.now(), isTerminal(status) ? Infinity : updateDateTime + nextUpdateSeconds);
    task.last = notification;
    task.notifications += 1;
  }

  /** Throws ResourceNotFoundException when the stream or the task is not known. */
  task(stream: string, name: string): StoredTask {
    const task = this.streamOf(stream).tasks.get(name);
    if (!task) throw resourceNotFound(`Migration task ${name} of progress update stream ${stream} does not exist.`);
    return task;
  }

  private streamOf(name: string) {
    const stream = this.streams.get(name);
    if (!stream) throw resourceNotFound(`Progress update stream ${name} does not exist.`);
    return stream;
  }

  /** All tasks in order of first import. */
  tasks(): StoredTask[] {
    return [...this.streams.values()].flatMap(({ tasks }) => [...tasks.values()]).sort((a, b) => a.seq - b.seq);
  }

  /** All streams in order of creation. */
  streamList(): { seq: number; name: string }[] {
    return [...this.streams].map(([name, { seq }]) => ({ seq, name }));
  }

  /** All tasks as the admin door shows them, judged now. */
  snapshot(): EmulatorTask[] {
    const now = this.now();
    return this.tasks().map(({ stream, name, last, attributes, notifications, ledger }) => ({
      progressUpdateStream: stream,
      migrationTaskName: name,
      status: last?.status ?? null,
      progressPercent: last?.progressPercent ?? null,
      statusDetail: last?.statusDetail ?? null,
      updateDateTime: last?.updateDateTime ?? null,
      nextUpdateSeconds: last?.nextUpdateSeconds ?? null,
      deadline: last ? last.updateDateTime + last.nextUpdateSeconds : null,
      ...ledger.at(now),
      notifications,
      attributes: attributes.map(({ Type, Value }) => ({ type: Type, value: Value })),
    }));
  }

  reset(): void {
    this.streams.clear();
  }
}
