import { allHandlersFinished, condition, continueAsNew, log, setHandler, workflowInfo } from '@temporalio/workflow';
import {
  accept,
  attributesDueAt,
  DEFAULT_CONCURRENCY,
  InvalidReportError,
  isTerminal,
  newestState,
  newTaskRecord,
  sendDueAt,
  toView,
  turnAway,
  undeliveredState,
  validateReport,
  type TaskRecord,
  type TaskReport,
  type TaskStateView,
} from '../task-state';
import { reportSignal, stateQuery, type HeartbeatInput } from './definitions';
import { BYTES_AT_ONCE, bytesOf, toBatches } from './batches';
import { fitPayload, fitsPayload } from './fit-payload';
import { attributesRound, notifyRound, registerRound, workflowSeconds } from './rounds';

/** What a payload holds with room to spare; beyond it the group's oldest ended tasks leave, then new ones are turned away. */
const MAX_TASKS = 1000;
/** While a run drains, only tasks with less than this to their deadline are sent: they would be stale before the next run. */
const DRAIN_ROOM_SECONDS = 20;
/** A task at its end stays so long for attributes that Migration Hub does not take. */
const ATTRIBUTES_SECONDS = 3600;
/** A state that fits no payload is tried again after so many further events. */
const EVENTS_UNTIL_NEXT_TRY = 1000;

/** The tasks of one group and the loop that speaks for them. Handlers are set by the constructor, before anything is awaited. */
export class GroupHeartbeat {
  private readonly records = new Map<string, TaskRecord>();
  /** Tasks with a registration or notification on its way. */
  private readonly busy = new Set<TaskRecord>();
  /** Tasks that lingered out, or were turned away, in this run; the former are part of the result. */
  private readonly left = new Map<string, TaskRecord>();
  private readonly turnedAway = new Map<string, TaskRecord>();
  /** Continue-as-new waits for so many events, after a state that fitted no payload. */
  private tooLargeUntil = 0;
  /** Rises with all that may change what is due. */
  private version = 0;
  /** What the current workflow task may still start; its history length tells one from the next. */
  private budget = { historyLength: 0, bytes: 0 };

  constructor(private readonly input: HeartbeatInput) {
    for (const record of input.tasks ?? []) this.records.set(record.migrationTaskName, record);
    setHandler(reportSignal, (report) => this.take(report), { description: 'Takes a report of a migration task' });
    setHandler(stateQuery, (name, now) => this.view(name, now), {
      description: 'What was last reported, and until when it holds',
    });
  }

  /** Runs until no task is left; ends earlier only by continue-as-new or cancellation. */
  async run(): Promise<void> {
    for (;;) {
      this.removeLingered();
      if (this.records.size === 0 && this.busy.size === 0) return;
      const draining = this.isFull();
      if (draining && this.busy.size === 0 && allHandlersFinished()) {
        await this.continueAsNew({});
        continue;
      }
      this.sendDue(draining);
      await this.until(earliest(this.nextSendAt(draining), draining ? undefined : this.nextRemovalAt()));
    }
  }

  /** After cancellation: what is on its way ends, then every task that is not terminal is closed by one FAILED. */
  async close(statusDetail: string): Promise<void> {
    await condition(() => this.busy.size === 0);
    for (;;) {
      this.endOpenTasks(statusDetail);
      if (![...this.records.values()].some(undeliveredState)) {
        // Attributes may still be on their way.
        await condition(() => this.busy.size === 0);
        return;
      }
      if (this.isFull()) {
        await condition(() => this.busy.size === 0);
        await this.continueAsNew({ closing: statusDetail });
      }
      this.sendDue(false);
      await this.until(this.nextSendAt(false));
    }
  }

  private endOpenTasks(statusDetail: string): void {
    const now = workflowSeconds();
    for (const record of this.records.values()) {
      const { progressUpdateStream, migrationTaskName } = record;
      if (!isTerminal(newestState(record)?.status))
        accept(record, { progressUpdateStream, migrationTaskName, status: 'FAILED', statusDetail }, now);
    }
  }

