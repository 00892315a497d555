import { accept, turnAway } from './accept';
import { adopt } from './adopt';
import { fitPayload } from './fit-payload';
import { FORWARD_SECONDS, hasToHandOver, type HandedTask } from './hand-over';
import { hear } from './hear';
import { isTerminal, newestState, newTaskRecord, undeliveredState, type TaskRecord } from './record';
import type { TaskReport } from '../report';
import type { HeartbeatSettings } from './types';
import { toView, type TaskStateView } from './view';

/** What a payload holds with room to spare; beyond it the group's oldest ended tasks leave, then new ones are turned away. */
const MAX_TASKS = 1000;
/** What tasks are closed with when their heartbeat workflow is cancelled. */
export const CANCELLED_DETAIL = 'Cancelled: the heartbeat of this task was cancelled';
/** A task at its end stays so long for attributes that Migration Hub does not take. */
const ATTRIBUTES_SECONDS = 3600;

/**
 * The tasks of one group and what is known of each. No clock, no Temporal: the heartbeat workflow lives by it, and who reads
 * that workflow's history without a worker comes by it to the same answers. Times are epoch seconds.
 */
export class TaskGroup {
  readonly records = new Map<string, TaskRecord>();
  /** Tasks with an activity on its way. */
  readonly busy = new Set<TaskRecord>();
  /** Tasks that lingered out, or were turned away, in this run; the former are part of the result. */
  private readonly left = new Map<string, TaskRecord>();
  private readonly turnedAway = new Map<string, TaskRecord>();

  constructor(
    readonly settings: HeartbeatSettings,
    tasks: TaskRecord[] = [],
  ) {
    for (const record of tasks) this.records.set(record.migrationTaskName, record);
  }

  /** Takes a checked report. Gives why it was refused. */
  take(report: TaskReport, now: number): { refused?: string } {
    const record = this.recordFor(report, now);
    if (!record) return { refused: FULL };
    if (record.handOver) {
      record.handOver.reports.push(report);
      return {};
    }
    return accept(record, report, now) === 'refused' ? { refused: 'its task is terminal' } : {};
  }

  /** Takes tasks that other heartbeat workflows hand over; however full the group is, none of them is turned away. */
  adopt(tasks: HandedTask[], now: number): void {
    for (const { key, record: theirs, reports } of tasks) {
      const name = theirs?.migrationTaskName ?? '';
      // One that left may be told again of what it took in; anything newer begins anew, as a report would.
      if (theirs && !this.left.get(name)?.adopted?.includes(key)) {
        this.records.set(name, adopt(this.records.get(name), theirs, key, now));
        for (const memory of [this.turnedAway, this.left]) memory.delete(name);
      }
      for (const report of reports) hear(this, report, now);
    }
  }

  /** One task, or null; all without a name. Freshness is judged at `now`. */
  view(name: string | null | undefined, now: number): TaskStateView | TaskStateView[] | null {
    if (name === undefined || name === null) return this.ledger(now);
    const record = this.records.get(name) ?? this.turnedAway.get(name) ?? this.left.get(name);
    return record ? toView(record, this.settings.heartbeatFraction, now) : null;
  }

  /** All tasks, those that left included. */
  ledger(now: number): TaskStateView[] {
    const all = fitPayload([...this.records.values(), ...this.left.values()]);
    return all.map((record) => toView(record, this.settings.heartbeatFraction, now));
  }

  /** Tasks of which something may be sent. */
  idle(): TaskRecord[] {
    return this.still().filter(({ handOver }) => !handOver);
  }

  /** Tasks with no activity on its way. */
  still(): TaskRecord[] {
    return [...this.records.values()].filter((record) => !this.busy.has(record));
  }

  hasUndelivered(): boolean {
    return [...this.records.values()].some((record) =>
      record.handOver ? hasToHandOver(record) : undeliveredState(record),
    );
  }

  /** Every task that has not said its end gets FAILED as its end. */
  endOpenTasks(statusDetail: string, now: number): void {
    for (const record of this.records.values()) {
      const { progressUpdateStream, migrationTaskName } = record;
      if (!record.handOver && !isTerminal(newestState(record)?.status))
        accept(record, { progressUpdateStream, migrationTaskName, status: 'FAILED', statusDetail }, now);
    }
  }

  /** When the next task may leave. `movedSince`: since when all tasks are handed over as they come. */
  nextRemovalAt(movedSince?: number): number | undefined {
    return earliest(...[...this.records.values()].map((record) => this.removalAt(record, movedSince)));
  }

  /** Tasks that may leave by `until` do. */
  removeLingered(until: number, movedSince?: number): void {
    for (const [name, record] of this.records) {
      if ((this.removalAt(record, movedSince) ?? Infinity) > until) continue;
      this.records.delete(name);
      remember(this.left, name, record);
    }
  }

  /** When a task may leave: it is at its end or given up, has nothing left to say, and has lingered. */
  private removalAt(record: TaskRecord, movedSince?: number): number | undefined {
    const { terminalAt, abandoned, lastDelivered, resourceAttributes, handOver } = record;
    if (handOver) {
      if (handOver.doneAt === undefined || hasToHandOver(record) || this.busy.has(record)) return undefined;
      // Those who go on reporting here must not keep a workflow open that has nothing left to do.
      return (movedSince ?? handOver.doneAt) + FORWARD_SECONDS;
    }
    const endedAt = terminalAt ?? (abandoned && Math.max(abandoned.at, lastDelivered?.deadline ?? 0));
    if (endedAt === undefined || this.busy.has(record) || undeliveredState(record)) return undefined;
    const { lingerSeconds } = this.settings;
    return endedAt + (resourceAttributes ? Math.max(lingerSeconds, ATTRIBUTES_SECONDS) : lingerSeconds);
  }

  /** The task's record; a new task gets one unless the group is full of open tasks. */
  private recordFor(report: TaskReport, now: number): TaskRecord | undefined {
    const name = report.migrationTaskName;
    const known = this.records.get(name);
    if (known) return known;
    if (this.records.size >= MAX_TASKS) this.removeLingered(this.nextRemovalAt() ?? now);
    if (this.records.size >= MAX_TASKS) {
      remember(this.turnedAway, name, turnAway(report, FULL));
      return undefined;
    }
    const record = newTaskRecord(report);
    this.records.set(name, record);
    for (const memory of [this.turnedAway, this.left]) memory.delete(name);
    return record;
  }
}

const FULL = `its group holds ${MAX_TASKS} open tasks, which is all it can: use more groups`;

/** Adds to the memory of tasks that left, or were turned away; the oldest is forgotten. */
function remember(memory: Map<string, TaskRecord>, name: string, record: TaskRecord): void {
  memory.delete(name);
  memory.set(name, record);
  const [oldest] = memory.keys();
  if (memory.size > MAX_TASKS && oldest !== undefined) memory.delete(oldest);
}

/** The first of the times that are there. */
export const earliest = (...times: (number | undefined)[]): number | undefined =>
  times.reduce((first, at) => (at === undefined || (first !== undefined && first <= at) ? first : at), undefined);
