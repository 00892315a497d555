import {
  ApplicationFailure,
  CancelledFailure,
  ContinueAsNew,
  CancellationScope,
  isCancellation,
  log,
  TemporalFailure,
  workflowInfo,
} from '@temporalio/workflow';
import {
  changeOf,
  DEFAULT_NEXT_UPDATE_SECONDS,
  TASK_QUEUE,
  validateReport,
  type Attaching,
  type CreatedArtifact,
  type SourceResource,
  type TaskReport,
  type TaskSourceResource,
  type TaskState,
} from '../report';
import { orInvalidReport } from '../report/or-invalid-report';
import { withoutNulls } from '../report/validate';
import { isTerminal, type ReportedState, type ReportKey, type TaskStateView } from '../task-state';
import { AttachmentSender, type AttachmentActivity } from './attachment-sender';
import { askState, awaitDelivery } from './await-delivery';
import { causeOf } from './cause-of';
import { checkedOptions, checkSeconds, warnOfIgnored } from './checked-options';
import { despiteCancellation } from './despite-cancellation';
import type { MigrationReport, MigrationTask, MigrationTaskOptions } from './migration-task';
import { forLog, ReportSender } from './report-sender';

interface Reported {
  /** Of the newest report. */
  sequence: number;
  /** The end that was reported in this attempt. */
  end?: Pick<TaskState & ReportKey, 'sequence' | 'status'>;
  /** How many calls of `run` have begun an attempt. */
  runs: number;
  /** Calls of `run` that are under way. */
  depth: number;
  /** The log was told that a percent is rounded down. */
  hasRounded?: boolean;
  sender: ReportSender;
  attachments: AttachmentSender;
}

/** Handles of one task share their numbering: a repeated sequence would count as delivered twice. */
const shared = new Map<string, Reported>();

/** The migration task that this workflow reports of. @throws ApplicationFailure `InvalidReport` for an option that is wrong or misspelt. */
export function migrationTask(options: MigrationTaskOptions): MigrationTask {
  const task = new ReportingTask(options);
  // Each may be handed on by itself.
  return {
    report: task.report.bind(task),
    complete: task.complete.bind(task),
    fail: task.fail.bind(task),
    run: task.run.bind(task),
    associateArtifact: task.associateArtifact.bind(task),
    disassociateArtifact: task.disassociateArtifact.bind(task),
    associateSourceResource: task.associateSourceResource.bind(task),
    disassociateSourceResource: task.disassociateSourceResource.bind(task),
    delivered: task.delivered.bind(task),
    lastReportedState: task.lastReportedState.bind(task),
  };
}

class ReportingTask implements MigrationTask {
  private readonly options: MigrationTaskOptions;
  private readonly settings: Omit<TaskReport, 'status'>;
  private readonly acceptSeconds: number;
  private readonly finalSeconds: number;
  private readonly state: Reported;

  constructor(given: MigrationTaskOptions) {
    this.options = checkedOptions(given);
    const { progressUpdateStream, migrationTaskName, labels, resourceAttributes, discoveredResource } = this.options;
    const { nextUpdateSeconds = DEFAULT_NEXT_UPDATE_SECONDS } = this.options;
    this.acceptSeconds = this.options.acceptTimeoutSeconds ?? 30;
    this.finalSeconds = this.options.finalAcceptTimeoutSeconds ?? 3600;
    const mapping = { resourceAttributes, discoveredResource };
    this.settings = { progressUpdateStream, migrationTaskName, labels, ...mapping, nextUpdateSeconds };
    const key = `${progressUpdateStream}:${migrationTaskName}`;
    this.state = shared.get(key) ?? {
      sequence: 0,
      runs: 0,
      depth: 0,
      sender: new ReportSender(),
      attachments: new AttachmentSender(),
    };
    shared.set(key, this.state);
  }

  report(report: MigrationReport): Promise<void> {
    return this.orDropped(this.send(report));
  }

  associateArtifact(artifact: CreatedArtifact): Promise<void> {
    return this.orDropped(this.attach('associateArtifact', { kind: 'createdArtifact' }, artifact));
  }

  disassociateArtifact(name: string): Promise<void> {
    const asked = { kind: 'createdArtifact', disassociate: true } as const;
    return this.orDropped(this.attach('disassociateArtifact', asked, { name }));
  }

  associateSourceResource(resource: SourceResource): Promise<void> {
    return this.orDropped(this.attach('associateSourceResource', { kind: 'sourceResource' }, resource));
  }

  disassociateSourceResource(name: string): Promise<void> {
    const asked = { kind: 'sourceResource', disassociate: true } as const;
    return this.orDropped(this.attach('disassociateSourceResource', asked, { name }));
  }

  /** What was dropped fails only where `onReportError` says so. */
  private orDropped(sending: Promise<unknown>): Promise<void> {
    const sent = sending.then(
      () => undefined,
      (error: unknown) => {
        // The log knows of it already.
        if (isCancellation(error) || !(error instanceof TemporalFailure) || this.mayFail()) throw error;
      },
    );
    // A workflow that does not wait for its report must not be stuck for it, when it is cancelled or the report is wrong.
    sent.catch(() => undefined);
    return sent;
  }

  private async attach(activity: AttachmentActivity, asked: Attaching, given: SourceResource): Promise<void> {
    const { progressUpdateStream, migrationTaskName } = this.settings;
    // An ARN alone would be spread into its letters.
    const named = typeof given === 'object' ? { ...given, progressUpdateStream, migrationTaskName } : given;
    let checked;
    try {
      checked = orInvalidReport(() => changeOf(asked, named as TaskSourceResource, warnOfIgnored));
    } catch (error) {
      log.warn(`an attachment was dropped: ${causeOf(error)}`, forLog(this.settings));
      throw error;
    }
    const { kind: _kind, disassociate: _disassociate, ...change } = checked;
    await this.state.attachments.send(activity, change, this.acceptSeconds);
  }

