import { allHandlersFinished, condition, continueAsNew, log, setHandler, workflowInfo } from '@temporalio/workflow';
import {
  accept,
  heartbeatDueAt,
  InvalidReportError,
  isTerminal,
  newestState,
  newTaskRecord,
  sendDueAt,
  toView,
  undeliveredState,
  validateReport,
  type TaskRecord,
  type TaskReport,
  type TaskStateView,
} from '../task-state';
import { reportSignal, stateQuery, type HeartbeatInput } from './definitions';
import { BYTES_AT_ONCE, bytesOf, toBatches } from './batches';
import { fitDetails } from './fit-details';
import { notifyRound, registerRound, workflowSeconds } from './rounds';

/** The tasks of one group and the loop that speaks for them. Handlers are set by the constructor, before anything is awaited. */
export class GroupHeartbeat {
  private readonly records = new Map<string, TaskRecord>();
  /** Tasks with a registration or notification on its way. */
  private readonly busy = new Set<TaskRecord>();
  /** Tasks that lingered out in this run: part of the result. */
  private readonly left: TaskRecord[] = [];
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
      if (draining && this.busy.size === 0 && allHandlersFinished()) await this.continueAsNew({});
      if (!draining) this.sendDue();
      await this.untilSomethingHappens(draining);
    }
  }

  /** After cancellation: what is on its way ends, then every task that is not terminal is closed by one FAILED. */
  async close(statusDetail: string): Promise<void> {
    await condition(() => this.busy.size === 0);
    for (;;) {
      this.endOpenTasks(statusDetail);
      if (![...this.records.values()].some(undeliveredState)) return;
      if (this.isFull()) {
        await condition(() => this.busy.size === 0);
        await this.continueAsNew({ closing: statusDetail });
      }
      this.sendDue();
      await this.until(this.nextSendAt());
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

  private async continueAsNew(more: Partial<HeartbeatInput>): Promise<void> {
    const tasks = fitDetails([...this.records.values()]);
    await continueAsNew<(input: HeartbeatInput) => Promise<unknown>>({ ...this.input, ...more, tasks });
  }

  ledger(now = workflowSeconds()): TaskStateView[] {
    const all = fitDetails([...this.records.values(), ...this.left]);
    return all.map((record) => toView(record, this.input.settings.heartbeatFraction, now));
  }

  private take(input: TaskReport): void {
    let report: TaskReport;
    try {
      // Room before the deadline is judged by the caller's worker: a report accepted there is not dropped here.
      report = validateReport(input, { heartbeats: false });
    } catch (error) {
      // A signal from another language may skip the activity; a wrong one must not end the tasks of its group.
      if (error instanceof InvalidReportError) return log.warn('a report was dropped', { reason: error.message });
      throw error;
    }
    const record = this.records.get(report.migrationTaskName) ?? newTaskRecord(report);
    this.records.set(report.migrationTaskName, record);
    if (accept(record, report, workflowSeconds()) === 'refused')
      log.warn('a report was refused: its task is terminal', { migrationTaskName: report.migrationTaskName });
    this.version++;
  }

  private view(name?: string | null, now?: number | null): TaskStateView | TaskStateView[] | null {
    const fraction = this.input.settings.heartbeatFraction;
    const at = now ?? workflowSeconds();
    if (name === undefined || name === null) return this.ledger(at);
    const record = this.records.get(name) ?? this.left.find((each) => each.migrationTaskName === name);
    return record ? toView(record, fraction, at) : null;
  }

  private isFull(): boolean {
    const { historyLength, continueAsNewSuggested } = workflowInfo();
    return continueAsNewSuggested || historyLength >= this.input.settings.maxHistoryEvents;
  }

  /** Starts a round for what is due, together with heartbeats due within the batch window. */
  private sendDue(): void {
    const { heartbeatFraction, batchSize, batchWindowSeconds } = this.input.settings;
    const now = workflowSeconds();
    const idle = [...this.records.values()].filter((record) => !this.busy.has(record));
    const timed = idle.map((record) => ({ record, at: sendDueAt(record, heartbeatFraction) ?? Infinity }));
    // The window alone never starts a round: something must be due now.
    if (!timed.some(({ at }) => at <= now)) return;
    const isDue = ({ record, at }: (typeof timed)[number]) => {
      const isHeartbeat = !record.pending && !record.unsent;
      return at <= now || (isHeartbeat && record.lastStamp < Math.floor(now) && at <= now + batchWindowSeconds);
    };
    const chosen = timed.filter(isDue).map(({ record }) => record);
    // A workflow task may be activated by many signals at once: what it starts is bounded as a whole.
    const { historyLength } = workflowInfo();
    if (historyLength !== this.budget.historyLength) this.budget = { historyLength, bytes: BYTES_AT_ONCE };
    const fitting: TaskRecord[] = [];
    for (const record of chosen) {
      if (this.budget.bytes <= 0) break;
      this.budget.bytes -= bytesOf(record);
      fitting.push(record);
    }
    const batches = (registered: boolean) =>
      toBatches(
        fitting.filter((record) => record.registered === registered),
        batchSize,
      );
    for (const batch of batches(false)) this.start(batch, registerRound);
    for (const batch of batches(true)) this.start(batch, notifyRound);
  }

  private start(batch: TaskRecord[], round: (records: TaskRecord[]) => Promise<void>): void {
    for (const record of batch) this.busy.add(record);
    void round(batch).finally(() => {
      for (const record of batch) this.busy.delete(record);
      this.version++;
    });
  }

  private async untilSomethingHappens(draining: boolean): Promise<void> {
    if (!draining) return this.until(earliest(this.nextSendAt(), this.nextRemovalAt()));
    await condition(() => this.busy.size === 0 && allHandlersFinished());
  }

  /** Waits for a report, the end of a round, or a time in epoch seconds. */
  private async until(at: number | undefined): Promise<void> {
    const version = this.version;
    const happened = () => this.version !== version;
    if (at === undefined) await condition(happened);
    else await condition(happened, Math.max(1, Math.ceil((at - workflowSeconds()) * 1000)));
  }

  private nextSendAt(): number | undefined {
    const idle = [...this.records.values()].filter((record) => !this.busy.has(record));
    return earliest(...idle.map((record) => sendDueAt(record, this.input.settings.heartbeatFraction)));
  }

  private nextRemovalAt(): number | undefined {
    const settled = [...this.records.values()].filter((record) => !this.busy.has(record) && !record.pending);
    return earliest(...settled.map(({ terminalAt }) => terminalAt && terminalAt + this.input.settings.lingerSeconds));
  }

  private removeLingered(): void {
    const now = workflowSeconds();
    for (const [name, record] of this.records) {
      if (record.terminalAt === undefined || record.pending || this.busy.has(record)) continue;
      if (now < record.terminalAt + this.input.settings.lingerSeconds || heartbeatDueAt(record, 1) !== undefined)
        continue;
      this.records.delete(name);
      this.left.push(record);
    }
  }
}

const earliest = (...times: (number | undefined)[]): number | undefined =>
  times.reduce((first, at) => (at === undefined || (first !== undefined && first <= at) ? first : at), undefined);
