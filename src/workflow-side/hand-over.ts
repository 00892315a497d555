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
import { isTerminal, TASK_QUEUE, type TaskReport } from '../task-state';

/** Times out by the activity's own timeout, so that a hand-over costs no timer. */
const reportActivities = (seconds: number) =>
  proxyActivities<ReportActivities>({
    taskQueue: TASK_QUEUE,
    scheduleToCloseTimeout: seconds * 1000,
    startToCloseTimeout: 10_000,
    retry: { initialInterval: 500, backoffCoefficient: 2, maximumInterval: 10_000 },
  });

interface Waiting {
  report: TaskReport & { owner: NonNullable<TaskReport['owner']> };
  seconds: number;
}

/** Carries reports of one task to its heartbeat workflow: at most one on its way, the newest waits behind it. */
export class HandOver {
  /** More than one only where a terminal report waits: nothing replaces that. */
  private readonly queue: Waiting[] = [];
  private running = false;
  /** Highest sequence handed over. */
  private handedOver = 0;
  /** Highest sequence whose hand-over has ended, with or without success. */
  private ended = 0;
  private invalid?: { sequence: number; failure: ApplicationFailure };
  /** A reopen that was not handed over: the next report still reopens. */
  private owedReopen = false;

  /**
   * Resolves when this report or a newer one was handed over (true), or when its time ran out (false).
   * Rejects on cancellation, and with `InvalidReport` where the worker's check refuses it.
   */
  async send(report: Waiting['report'], seconds: number): Promise<boolean> {
    const { sequence } = report.owner;
    this.enqueue({ report, seconds });
    // The carrying outlives a cancelled caller: a report never disappears.
    if (!this.running) void CancellationScope.nonCancellable(() => this.carry());
    await condition(() => this.ended >= sequence);
    if (this.invalid?.sequence === sequence) throw this.invalid.failure;
    return this.handedOver >= sequence;
  }

  /** Resolves when nothing is on its way or waiting. */
  async idle(): Promise<void> {
    await condition(() => !this.running);
  }

  private enqueue(waiting: Waiting): void {
    const last = this.queue.at(-1);
    if (last && !isTerminal(last.report.status)) {
      this.queue.pop();
      if (last.report.reopen) waiting.report.reopen = true;
    }
    this.queue.push(waiting);
  }

  private async carry(): Promise<void> {
    this.running = true;
    for (let next = this.queue.shift(); next; next = this.queue.shift()) {
      const { report, seconds } = next;
      if (this.owedReopen) report.reopen = true;
      const { sequence } = report.owner;
      try {
        await reportActivities(seconds).reportTaskState(report);
        this.handedOver = sequence;
        this.owedReopen = false;
      } catch (error) {
        const cause = error instanceof ActivityFailure ? error.cause : error;
        if (cause instanceof ApplicationFailure && cause.type === 'InvalidReport')
          this.invalid = { sequence, failure: cause };
        else {
          this.owedReopen = report.reopen ?? false;
          const { migrationTaskName } = report;
          log.warn('a report was not handed over in time; the next one replaces it', {
            reason: describe(cause),
            migrationTaskName,
          });
        }
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