  complete(statusDetail?: string): Promise<void> {
    return this.report({ status: 'COMPLETED', progressPercent: 100, statusDetail });
  }

  fail(why?: unknown): Promise<void> {
    const statusDetail = why === undefined || typeof why === 'string' ? why : causeOf(why);
    return this.report({ status: 'FAILED', statusDetail });
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
    checkSeconds('timeoutSeconds', timeoutSeconds);
    const { sequence, sender } = this.state;
    const { accepted, dropped } = sender;
    if (dropped.has(sequence))
      throw ApplicationFailure.nonRetryable(
        `the newest report was dropped: ${causeOf(dropped.get(sequence))}`,
        'ReportRefused',
      );
    const ownerId = accepted?.sequence === sequence ? accepted.ownerId : workflowInfo().runId;
    return awaitDelivery(this.settings, { ownerId, sequence }, timeoutSeconds);
  }

  async lastReportedState(timeoutSeconds = 300): Promise<ReportedState | null> {
    checkSeconds('timeoutSeconds', timeoutSeconds);
    return askState(this.settings, timeoutSeconds);
  }

  /** Resolves as `ReportSender.send` does. Rejects as that does, of an end not before it is accepted, and with `InvalidReport`. */
  private async send(given: MigrationReport): Promise<boolean> {
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
      sequence: ++state.sequence,
      attempt,
      startedAt,
    };
    const report = { ...this.settings, ...withoutNulls(this.rounded(given) ?? {}), owner };
    let checked;
    try {
      checked = orInvalidReport(() => validateReport(report, { onIgnored: warnOfIgnored }));
    } catch (error) {
      state.sender.drop(report, error);
      throw error;
    }
    const isEnd = isTerminal(checked.status);
    if (isEnd) state.end = { sequence: owner.sequence, status: checked.status };
    else if (checked.reopen) state.end = undefined;
    const sent = { ...checked, owner };
    // A workflow that is cancelled must not close before its end has arrived.
    if (isEnd) return despiteCancellation(() => state.sender.send(sent, this.finalSeconds));
    return state.sender.send(sent, this.acceptSeconds);
  }

  /** A computed percent is better shown without its fraction than not at all. */
  private rounded(report: MigrationReport): MigrationReport {
    const { progressPercent: percent } = report ?? {};
    if (typeof percent !== 'number' || this.mayFail() || !(percent > 0 && percent < 101)) return report;
    if (Number.isInteger(percent)) return report;
    const progressPercent = Math.floor(percent);
    if (!this.state.hasRounded)
      log.warn(
        `progressPercent is ${percent}, but it must be an integer from 0 to 100: it is rounded down to ${progressPercent}; ` +
          'of the task nothing more is said of this',
        forLog(this.settings),
      );
    this.state.hasRounded = true;
    return { ...report, progressPercent };
  }

  private mayFail(): boolean {
    return this.options.onReportError === 'fail';
  }

  /**
   * Reports the terminal state, unless the migration has reported its end itself. It fails only as `onReportError` says, and
   * never in place of the migration's own error.
   */
  private finish(report: MigrationReport, mayFail: boolean): Promise<void> {
    const { state, finalSeconds } = this;
    return CancellationScope.nonCancellable(async () => {
      // An end of its own that was dropped is none.
      const ownEnd = state.sender.dropped.has(state.end?.sequence ?? 0) ? undefined : state.end;
      let reason = `not accepted within ${finalSeconds} s: does a worker serve the task queue ${TASK_QUEUE}?`;
      try {
        if (await (ownEnd === undefined ? this.send(report) : state.sender.sent(ownEnd.sequence)))
          return await state.attachments.idle(finalSeconds);
      } catch (error) {
        reason = `refused: ${causeOf(error)}`;
      }
      await state.attachments.idle(this.acceptSeconds);
      const message = `${(ownEnd ?? report).status} of ${this.settings.migrationTaskName} was ${reason}`;
      if (mayFail && this.mayFail())
        throw ApplicationFailure.create({ message, type: 'ReportNotAccepted', nonRetryable: true });
      log.warn(message, forLog(this.settings));
    });
  }

  private failsWorkflow(error: unknown): boolean {
    const { failureExceptionTypes = [] } = this.options;
    // It is an Error, too, but not the migration's end.
    if (error instanceof ContinueAsNew) return false;
    return error instanceof TemporalFailure || failureExceptionTypes.some((type) => error instanceof type);
  }

  /** Runs the migration, as a new attempt. The next run goes on reporting of the task: continuing as new waits for what is on its way, and what is left is lost. */
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
      if (!(error instanceof ContinueAsNew)) throw error;
      await state.sender.idle(this.acceptSeconds);
      // A report gives way to those of the next run, but nobody gives these again.
      await state.attachments.idle(this.finalSeconds);
      if (!state.sender.isIdle)
        log.warn(
          'a report is lost: no worker accepted it before the workflow continued as new; report again in the next run',
          forLog(this.settings),
        );
      // The next run would not know of a cancellation that came together with what let this one go on to it.
      if (CancellationScope.current().consideredCancelled) throw new CancelledFailure('the migration was cancelled');
      throw error;
    } finally {
      state.depth--;
    }
  }
}
