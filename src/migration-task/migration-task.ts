import type { CreatedArtifact, SourceResource, TaskIdentity, TaskReport, TaskState } from '../report';
import type { ReportedState, TaskStateView } from '../task-state';

/** Which task a migration workflow reports of, and how. */
export interface MigrationTaskOptions
  extends TaskIdentity, Pick<TaskReport, 'labels' | 'resourceAttributes' | 'discoveredResource'> {
  /**
   * If no update arrives for this many seconds, Migration Hub considers the task stale: 45 to 2147483647. Our worker sends heartbeats in
   * time; the workflow need not report this often.
   * @default 3600
   */
  nextUpdateSeconds?: number;
  /**
   * How long `report` waits, in seconds, until the heartbeat workflow has the report: at least 1. After that `report` returns and the
   * migration goes on; the report is sent once a worker is there.
   * @default 30
   */
  acceptTimeoutSeconds?: number;
  /**
   * How long `run` waits at its end, in seconds, until the heartbeat workflow has COMPLETED or FAILED: at least 1. Then it waits as long
   * again until the heartbeat workflow has all artifacts and source resources; before Continue-As-New it waits only for these.
   * @default 3600
   */
  finalAcceptTimeoutSeconds?: number;
  /**
   * What happens if a report, artifact or source resource is invalid (a percent out of range, an unknown status, a misspelt field, a
   * `nextUpdateSeconds` too short for the worker), or if COMPLETED or FAILED is not accepted in time. `continue`: the log has a warning
   * with field, value and rule, the invalid item is dropped, and the migration goes on. `fail`: `report` throws `InvalidReport`, `run`
   * throws `ReportNotAccepted`.
   * @default 'continue'
   */
  onReportError?: 'continue' | 'fail';
  /**
   * Repeat here the `failureExceptionTypes` of your workflow, because workflow code cannot read that setting. `run` reports FAILED for
   * these types and for Temporal Failures. Any other error fails only the Workflow Task: `run` reports nothing, and the workflow goes on
   * once you deploy corrected code.
   * @default none
   */
  failureExceptionTypes?: (new (...args: never[]) => Error)[];
}

/**
 * What `MigrationTask.report` takes. A `progressPercent` with a fraction is rounded down, with one warning, unless `onReportError` is
 * `fail`. `resourceAttributes` and `discoveredResource` are for what is known only now: a report without them has those of the options.
 */
export type MigrationReport = TaskState &
  Pick<TaskReport, 'allowDecrease' | 'reopen' | 'resourceAttributes' | 'discoveredResource'>;

/** What a migration workflow holds of its migration task. */
export interface MigrationTask {
  /**
   * Reports a state. Resolves when its heartbeat workflow has accepted it, or after `acceptTimeoutSeconds`; the migration then
   * goes on, and the report is sent as soon as a worker serves the queue, unless a newer one takes its place. A terminal report
   * waits for `finalAcceptTimeoutSeconds`: no next one follows.
   * In a cancelled workflow, or scope, it rejects with the cancellation: a terminal report only once it is accepted, or its time is
   * over, so that a `catch` may report it; any other at once, and it may be lost when the workflow then ends.
   * Await it: what is on its way when the workflow completes is lost, as with any activity (typescript-eslint's
   * `no-floating-promises` finds a missing `await`).
   * @throws ApplicationFailure of type `InvalidReport`, non-retryable, for a report that is wrong, where `onReportError` is `fail`.
   */
  report(report: MigrationReport): Promise<void>;
  /** Reports COMPLETED with 100 percent, as `report` does, cancelled or not. Within `run` this is the migration's end: `run` adds none of its own. */
  complete(statusDetail?: string): Promise<void>;
  /**
   * Reports FAILED, as `report` does, with the percent that was reached. `why`: the detail, or an error, of which the detail is its
   * cause's message. Within `run` this is the migration's end, even if it then returns; the workflow itself does not fail.
   * Without `run`, in the `catch` of a cancelled workflow: FAILED is sent, then `fail` rejects with the cancellation. What follows it
   * there does not run: call `fail` of several tasks at once, or in `CancellationScope.nonCancellable`.
   */
  fail(why?: unknown): Promise<void>;
  /**
   * Runs the migration: reports COMPLETED when it returns, FAILED when it is cancelled or throws what fails a workflow (a failure
   * of Temporal's, or of `failureExceptionTypes`); then returns or rethrows. Any other error is rethrown at once and nothing is
   * reported: Temporal fails only the workflow task, and the migration goes on when its code is mended.
   * An end that the migration reported itself stands, with its detail.
   * Each `run` after the end begins a new attempt, in any run of a workflow: a further call, a retry, a reset, a start anew under
   * any id. Its first report follows the end, and its percent begins anew. A `run` that begins before the end goes on with the attempt.
   * A `run` within another one makes no difference to the task: the first to end decides.
   * A migration that was cancelled does not continue as new: the task is FAILED, and the workflow ends as cancelled.
   * Await it: a workflow that completes ends what runs in it, and then nothing more is reported.
   */
  run<T>(migration: () => Promise<T>): Promise<T>;
  /**
   * Associates an artifact with the task, such as the AMI that was made: before, between and after its reports. Resolves when the
   * heartbeat workflow has it, or after `acceptTimeoutSeconds`; it is then sent as soon as a worker serves the queue. Migration Hub gets
   * it once the task is registered, which need not wait for a report; `attachments` of `lastReportedState` tells when. Await it, as `report`.
   * Before the workflow completes or continues as new, `run` waits for it up to `finalAcceptTimeoutSeconds`; then the log says that it is lost.
   * @throws ApplicationFailure of type `InvalidReport`, non-retryable, for one that is wrong, where `onReportError` is `fail`.
   */
  associateArtifact(artifact: CreatedArtifact): Promise<void>;
  /** Takes an artifact from the task, by its ARN, as `associateArtifact` gives it. */
  disassociateArtifact(name: string): Promise<void>;
  /**
   * Associates a source resource with the task, as `associateArtifact` does an artifact. The worker needs an AWS client of December 2024
   * or later: with an older one it stays pending, and `lastReportedState` tells why.
   */
  associateSourceResource(resource: SourceResource): Promise<void>;
  /** Takes a source resource from the task, by its name. */
  disassociateSourceResource(name: string): Promise<void>;
  /**
   * Waits until Migration Hub has the newest report. For migrations that must not go on without it: where Migration Hub is away for
   * longer, or access is missing, this fails, and so does a migration that does not catch it. What was reported is delivered all the same.
   * `timeoutSeconds`: at least 1, default 300.
   * @throws ApplicationFailure, non-retryable, of type `InvalidReport` for a time out of range; at once `NothingReported`, or
   * `ReportRefused` where the newest report was dropped as wrong, or came after the end; `DeliveryTimeout` after `timeoutSeconds`.
   */
  delivered(timeoutSeconds?: number): Promise<TaskStateView>;
  /**
   * What was last reported of this task, by whomever, and until when it holds; null where nobody has reported it. Its heartbeat workflow
   * is asked, in an activity. A report that this workflow has not awaited may not be there yet.
   * `timeoutSeconds`: at least 1, default 300.
   * @throws ApplicationFailure, non-retryable, of type `InvalidReport` for a time out of range; `StateUnknown` where there is no
   * answer after `timeoutSeconds`.
   */
  lastReportedState(timeoutSeconds?: number): Promise<ReportedState | null>;
}
