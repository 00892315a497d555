import { allHandlersFinished, condition, continueAsNew, log, setHandler, workflowInfo } from '@temporalio/workflow';
import {
  accept,
  heartbeatDueAt,
  InvalidReportError,
  isTerminal,
  newTaskRecord,
  sendDueAt,
  toView,
  validateReport,
  type TaskRecord,
  type TaskReport,
  type TaskStateView,
} from '../task-state';
import { reportSignal, stateQuery, type HeartbeatInput } from './definitions';
import { notifyRound, registerRound, workflowSeconds } from './rounds';

/** The tasks of one group and the loop that speaks for them. Handlers are set by the constructor, before anything is awaited. */
export class GroupHeartbeat {
  private readonly records = new Map<string, TaskRecord>();
  /** Tasks with a registration or notification on its way. */
  private readonly busy = new Set<TaskRecord>();
  private version = 0;

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
      if (draining && this.busy.size === 0 && allHandlersFinished())
        await continueAsNew<(input: HeartbeatInput) => Promise<unknown>>({
          ...this.input,
          tasks: [...this.records.values()],
        });
      if (!draining) this.sendDue();
      await this.untilSomethingHappens(draining);
    }
  }

  /** After cancellation: what is on its way ends, then every task that is not terminal is closed by one FAILED. */
  async close(statusDetail: string): Promise<void> {
    await condition(() => this.busy.size === 0);
    const now = workflowSeconds();
    for (const record of this.records.values()) {
      if (isTerminal(record.pending?.status ?? record.unsent?.notification.status ?? record.lastDelivered?.status))
        continue;
      accept(
        record,
        {
          ...record,
          status: 'FAILED',
          statusDetail,
          progressPercent: undefined,
          owner: undefined,
          resourceAttributes: undefined,
        },
        now,
      );
    }
    while ([...this.records.values()].some((record) => record.pending ?? record.unsent ?? record.inFlight)) {
      this.sendDue();
      await this.untilSomethingHappens(false);
    }
  }

  ledger(): TaskStateView[] {
    return [...this.records.values(), ...this.left].map((record) =>
      toView(record, this.input.settings.heartbeatFraction, workflowSeconds()),
    );
  }

  /** Tasks that lingered out in this run: part of the result. */
  private readonly left: TaskRecord[] = [];

  private take(input: TaskReport): void {
    let report: TaskReport;
    try {
      report = validateReport(input);
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
    const all = [...this.records.values(), ...this.left];
    if (name === undefined || name === null) return all.map((record) => toView(record, fraction, at));
    const record = all.find((each) => each.migrationTaskName === name);
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
    const due = (record: TaskRecord) => {
      const at = sendDueAt(record, heartbeatFraction);
      if (at === undefined || this.busy.has(record)) return false;
      const isHeartbeat = !record.pending && !record.unsent;
      return at <= now || (isHeartbeat && record.lastStamp < Math.floor(now) && at <= now + batchWindowSeconds);
    };
    const all = [...this.records.values()];
    // The window alone never starts a round: something must be due now.
    if (!all.some((record) => due(record) && (sendDueAt(record, heartbeatFraction) as number) <= now)) return;
    const chosen = all.filter(due);
    for (const batch of chunks(
      chosen.filter((record) => !record.registered),
      batchSize,
    ))
      this.start(batch, registerRound);
    for (const batch of chunks(
      chosen.filter((record) => record.registered),
      batchSize,
    ))
      this.start(batch, notifyRound);
  }

  private start(batch: TaskRecord[], round: (records: TaskRecord[]) => Promise<void>): void {
    for (const record of batch) this.busy.add(record);
    void round(batch).finally(() => {
      for (const record of batch) this.busy.delete(record);
      this.version++;
    });
  }

  private async untilSomethingHappens(draining: boolean): Promise<void> {
    const version = this.version;
    const happened = () => this.version !== version;
    const at = draining ? undefined : this.nextAt();
    if (at === undefined)
      await condition(() => happened() || (draining && this.busy.size === 0 && allHandlersFinished()));
    else await condition(happened, Math.max(1, Math.ceil((at - workflowSeconds()) * 1000)));
  }

  private nextAt(): number | undefined {
    const { heartbeatFraction, lingerSeconds } = this.input.settings;
    let next: number | undefined;
    for (const record of this.records.values()) {
      if (this.busy.has(record)) continue;
      const at =
        sendDueAt(record, heartbeatFraction) ??
        (record.terminalAt === undefined ? undefined : record.terminalAt + lingerSeconds);
      if (at !== undefined && (next === undefined || at < next)) next = at;
    }
    return next;
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

function chunks<T>(items: T[], size: number): T[][] {
  const result: T[][] = [];
  for (let i = 0; i < items.length; i += size) result.push(items.slice(i, i + size));
  return result;
}
