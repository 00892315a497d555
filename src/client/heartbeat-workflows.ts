import type { Client } from '@temporalio/client';
import { BETWEEN_STEPS, STATE_QUERY } from '../report';
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

/** Undefined where there is no such workflow, or run (any more). */
export async function orNone<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

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
