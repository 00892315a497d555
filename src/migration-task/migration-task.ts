import {
  ApplicationFailure,
  ContinueAsNew,
  CancellationScope,
  isCancellation,
  log,
  proxyActivities,
  workflowInfo,
} from '@temporalio/workflow';
import type { ReportActivities } from '../activities';
import {
  DEFAULT_NEXT_UPDATE_SECONDS,
  InvalidReportError,
  TASK_QUEUE,
  validateReport,
  type TaskIdentity,
  type TaskReport,
  type TaskState,
} from '../report';
import { isTerminal, type TaskStateView } from '../task-state';
import { ReportSender } from './report-sender';
import { orInvalidReport } from '../report/or-invalid-report';

/** Which task a migration workflow reports of, and how. */
export interface MigrationTaskOptions extends TaskIdentity, Pick<TaskReport, 'labels' | 'resourceAttributes'> {
  /**
   * Seconds within which Migration Hub may expect the next update: 45 to 2147483647. Heartbeats keep to it; the workflow need not.
   * @default 3600
   */
  nextUpdateSeconds?: number;
  /**
   * Seconds that `report` waits until its heartbeat workflow has the report; the migration then goes on without it: from 1 on.
   * @default 30
   */
  acceptTimeoutSeconds?: number;
  /**
   * Seconds that `run` waits until the heartbeat workflow has the terminal state: from 1 on.
   * @default 3600
   */
  finalAcceptTimeoutSeconds?: number;
  /**
   * What `run` does when the terminal state was not accepted in time: goes on with a warning, or fails with `ReportNotAccepted`.
   * @default 'continue'
   */
  onReportError?: 'continue' | 'fail';
}

/** What `MigrationTask.report` takes. */
export type MigrationReport = TaskState & Pick<TaskReport, 'allowDecrease' | 'reopen'>;

/** What a migration workflow holds of its migration task. */
export interface MigrationTask {
  /**
   * Reports a state. Resolves when its heartbeat workflow has accepted it, or after `acceptTimeoutSeconds`; the migration then
   * goes on, and the report is sent as soon as a worker serves the queue, unless a newer one takes its place. A terminal report
   * waits for `finalAcceptTimeoutSeconds`: no next one follows.
   * @throws ApplicationFailure of type `InvalidReport`, non-retryable, before anything is sent.
   */
  report(report: MigrationReport): Promise<void>;
  /**
   * Runs the migration: reports COMPLETED when it returns, FAILED when it throws or is cancelled; then returns or rethrows.
   * An end that the migration reported itself stands, with its detail.
   * A further `run` after the end, or a retry of the workflow by Temporal, reopens the task: its first report follows the end.
   * A `run` within another one makes no difference to the task: the first to end decides.
   */
  run<T>(migration: () => Promise<T>): Promise<T>;
  /**
   * Waits until Migration Hub has the newest report.
   * `timeoutSeconds`: at least 1, default 300.
   * @throws ApplicationFailure, non-retryable, of type `InvalidReport` for a time out of range, `NothingReported`, `ReportRefused` (the task was terminal already), or `DeliveryTimeout` after `timeoutSeconds`.
   */
  delivered(timeoutSeconds?: number): Promise<TaskStateView>;
}

/** Handles of one task share their numbering: a repeated sequence would count as delivered twice. */
const shared = new Map<string, Reported>();

interface Reported {
  /** Of the newest report. */
  sequence: number;
  /** Sequence of the end that was reported. */
  end?: number;
  /** The migration is run again: its next report may follow the end of the time before. */
  reopening: boolean;
  sender: ReportSender;
}

