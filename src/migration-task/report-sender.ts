import {
  ActivityFailure,
  CancellationScope,
  condition,
  isCancellation,
  log,
  proxyActivities,
  TimeoutFailure,
} from '@temporalio/workflow';
import type { ReportActivities } from '../activities';
import { stateSummary, TASK_QUEUE, type TaskIdentity, type TaskReport } from '../report';
import { isTerminal, type ReportKey } from '../task-state';

/** Of an activity that brings something to the heartbeat workflow: tried until a worker takes it. */
export const UNTIL_TAKEN = {
  taskQueue: TASK_QUEUE,
  startToCloseTimeout: 10_000,
  retry: { initialInterval: 500, backoffCoefficient: 2, maximumInterval: 10_000 },
};

/** Times out by the activity's own timeout, so that a report costs no timer; without `seconds` it is tried until it is given up. */
const reportActivities = (report: Report, seconds?: number) =>
  proxyActivities<ReportActivities>({
    ...UNTIL_TAKEN,
    summary: stateSummary(report),
    ...(seconds !== undefined && { scheduleToCloseTimeout: seconds * 1000 }),
  });

/** Wrong reports of which it is remembered why. */
const REMEMBERED_DROPS = 100;

type Report = TaskReport & { owner: NonNullable<TaskReport['owner']> };

interface Waiting {
  report: Report;
  seconds: number;
}

/** Carries reports of one task to its heartbeat workflow: at most one on its way, the newest waits behind it. */
export class ReportSender {
  /** More than one only where a terminal report waits: nothing replaces that. */
  private readonly queue: Waiting[] = [];
  private running = false;
  /** The newest report that was accepted, under the key it was accepted with. */
  accepted?: ReportKey;
  /** Highest sequence whose caller has waited long enough, or was told. */
  private ended = 0;
  /** Why reports were not taken for another reason than time, by their sequence; the newest ones. */
  readonly dropped = new Map<number, unknown>();
  /** What it allowed holds for the next report. */
  private inherited?: Report;
  /** Ends an attempt whose caller no longer waits. */
  private giveUp?: () => void;

  /**
   * Resolves when this report or a newer one was accepted (true), or when its time ran out (false): it is then still carried,
   * until it arrives or a newer one takes its place.
   * Rejects on cancellation, and with the failure of a report that was dropped, such as `InvalidReport` where the worker's check
   * refuses it.
   */
  async send(report: Report, seconds: number): Promise<boolean> {
    const { sequence } = report.owner;
    this.enqueue({ report, seconds });
    this.giveUp?.();
    // An attempt ends by its own timeout; only who waits behind another one needs a timer.
    const limit = this.running ? seconds : undefined;
    // The carrying outlives a cancelled caller: a report never disappears.
    if (!this.running) void CancellationScope.nonCancellable(() => this.carry());
    return this.sent(sequence, limit, stateSummary(report, ': time to wait for its acceptance'));
  }

  /** As `send`, of a report that was sent already. `summary`: of the timer. */
  async sent(sequence: number, seconds?: number, summary?: string): Promise<boolean> {
    const isOver = () => this.ended >= sequence;
    if (seconds === undefined) await condition(isOver);
    else await condition(isOver, seconds * 1000, { summary });
    if (this.dropped.has(sequence)) throw this.dropped.get(sequence);
    return (this.accepted?.sequence ?? 0) >= sequence;
  }

  /** Says in the log that a report is wrong, and why. */
  drop(report: Report, why: unknown): void {
    const { sequence } = report.owner;
    this.dropped.set(sequence, why);
    const [oldest] = this.dropped.keys();
    if (this.dropped.size > REMEMBERED_DROPS && oldest !== undefined) this.dropped.delete(oldest);
    log.warn(`a report was dropped: ${describe(why)}`, forLog(report));
  }

  /** Nothing is on its way or waiting. */
  get isIdle(): boolean {
    return !this.running;
  }

  /** Resolves when nothing is on its way or waiting, or after `seconds`. */
  async idle(seconds: number): Promise<void> {
    if (this.running)
      await condition(() => !this.running, seconds * 1000, { summary: 'time to wait for reports on their way' });
  }

  private enqueue(waiting: Waiting): void {
    const last = this.queue.at(-1);
    if (last && !isTerminal(last.report.status)) {
      this.queue.pop();
      inherit(waiting.report, last.report);
    }
    if (this.inherited) inherit(waiting.report, this.inherited);
    this.inherited = undefined;
    this.queue.push(waiting);
  }

  private async carry(): Promise<void> {
    this.running = true;
    for (let next = this.queue.shift(); next; next = this.queue.shift()) {
      const { report, seconds } = next;
      let done = await this.attempt(report, seconds);
      this.ended = report.owner.sequence;
      while (!done) {
        const [newer] = this.queue;
        if (newer && !isTerminal(report.status)) break;
        // A terminal report goes first. Who waits behind it is told after its own time; then one activity waits, until more is reported.
        const waits = newer && newer.report.owner.sequence > this.ended;
        done = await this.attempt(report, waits ? newer.seconds : undefined);
        if (!done && waits) this.ended = newer.report.owner.sequence;
      }
      if (!done && this.queue[0]) inherit(this.queue[0].report, report);
    }
    this.running = false;
  }

  /** True when the report needs no further attempt. Without `seconds` it is tried until `giveUp`. */
  private async attempt(report: Report, seconds?: number): Promise<boolean> {
    const { sequence } = report.owner;
    const scope = new CancellationScope();
    if (seconds === undefined) this.giveUp = () => scope.cancel();
    try {
      const given = await scope.run(() => reportActivities(report, seconds).reportTaskState(report));
      // After a reset of the workflow its run has another id than the reports of before the reset were given under.
      this.accepted = { ownerId: given?.ownerId ?? report.owner.ownerId, sequence };
      return true;
    } catch (error) {
      if (isCancellation(error)) return false;
      const cause = error instanceof ActivityFailure ? (error.cause ?? error) : error;
      if (cause instanceof TimeoutFailure) {
        log.warn(
          `no worker answered on task queue ${TASK_QUEUE} within ${seconds} s; a report waits for one`,
          forLog(report),
        );
        return false;
      }
      // Its last attempt failed and there was no time for another: the next activity has it.
      if (error instanceof ActivityFailure && error.retryState === 'TIMEOUT') {
        log.warn(
          `a report was not accepted within ${seconds} s and is tried again: ${describe(cause)}`,
          forLog(report),
        );
        return false;
      }
      this.drop(report, cause);
      this.inherited = report;
      return true;
    } finally {
      this.giveUp = undefined;
    }
  }
}

/** Which task a line of the log is about. */
export const forLog = ({ progressUpdateStream, migrationTaskName }: TaskIdentity) => ({
  progressUpdateStream,
  migrationTaskName,
});

const describe = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause));

/** What an earlier report allows holds for the one that takes its place. */
function inherit(newer: Report, older: Report): void {
  if (older.reopen) newer.reopen = true;
  if (older.allowDecrease) newer.allowDecrease = true;
}