  /** Returns only where the state fits no payload: the server would end the group. */
  private async continueAsNew(more: Partial<HeartbeatInput>): Promise<void> {
    const tasks = fitPayload([...this.records.values()]);
    if (fitsPayload(tasks))
      await continueAsNew<(input: HeartbeatInput) => Promise<unknown>>({ ...this.input, ...more, tasks });
    log.warn('the state of this group is too large to continue as new: use more groups', { tasks: this.records.size });
    this.tooLargeUntil = workflowInfo().historyLength + EVENTS_UNTIL_NEXT_TRY;
  }

  ledger(now = workflowSeconds()): TaskStateView[] {
    const all = fitPayload([...this.records.values(), ...this.left.values()]);
    return all.map((record) => toView(record, this.input.settings.heartbeatFraction, now));
  }

  private take(input: TaskReport): void {
    let report: TaskReport;
    try {
      // Room before the deadline is judged by the caller's worker, and a newer one may know more fields: what was accepted
      // there is not dropped here.
      report = validateReport(input, { heartbeats: false, strict: false });
    } catch (error) {
      // A signal from another language may skip the activity; a wrong one must not end the tasks of its group.
      if (error instanceof InvalidReportError) return log.warn('a report was dropped', { reason: error.message });
      throw error;
    }
    const record = this.recordFor(report);
    if (!record) return;
    if (accept(record, report, workflowSeconds()) === 'refused')
      log.warn('a report was refused: its task is terminal', { migrationTaskName: report.migrationTaskName });
    this.version++;
  }

  /** The task's record; a new task gets one unless the group is full of open tasks. */
  private recordFor(report: TaskReport): TaskRecord | undefined {
    const name = report.migrationTaskName;
    const known = this.records.get(name);
    if (known) return known;
    if (this.records.size >= MAX_TASKS) this.removeLingered(this.nextRemovalAt());
    if (this.records.size >= MAX_TASKS) {
      const reason = `its group holds ${MAX_TASKS} open tasks, which is all it can: use more groups`;
      log.warn('a report was refused', { migrationTaskName: name, reason });
      remember(this.turnedAway, name, turnAway(report, reason));
      return undefined;
    }
    const record = newTaskRecord(report);
    this.records.set(name, record);
    for (const memory of [this.turnedAway, this.left]) memory.delete(name);
    return record;
  }

  private view(name?: string | null, now?: number | null): TaskStateView | TaskStateView[] | null {
    const fraction = this.input.settings.heartbeatFraction;
    const at = now ?? workflowSeconds();
    if (name === undefined || name === null) return this.ledger(at);
    const record = this.records.get(name) ?? this.turnedAway.get(name) ?? this.left.get(name);
    return record ? toView(record, fraction, at) : null;
  }

  private isFull(): boolean {
    const { historyLength, continueAsNewSuggested } = workflowInfo();
    if (historyLength < this.tooLargeUntil) return false;
    return continueAsNewSuggested || historyLength >= this.input.settings.maxHistoryEvents;
  }

