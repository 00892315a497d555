import type { Client } from '@temporalio/client';
import type { ReportSettings } from './settings';
import {
  BETWEEN_STEPS,
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

export const workflowIdOf = (task: TaskIdentity, groupsOf: ReportSettings['groupsOf']) =>
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

/** How often a query is repeated that met a workflow between two steps, and the pause before each time. */
const ASK_AGAIN_TIMES = 25;
const ASK_AGAIN_MS = 200;

/** Asks a heartbeat workflow for one of its tasks, or for all with null; `now` (epoch seconds) is what freshness is judged against. */
export async function query<T>(
  workflows: Workflows,
  workflowId: string,
  name: string | null,
  now?: number,
): Promise<T> {
  const handle = workflows.getHandle(workflowId);
  let ended = false;
  for (let tries = 0; ; tries++) {
    try {
      return await handle.query<T, [string | null, number | null, boolean]>(STATE_QUERY, name, now ?? null, ended);
    } catch (error) {
      if (tries === ASK_AGAIN_TIMES || !(error as Error).message.includes(BETWEEN_STEPS)) throw error;
      // One that has ended with an event it never heard of takes no next step.
      ended = (await handle.describe()).status.name !== 'RUNNING';
      if (!ended) await new Promise((resolve) => setTimeout(resolve, ASK_AGAIN_MS));
    }
  }
}

/** Asks the task's heartbeat workflow. Null where it does not know the task. */
export const queryTask = (
  workflows: Workflows,
  task: TaskIdentity,
  groupsOf: ReportSettings['groupsOf'],
  now?: number,
): Promise<TaskStateView | null> => query(workflows, workflowIdOf(task, groupsOf), task.migrationTaskName, now);

/** "; last failure: …" for a message, or nothing. */
export const lastFailureOf = (view: TaskStateView | null): string =>
  view?.lastFailure ? `; last failure: ${view.lastFailure.type}: ${view.lastFailure.message}` : '';
