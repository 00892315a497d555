import type { Client } from '@temporalio/client';
import type { ReportSettings } from './settings';
import {
  ADOPT_SIGNAL,
  BETWEEN_STEPS,
  HEARTBEAT_WORKFLOW,
  heartbeatWorkflowId,
  REPORT_SIGNAL,
  STATE_QUERY,
  TASK_QUEUE,
  type TaskIdentity,
  type TaskReport,
} from '../report';
import { type HandOverBatch, type HeartbeatSettings, type TaskStateView } from '../task-state';

type Workflows = Client['workflow'];

export const workflowIdOf = (task: TaskIdentity, groupsOf: ReportSettings['groupsOf']) =>
  heartbeatWorkflowId(task, groupsOf(task.progressUpdateStream));

/** Hands a checked report over to the task's heartbeat workflow, starting it where there is none. */
export const signalReport = (workflows: Workflows, report: TaskReport, settings: ReportSettings): Promise<void> =>
  signal(workflows, workflowIdOf(report, settings.groupsOf), REPORT_SIGNAL, report, settings.heartbeat);

/** Hands tasks over to the heartbeat workflow that is to speak for them, starting it where there is none. */
export const signalAdoption = (
  workflows: Workflows,
  batch: HandOverBatch,
  settings: HeartbeatSettings,
): Promise<void> => signal(workflows, batch.to, ADOPT_SIGNAL, batch.tasks, settings);

async function signal(
  workflows: Workflows,
  workflowId: string,
  name: string,
  what: unknown,
  settings: HeartbeatSettings,
): Promise<void> {
  await workflows.signalWithStart(HEARTBEAT_WORKFLOW, {
    workflowId,
    taskQueue: TASK_QUEUE,
    args: [{ settings }],
    signal: name,
    signalArgs: [what],
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

/** Asks one heartbeat workflow for a task. Null where it does not know it. */
export const queryTaskOf = (
  workflows: Workflows,
  workflowId: string,
  { migrationTaskName }: TaskIdentity,
  now?: number,
): Promise<TaskStateView | null> => query(workflows, workflowId, migrationTaskName, now);

/** A task is handed on once, or twice where somebody still uses a number of groups of long ago. */
const MOST_HOPS = 4;

/** Asks `first`, and, where that has handed the task over, who holds it now. What was told is read by `viewOf`. */
export async function askHolder<T>(
  first: string,
  ask: (workflowId: string) => Promise<T>,
  viewOf: (told: T) => TaskStateView | null,
): Promise<T> {
  let told = await ask(first);
  for (let hop = 0; hop < MOST_HOPS; hop++) {
    const holder = viewOf(told)?.heldBy;
    if (holder === undefined) break;
    const next = await ask(holder).catch((error: Error) => {
      if (error.name !== 'WorkflowNotFoundError') throw error;
      return undefined;
    });
    // It is being handed over just now.
    if (next === undefined || viewOf(next) === null) break;
    told = next;
  }
  return told;
}

/** Asks the heartbeat workflow that speaks for the task, also where that has another number of groups. Null where it does not know it. */
export const queryTask = (
  workflows: Workflows,
  task: TaskIdentity,
  groupsOf: ReportSettings['groupsOf'],
  now?: number,
): Promise<TaskStateView | null> =>
  askHolder(
    workflowIdOf(task, groupsOf),
    (id) => queryTaskOf(workflows, id, task, now),
    (view) => view,
  );

/** "; last failure: …" for a message, or nothing. */
export const lastFailureOf = (view: TaskStateView | null): string =>
  view?.lastFailure ? `; last failure: ${view.lastFailure.type}: ${view.lastFailure.message}` : '';

/** The ids of the open heartbeat workflows, of one stream or of all. */
export async function openHeartbeats(client: Client, stream?: string): Promise<string[]> {
  const ids: string[] = [];
  // Quotes in a name would end the text of the query; those who ask look at the ids anyhow.
  const isPlain = stream !== undefined && !/["'\\]/.test(stream);
  const ofStream = isPlain ? ` AND WorkflowId STARTS_WITH 'mgh:${stream}:'` : '';
  const query = `WorkflowType = '${HEARTBEAT_WORKFLOW}' AND ExecutionStatus = 'Running'${ofStream}`;
  for await (const { workflowId } of client.workflow.list({ query, pageSize: 1000 }))
    if (stream === undefined || workflowId.startsWith(`mgh:${stream}:`)) ids.push(workflowId);
  return ids;
}
