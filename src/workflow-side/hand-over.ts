import {
  ActivityFailure,
  ApplicationFailure,
  CancellationScope,
  condition,
  isCancellation,
  log,
  proxyActivities,
  TimeoutFailure,
} from '@temporalio/workflow';
import type { ReportActivities } from '../activities';
import { TASK_QUEUE, type TaskReport } from '../task-state';

/** Times out by the activity's own timeout, so that a hand-over costs no timer. */
const reportActivities = (seconds: number) =>
  proxyActivities<ReportActivities>({
    taskQueue: TASK_QUEUE,
    scheduleToCloseTimeout: seconds * 1000,
    startToCloseTimeout: 10_000,
    retry: { initialInterval: 500, backoffCoefficient: 2, maximumInterval: 10_000 },
  });

/** Carries reports of one task to its heartbeat workflow: at most one on its way, the newest waits behind it. */
export class HandOver {
  private waiting?: { report: TaskReport; seconds: number };
  private running = false;
  /** Highest sequence handed over. */
  private handedOver = 0;
  /** Highest sequence whose hand-over has ended, with or without success. */
  private ended = 0;
  private failure: unknown;

  /**
   * Resolves when this report or a newer one was handed over (true), or when its time ran out (false).
   * Rejects on cancellation, and with `InvalidReport` where the worker's check refuses it.
   */
  async send(report: TaskReport, seconds: number): Promise<boolean> {
    const sequence = report.owner?.sequence ?? 0;
    this.waiting = { report, seconds };
    // The carrying outlives a cancelled caller: a report never disappears.
    if (!this.running) void CancellationScope.nonCancellable(() => this.carry());
    await condition(() => this.ended >= sequence);
    if (this.failure instanceof ApplicationFailure) throw this.failure;
    return this.handedOver >= sequence;
  }

  private async carry(): Promise<void> {
    this.running = true;
    while (this.waiting) {
      const { report, seconds } = this.waiting;
      this.waiting = undefined;
      const sequence = report.owner?.sequence ?? 0;
      try {
        await reportActivities(seconds).reportTaskState(report);
        this.handedOver = sequence;
        this.failure = undefined;
      } catch (error) {
        const cause = error instanceof ActivityFailure ? error.cause : error;
        if (cause instanceof ApplicationFailure && cause.type === 'InvalidReport') this.failure = cause;
        else
          log.warn('a report was not handed over in time; the next one replaces it', {
            reason: describe(cause),
            migrationTaskName: report.migrationTaskName,
          });
      }
      this.ended = sequence;
    }
    this.running = false;
  }
}

function describe(cause: unknown): string {
  if (cause instanceof TimeoutFailure) return `no worker answered on task queue ${TASK_QUEUE} (${cause.timeoutType})`;
  return isCancellation(cause) ? 'cancelled' : String(cause);
}