/** The migration task that this workflow reports of. @throws ApplicationFailure `InvalidReport` for a name or setting out of range. */
export function migrationTask(options: MigrationTaskOptions): MigrationTask {
  const { nextUpdateSeconds = DEFAULT_NEXT_UPDATE_SECONDS } = options;
  const acceptSeconds = atLeastOne('acceptTimeoutSeconds', options.acceptTimeoutSeconds ?? 30);
  const finalSeconds = atLeastOne('finalAcceptTimeoutSeconds', options.finalAcceptTimeoutSeconds ?? 3600);
  const { workflowId, runId, attempt } = workflowInfo();
  const { progressUpdateStream, migrationTaskName, labels, resourceAttributes } = options;
  const settings = { progressUpdateStream, migrationTaskName, labels, resourceAttributes, nextUpdateSeconds };
  // At once: a setting that is wrong must not fail a migration after its work is done.
  orInvalidReport(() => validateReport({ ...settings, status: 'NOT_STARTED' }));
  const key = `${progressUpdateStream}:${migrationTaskName}`;
  const state: Reported = shared.get(key) ?? {
    sequence: 0,
    // The attempt before has ended as FAILED.
    reopening: attempt > 1,
    sender: new ReportSender(),
  };
  shared.set(key, state);

  const send = (report: MigrationReport, seconds: number) => {
    const owner = { ownerId: runId, workflowId, runId, sequence: state.sequence + 1 };
    const again = state.reopening && { reopen: true, allowDecrease: true };
    const checked = orInvalidReport(() => validateReport({ ...settings, ...report, ...again, owner }));
    state.reopening = false;
    state.sequence++;
    if (isTerminal(checked.status)) state.end = state.sequence;
    else if (checked.reopen) state.end = undefined;
    return state.sender.send({ ...checked, owner }, seconds);
  };

  /** Reports the terminal state, unless the migration has reported its end itself. It fails only as `onReportError` says, and never in place of the migration's own error. */
  const finish = (report: MigrationReport, mayFail: boolean) =>
    CancellationScope.nonCancellable(async () => {
      let reason = `not accepted within ${finalSeconds} s: does a worker serve the task queue ${TASK_QUEUE}?`;
      try {
        if (await (state.end === undefined ? send(report, finalSeconds) : state.sender.sent(state.end))) return;
      } catch (error) {
        reason = `refused: ${causeOf(error)}`;
      }
      const message = `${report.status} of ${migrationTaskName} was ${reason}`;
      if (mayFail && options.onReportError === 'fail')
        throw ApplicationFailure.create({ message, type: 'ReportNotAccepted', nonRetryable: true });
      log.warn(message);
    });

  /** Runs the migration. The next run goes on reporting of the task: continuing as new waits for what is on its way. */
  const orNextRun = async <T>(migration: () => Promise<T>): Promise<T> => {
    try {
      return await migration();
    } catch (error) {
      if (error instanceof ContinueAsNew) {
        // It will not know that the task is to be reopened.
        if (state.reopening) await send({ status: 'IN_PROGRESS' }, acceptSeconds);
        await state.sender.idle(acceptSeconds);
      }
      throw error;
    }
  };

  return {
    report(report) {
      const sent = (async () => void (await send(report, isTerminal(report.status) ? finalSeconds : acceptSeconds)))();
      // A workflow that does not wait for its report must not be stuck for it, when it is cancelled or the report is wrong.
      sent.catch((error: unknown) => {
        if (!isCancellation(error)) log.warn(`a report failed: ${causeOf(error)}`, { migrationTaskName });
      });
      return sent;
    },
    async run(migration) {
      if (state.end !== undefined) {
        state.end = undefined;
        state.reopening = true;
      }
      let result;
      try {
        result = await orNextRun(migration);
      } catch (error) {
        // Continuing as new is not the migration's end, unless a cancellation came while the last report was on its way.
        if (!(error instanceof ContinueAsNew)) await finish({ status: 'FAILED', statusDetail: causeOf(error) }, false);
        throw error;
      }
      await finish({ status: 'COMPLETED', progressPercent: 100 }, true);
      return result;
    },
    async delivered(timeoutSeconds = 300) {
      atLeastOne('timeoutSeconds', timeoutSeconds);
      if (state.sequence === 0)
        throw ApplicationFailure.create({
          message: `nothing was reported of ${migrationTaskName} in this run`,
          type: 'NothingReported',
          nonRetryable: true,
        });
      const { awaitDelivery } = proxyActivities<ReportActivities>({
        taskQueue: TASK_QUEUE,
        scheduleToCloseTimeout: timeoutSeconds * 1000,
        startToCloseTimeout: 10_000,
        // Each try is a query that ends within seconds: no slot is held while waiting.
        retry: { initialInterval: 1000, backoffCoefficient: 1.5, maximumInterval: 30_000 },
      });
      const { accepted } = state.sender;
      const ownerId = accepted?.sequence === state.sequence ? accepted.ownerId : runId;
      try {
        return await awaitDelivery({ progressUpdateStream, migrationTaskName }, ownerId, state.sequence);
      } catch (error) {
        throw isCancellation(error) ? error : notDelivered(error, `${migrationTaskName}, ${timeoutSeconds} s`);
      }
    },
  };
}

/** As a failure that says what became of the report; the activity that asked is of no interest. */
function notDelivered(error: unknown, waited: string): ApplicationFailure {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if (cause instanceof ApplicationFailure && cause.type === 'ReportRefused')
      return ApplicationFailure.nonRetryable(cause.message, cause.type);
  }
  return ApplicationFailure.nonRetryable(`not delivered in time (${waited}): ${causeOf(error)}`, 'DeliveryTimeout');
}

function causeOf(error: unknown): string {
  if (isCancellation(error)) return 'Cancelled';
  let cause = error;
  // Temporal wraps: "Activity task failed" says nothing, its cause does.
  while (cause instanceof Error && cause.cause instanceof Error) cause = cause.cause;
  return cause instanceof Error ? cause.message : String(cause);
}

function atLeastOne(field: string, value: number): number {
  return orInvalidReport(() => {
    if (Number.isFinite(value) && value >= 1) return value;
    throw new InvalidReportError(field, value, 'it must be a number of seconds, at least 1');
  });
}
