import {
  ApplicationFailure,
  ContinueAsNew,
  CancellationScope,
  isCancellation,
  log,
  TemporalFailure,
  workflowInfo,
} from '@temporalio/workflow';
import {
  DEFAULT_NEXT_UPDATE_SECONDS,
  InvalidReportError,
  TASK_QUEUE,
  validateReport,
  type TaskReport,
} from '../report';
import { orInvalidReport } from '../report/or-invalid-report';
import { isTerminal, type TaskStateView } from '../task-state';
import { awaitDelivery } from './await-delivery';
import { causeOf } from './cause-of';
import type { MigrationReport, MigrationTask, MigrationTaskOptions } from './migration-task';
import { ReportSender } from './report-sender';

interface Reported {
  /** Of the newest report. */
  sequence: number;
  /** Sequence of the end that was reported in this attempt. */
  end?: number;
  /** How many calls of `run` have begun an attempt. */
  runs: number;
  /** Calls of `run` that are under way. */
  depth: number;
  sender: ReportSender;
}

/** Handles of one task share their numbering: a repeated sequence would count as delivered twice. */
const shared = new Map<string, Reported>();

/** The migration task that this workflow reports of. @throws ApplicationFailure `InvalidReport` for a name or setting out of range. */
export function migrationTask(options: MigrationTaskOptions): MigrationTask {
  const task = new ReportingTask(options);
  // Each may be handed on by itself.
  return { report: task.report.bind(task), run: task.run.bind(task), delivered: task.delivered.bind(task) };
}

class ReportingTask implements MigrationTask {
  private readonly settings: Omit<TaskReport, 'status'>;
  private readonly acceptSeconds: number;
  private readonly finalSeconds: number;
  private readonly state: Reported;

  /** @throws ApplicationFailure `InvalidReport` for a name or setting out of range. */
  constructor(private readonly options: MigrationTaskOptions) {
    const { progressUpdateStream, migrationTaskName, labels, resourceAttributes } = options;
    const { nextUpdateSeconds = DEFAULT_NEXT_UPDATE_SECONDS } = options;
    this.acceptSeconds = atLeastOne('acceptTimeoutSeconds', options.acceptTimeoutSeconds ?? 30);
    this.finalSeconds = atLeastOne('finalAcceptTimeoutSeconds', options.finalAcceptTimeoutSeconds ?? 3600);
    this.settings = { progressUpdateStream, migrationTaskName, labels, resourceAttributes, nextUpdateSeconds };
    // At once: a setting that is wrong must not fail a migration after its work is done.
    orInvalidReport(() => validateReport({ ...this.settings, status: 'NOT_STARTED' }));
    const key = `${progressUpdateStream}:${migrationTaskName}`;
    this.state = shared.get(key) ?? {
      sequence: 0,
      runs: 0,
      depth: 0,
      sender: new ReportSender(),
    };
    shared.set(key, this.state);
  }

  report(report: MigrationReport): Promise<void> {
    const sent = (async () =>
      void (await this.send(report, isTerminal(report.status) ? this.finalSeconds : this.acceptSeconds)))();
    // A workflow that does not wait for its report must not be stuck for it, when it is cancelled or the report is wrong.
    sent.catch((error: unknown) => {
      const { migrationTaskName } = this.settings;
      if (!isCancellation(error)) log.warn(`a report failed: ${causeOf(error)}`, { migrationTaskName });
    });
    return sent;
  }

  async run<T>(migration: () => Promise<T>): Promise<T> {
    let result;
    try {
      result = await this.orNextRun(migration);
    } catch (error) {
      if (this.failsWorkflow(error)) await this.finish({ status: 'FAILED', statusDetail: causeOf(error) }, false);
      throw error;
    }
    await this.finish({ status: 'COMPLETED', progressPercent: 100 }, true);
    return result;
  }

  async delivered(timeoutSeconds = 300): Promise<TaskStateView> {
    atLeastOne('timeoutSeconds', timeoutSeconds);
    const { sequence, sender } = this.state;
    const { accepted } = sender;
    const ownerId = accepted?.sequence === sequence ? accepted.ownerId : workflowInfo().runId;
    return awaitDelivery(this.settings, { ownerId, sequence }, timeoutSeconds);
  }

  private send(report: MigrationReport, seconds: number): Promise<boolean> {
    const { state } = this;
    const { workflowId, runId, runStartTime, root } = workflowInfo();
    // After a reset the run has another id, so what it reports is of another attempt.
    const attempt = state.runs > 0 ? `${runId}/${state.runs}` : undefined;
    // Without `run` the activity asks for the start, since only Temporal knows that of a run that was reset.
    const startedAt = attempt === undefined ? undefined : runStartTime.getTime() / 1000;
    const owner = {
      ownerId: runId,
      workflowId,
      runId,
      rootWorkflowId: root?.workflowId,
      sequence: state.sequence + 1,
      attempt,
      startedAt,
    };
    const checked = orInvalidReport(() => validateReport({ ...this.settings, ...report, owner }));
    state.sequence++;
    if (isTerminal(checked.status)) state.end = state.sequence;
    else if (checked.reopen) state.end = undefined;
    return state.sender.send({ ...checked, owner }, seconds);
  }

  /**
   * Reports the terminal state, unless the migration has reported its end itself. It fails only as `onReportError` says, and
   * never in place of the migration's own error.
   */
  private finish(report: MigrationReport, mayFail: boolean): Promise<void> {
    const { state, finalSeconds } = this;
    return CancellationScope.nonCancellable(async () => {
      let reason = `not accepted within ${finalSeconds} s: does a worker serve the task queue ${TASK_QUEUE}?`;
      try {
        if (await (state.end === undefined ? this.send(report, finalSeconds) : state.sender.sent(state.end))) return;
      } catch (error) {
        reason = `refused: ${causeOf(error)}`;
      }
      const message = `${report.status} of ${this.settings.migrationTaskName} was ${reason}`;
      if (mayFail && this.options.onReportError === 'fail')
        throw ApplicationFailure.create({ message, type: 'ReportNotAccepted', nonRetryable: true });
      log.warn(message);
    });
  }

  private failsWorkflow(error: unknown): boolean {
    const { failureExceptionTypes = [] } = this.options;
    // It is an Error, too, but not the migration's end.
    if (error instanceof ContinueAsNew) return false;
    return error instanceof TemporalFailure || failureExceptionTypes.some((type) => error instanceof type);
  }

  /** Runs the migration, as a new attempt. The next run goes on reporting of the task: continuing as new waits for what is on its way. */
  private async orNextRun<T>(migration: () => Promise<T>): Promise<T> {
    const { state } = this;
    // One within another is part of its attempt.
    if (state.depth++ === 0) {
      state.runs++;
      state.end = undefined;
    }
    try {
      return await migration();
    } catch (error) {
      if (error instanceof ContinueAsNew) await state.sender.idle(this.acceptSeconds);
      throw error;
    } finally {
      state.depth--;
    }
  }
}

function atLeastOne(field: string, value: number): number {
  return orInvalidReport(() => {
    if (Number.isFinite(value) && value >= 1) return value;
    throw new InvalidReportError(field, value, 'it must be a number of seconds, at least 1');
  });
}
