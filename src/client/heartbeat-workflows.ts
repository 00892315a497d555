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

/** By name: two versions of the SDK may be installed. A server that says it without details is understood by its words. */
export const isNoNamespace = (error: unknown): boolean => {
  const { name, message } = error as Error;
  return name === 'NamespaceNotFoundError' || (name === 'WorkflowNotFoundError' && /^namespace/i.test(message));
};

/** There is no such workflow; where there is no such namespace, that is another error. */
export const isNotFound = (error: unknown): boolean =>
  (error as Error).name === 'WorkflowNotFoundError' && !isNoNamespace(error);

/** What the Temporal server, or the way to it, said; for an error of another kind its message. */
export function whyOf(error: unknown): string {
  const { cause, message } = error as Error & { cause?: { code?: unknown; message: string } };
  return typeof cause?.code === 'number' ? cause.message : message;
}

/** gRPC's codes of a server, or an account, that will never list: INVALID_ARGUMENT, PERMISSION_DENIED, UNIMPLEMENTED. */
const NEVER_LISTS = [3, 7, 12];

/** Asking for a list again would not help. */
export function neverLists(error: unknown): boolean {
  const { code, cause } = error as { code?: number; cause?: { code?: number } };
  return NEVER_LISTS.includes(code ?? cause?.code ?? -1);
}

/** The statuses of a workflow that has not ended. */
export const isOpen = (status: string): boolean => ['RUNNING', 'PAUSED'].includes(status);

/** The description of a workflow that is open; undefined where it has ended, or never was. */
export async function describeOpen(client: Client, workflowId: string) {
  try {
    const description = await client.workflow.getHandle(workflowId).describe();
    return isOpen(description.status.name) ? description : undefined;
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

/** "; last failure: …" for a message, or nothing. */
export const lastFailureOf = (view: TaskStateView | null): string =>
  view?.lastFailure ? `; last failure: ${view.lastFailure.type}: ${view.lastFailure.message}` : '';

/** Run ids by workflow id, the newest first, without those that continued as new: the next run holds all that they held, but for tasks that had lingered out. */
export type Runs = Map<string, string[]>;

/** A stream's heartbeat workflows, all or the open ones, or those of shared groups. */
export function listHeartbeats(
  client: Client,
  stream: string,
  { open = false, shared = false, limit = Infinity } = {},
): Promise<Runs> {
  const prefixes = [`mgh-group:${stream}:`, ...(shared ? [] : [`mgh:${stream}:`])];
  const which = `(${prefixes.map(startsWith).join(' OR ')})${open ? ` AND ExecutionStatus = 'Running'` : ''}`;
  return listRuns(client, which, (id) => prefixes.some((prefix) => id.startsWith(prefix)), limit);
}

/** The runs of one heartbeat workflow. */
export async function runsOf(client: Client, workflowId: string): Promise<string[]> {
  const which = plainStart(workflowId) === workflowId ? `WorkflowId = '${workflowId}'` : startsWith(workflowId);
  return (await listRuns(client, which, (id) => id === workflowId)).get(workflowId) ?? [];
}

/** The server's lists do not find a text with a quotation mark or a backslash, however it is written. */
const plainStart = (text: string): string => text.replace(/["'\\].*/s, '');
const startsWith = (prefix: string): string => `WorkflowId STARTS_WITH '${plainStart(prefix)}'`;

async function listRuns(
  { workflow }: Client,
  which: string,
  accepts: (workflowId: string) => boolean,
  limit = Infinity,
): Promise<Runs> {
  const query = `WorkflowType = '${HEARTBEAT_WORKFLOW}' AND ${which}`;
  const found = new Map<string, { runId: string; startTime: Date }[]>();
  for await (const { workflowId, runId, startTime, status } of workflow.list({
    query,
    pageSize: Math.min(limit, 1000),
  })) {
    if (!accepts(workflowId)) continue;
    const runs = found.get(workflowId) ?? [];
    if (status.name !== 'CONTINUED_AS_NEW') runs.push({ runId, startTime });
    found.set(workflowId, runs);
    if (found.size >= limit) break;
  }
  const newestFirst = (runs: { startTime: Date }[]) => runs.sort((a, b) => Number(b.startTime) - Number(a.startTime));
  for (const runs of found.values()) newestFirst(runs);
  return new Map([...found].map(([id, runs]) => [id, runs.map(({ runId }) => runId)]));
}