  /** Starts a round for what is due, together with heartbeats due within the batch window. */
  private sendDue(draining: boolean): void {
    const { batchSize, batchWindowSeconds } = this.input.settings;
    const now = workflowSeconds();
    const timed = this.idle().map((record) => ({
      record,
      at: this.dueAt(record, draining) ?? Infinity,
      attributesAt: this.attributesAt(record, draining) ?? Infinity,
    }));
    // The window alone never starts a round: something must be due now.
    if (!timed.some(({ at, attributesAt }) => Math.min(at, attributesAt) <= now)) return;
    const isDue = ({ record, at }: (typeof timed)[number]) => {
      const isHeartbeat = !record.pending && !record.unsent;
      return at <= now || (isHeartbeat && record.lastStamp < Math.floor(now) && at <= now + batchWindowSeconds);
    };
    const states = timed.filter(isDue);
    // No status waits for attributes: they go when there is none to send.
    const attributes = timed.filter((each) => each.attributesAt <= now && !states.includes(each));
    // A workflow task may be activated by many signals at once: what it starts is bounded as a whole.
    const { historyLength } = workflowInfo();
    if (historyLength !== this.budget.historyLength) this.budget = { historyLength, bytes: BYTES_AT_ONCE };
    const fitting = (chosen: typeof timed): TaskRecord[] =>
      chosen
        .map(({ record }) => record)
        .filter((record) => {
          if (this.budget.bytes <= 0) return false;
          this.budget.bytes -= bytesOf(record);
          return true;
        });
    const known = fitting(states);
    const unknown = known.filter(({ registered }) => !registered);
    for (const batch of toBatches(unknown, batchSize)) this.start(batch, registerRound);
    for (const batch of toBatches(
      known.filter(({ registered }) => registered),
      batchSize,
    ))
      this.start(batch, notifyRound);
    // Small: a status that comes up meanwhile waits for the round.
    for (const batch of toBatches(fitting(attributes), Math.min(batchSize, DEFAULT_CONCURRENCY)))
      this.start(batch, attributesRound);
  }

  private start(batch: TaskRecord[], round: (records: TaskRecord[]) => Promise<void>): void {
    for (const record of batch) this.busy.add(record);
    void round(batch).finally(() => {
      for (const record of batch) this.busy.delete(record);
      this.version++;
    });
  }

  /** Waits for a report, the end of a round, or a time in epoch seconds. */
  private async until(at: number | undefined): Promise<void> {
    const version = this.version;
    const happened = () => this.version !== version;
    if (at === undefined) await condition(happened);
    else await condition(happened, Math.max(1, Math.ceil((at - workflowSeconds()) * 1000)));
  }

  private idle(): TaskRecord[] {
    return [...this.records.values()].filter((record) => !this.busy.has(record));
  }

  /** When a record is to be sent; while the run drains, only near its deadline. */
  private dueAt(record: TaskRecord, draining: boolean): number | undefined {
    const at = sendDueAt(record, this.input.settings.heartbeatFraction);
    if (!draining || at === undefined) return at;
    const deadline = record.lastDelivered?.deadline ?? 0;
    return deadline > workflowSeconds() ? Math.max(at, deadline - DRAIN_ROOM_SECONDS) : undefined;
  }

  private nextSendAt(draining: boolean): number | undefined {
    return earliest(
      ...this.idle().flatMap((record) => [this.dueAt(record, draining), this.attributesAt(record, draining)]),
    );
  }

  /** When a task's attributes are to be put; they can wait for the next run. */
  private attributesAt(record: TaskRecord, draining: boolean): number | undefined {
    return draining ? undefined : attributesDueAt(record);
  }

  /** When a task may leave: it is at its end, has nothing left to say, and has lingered. */
  private removalAt(record: TaskRecord): number | undefined {
    if (record.terminalAt === undefined || this.busy.has(record) || undeliveredState(record)) return undefined;
    const { lingerSeconds } = this.input.settings;
    return (
      record.terminalAt + (record.resourceAttributes ? Math.max(lingerSeconds, ATTRIBUTES_SECONDS) : lingerSeconds)
    );
  }

  private nextRemovalAt(): number | undefined {
    return earliest(...[...this.records.values()].map((record) => this.removalAt(record)));
  }

  private removeLingered(until = workflowSeconds()): void {
    for (const [name, record] of this.records) {
      if ((this.removalAt(record) ?? Infinity) > until) continue;
      this.records.delete(name);
      remember(this.left, name, record);
    }
  }
}

/** Adds to the memory of tasks that left, or were turned away; the oldest is forgotten. */
function remember(memory: Map<string, TaskRecord>, name: string, record: TaskRecord): void {
  memory.delete(name);
  memory.set(name, record);
  const [oldest] = memory.keys();
  if (memory.size > MAX_TASKS && oldest !== undefined) memory.delete(oldest);
}

const earliest = (...times: (number | undefined)[]): number | undefined =>
  times.reduce((first, at) => (at === undefined || (first !== undefined && first <= at) ? first : at), undefined);
