import { activityInfo, ApplicationFailure, getClient } from '@temporalio/activity';
import {
  HEARTBEAT_WORKFLOW,
  heartbeatWorkflowId,
  InvalidReportError,
  outcomeOf,
  REPORT_SIGNAL,
  STATE_QUERY,
  TASK_QUEUE,
  validateReport,
  type HeartbeatSettings,
  type TaskIdentity,
  type TaskReport,
  type TaskStateView,
} from '../task-state';

/** Settings of the worker that decide which workflow speaks for a task, and how. */
export interface ReportSettings {
  heartbeat: HeartbeatSettings;
  groupsOf: (progressUpdateStream: string) => number;
}

function checked(report: TaskReport, { heartbeatFraction }: HeartbeatSettings): TaskReport {
  try {
    return validateReport(report, { heartbeatFraction });
  } catch (error) {
    if (error instanceof InvalidReportError)
      throw ApplicationFailure.create({ message: error.message, type: 'InvalidReport', nonRetryable: true });
    throw error;
  }
}

/** Hands a report over to the task's heartbeat workflow, starting it where there is none. */
export function createReportTaskState({ heartbeat, groupsOf }: ReportSettings) {
  return async function reportTaskState(input: TaskReport): Promise<void> {
    const report = checked(input, heartbeat);
    const { workflowExecution, activityId } = activityInfo();
    const { workflowId, runId } = workflowExecution ?? {};
    // A caller in another language names no owner: each of its activities is a reporter with one report, so its retries count once.
    report.owner ??= { ownerId: `${runId}/${activityId}`, workflowId, runId, sequence: 1 };
    await getClient().workflow.signalWithStart(HEARTBEAT_WORKFLOW, {
      workflowId: heartbeatWorkflowId(report, groupsOf(report.progressUpdateStream)),
      taskQueue: TASK_QUEUE,
      args: [{ settings: heartbeat }],
      signal: REPORT_SIGNAL,
      signalArgs: [report],
    });
  };
}

/** Resolves when Migration Hub has a reporter's `sequence` or something newer; fails retryably while it has not. */
export function createAwaitDelivery({ groupsOf }: ReportSettings) {
  return async function awaitDelivery(task: TaskIdentity, ownerId: string, sequence: number): Promise<TaskStateView> {
    const workflowId = heartbeatWorkflowId(task, groupsOf(task.progressUpdateStream));
    const view = await getClient()
      .workflow.getHandle(workflowId)
      .query<TaskStateView | null, [string]>(STATE_QUERY, task.migrationTaskName);
    const reporter = view?.reporters[ownerId];
    const outcome = outcomeOf(reporter, sequence);
    if (view && outcome === 'delivered') return view;
    if (outcome === 'refused')
      throw ApplicationFailure.create({
        message: `the report was refused: ${reporter?.refused?.reason}`,
        type: 'ReportRefused',
        nonRetryable: true,
      });
    const why = view?.lastFailure ? `; last failure: ${view.lastFailure.type}: ${view.lastFailure.message}` : '';
    throw ApplicationFailure.create({
      message: `Migration Hub does not have the report yet${why}`,
      type: 'NotYetDelivered',
      category: 'BENIGN',
    });
  };
}
