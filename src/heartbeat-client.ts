import type { Client } from '@temporalio/client';
import type { ReportSettings } from './settings';
import {
  HEARTBEAT_WORKFLOW,
  heartbeatWorkflowId,
  REPORT_SIGNAL,
  STATE_QUERY,
  TASK_QUEUE,
  type TaskIdentity,
  type TaskReport,
  type TaskStateView,
} from './task-state';

type Workflows = Client['workflow'];

const workflowIdOf = (task: TaskIdentity, groupsOf: ReportSettings['groupsOf']) =>
  heartbeatWorkflowId(task, groupsOf(task.progressUpdateStream));

/** Hands a checked report over to the task's heartbeat workflow, starting it where there is none. */
export async function signalReport(workflows: Workflows, report: TaskReport, settings: ReportSettings): Promise<void> {
  await workflows.signalWithStart(HEARTBEAT_WORKFLOW, {
    workflowId: workflowIdOf(report, settings.groupsOf),
    taskQueue: TASK_QUEUE,
    args: [{ settings: settings.heartbeat }],
    signal: REPORT_SIGNAL,
    signalArgs: [report],
  });
}

/** Asks the task's heartbeat workflow; `now` (epoch seconds) is what freshness is judged against. Null where it does not know the task. */
export function queryTask(
  workflows: Workflows,
  task: TaskIdentity,
  groupsOf: ReportSettings['groupsOf'],
  now?: number,
): Promise<TaskStateView | null> {
  return workflows
    .getHandle(workflowIdOf(task, groupsOf))
    .query<TaskStateView | null, [string, number?]>(STATE_QUERY, task.migrationTaskName, now);
}

/** "; last failure: …" for a message, or nothing. */
export const lastFailureOf = (view: TaskStateView | null): string =>
  view?.lastFailure ? `; last failure: ${view.lastFailure.type}: ${view.lastFailure.message}` : '';
