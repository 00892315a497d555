import type { Client } from '@temporalio/client';
import { BETWEEN_STEPS, HEARTBEAT_WORKFLOW, STATE_QUERY } from '../report';
import type { TaskStateView } from '../task-state';

/** How often a query is repeated that was refused with BetweenSteps, and the pause before each time. */
const ASK_AGAIN_TIMES = 25;
const ASK_AGAIN_MS = 200;

/** Asks a heartbeat workflow for one of its tasks, or for all with null; `now` (epoch seconds) is what freshness is judged against. */
export async function query<T>(client: Client, workflowId: string, name: string | null, now?: number): Promise<T> {
  const handle = client.workflow.getHandle(workflowId);
  let ended = false;
  for (let tries = 0; ; tries++) {
    try {
      return await handle.query<T, [string | null, number | null, boolean]>(STATE_QUERY, name, now ?? null, ended);
    } catch (error) {
      if (tries === ASK_AGAIN_TIMES || !(error as Error).message.includes(BETWEEN_STEPS)) throw error;
      // One that has ended with an event it never took in has no next workflow task.
      ended = (await describeOpen(client, workflowId)) === undefined;
      if (!ended) await new Promise((resolve) => setTimeout(resolve, ASK_AGAIN_MS));
    }
  }
}

/** By name: two versions of the SDK may be installed. */
export const isNotFound = (error: unknown): boolean => (error as Error).name === 'WorkflowNotFoundError';

/** The description of a workflow that is open; undefined where it has ended, or never was. */
export async function describeOpen(client: Client, workflowId: string) {
  try {
    const description = await client.workflow.getHandle(workflowId).describe();
    return ['RUNNING', 'PAUSED'].includes(description.status.name) ? description : undefined;
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

/** "; last failure: …" for a message, or nothing. */
export const lastFailureOf = (view: TaskStateView | null): string =>
  view?.lastFailure ? `; last failure: ${view.lastFailure.type}: ${view.lastFailure.message}` : '';

/** The ids of a stream's heartbeat workflows, of all or of the open ones, or of those of shared groups. */
export async function listHeartbeats(
  client: Client,
  stream: string,
  { open = false, shared = false, limit = Infinity } = {},
): Promise<string[]> {
  const prefixes = [`mgh-group:${stream}:`, ...(shared ? [] : [`mgh:${stream}:`])];
  // Quotes in a name would end the text of the query; the ids are looked at anyhow.
  const isPlain = !/["'\\]/.test(stream);
  const ofStream = prefixes.map((prefix) => `WorkflowId STARTS_WITH '${prefix}'`).join(' OR ');
  const query = [
    `WorkflowType = '${HEARTBEAT_WORKFLOW}'`,
    ...(open ? [`ExecutionStatus = 'Running'`] : []),
    ...(isPlain ? [`(${ofStream})`] : []),
  ].join(' AND ');
  const ids = new Set<string>();
  for await (const { workflowId } of client.workflow.list({ query, pageSize: Math.min(limit, 1000) })) {
    if (prefixes.some((prefix) => workflowId.startsWith(prefix))) ids.add(workflowId);
    if (ids.size >= limit) break;
  }
  return [...ids];
}
