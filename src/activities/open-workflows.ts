import { activityInfo, getClient, log } from '@temporalio/activity';
import { neverLists } from '../client/heartbeat-workflows';
import type { Owner, OwnerEnd } from '../task-state';

/** Notifications wait for the answer; one that does not come in this time counts as "still open". */
const ASK_MS = 3000;
const LISTED_AT_ONCE = 500;
const NOT_FOUND = 5;

/** By WorkflowExecutionStatus; any other is open: running, paused, or continued as new. */
const ENDS: Readonly<Record<number, OwnerEnd>> = {
  2: 'COMPLETED',
  3: 'FAILED',
  4: 'CANCELLED',
  5: 'TERMINATED',
  7: 'TIMED_OUT',
};

/** Who started a workflow: ids, absent where nobody did. */
export interface StartedBy {
  /** The workflow whose child it is. */
  parent?: string;
  /** The first of its tree. */
  root?: string;
}

/** What is known of one workflow. */
export interface Answer extends StartedBy {
  /** How its latest run has ended; absent while it is open. */
  end?: OwnerEnd;
  /** Temporal did not say: it counts as open. */
  unanswered?: true;
}

interface Execution {
  workflowId?: string | null;
}
const startedBy = (
  workflowId: string,
  info?: { parentExecution?: Execution | null; rootExecution?: Execution | null } | null,
): StartedBy => {
  const [parent, root] = [info?.parentExecution?.workflowId, info?.rootExecution?.workflowId];
  return { ...(parent && { parent }), ...(root && root !== workflowId && { root }) };
};

const inNamespace = (namespace: string | undefined): string => namespace ?? activityInfo().namespace;

/** Those of the workflows that run; undefined where the server did not say. */
export async function listOpen(
  workflowIds: string[],
  namespace?: string,
): Promise<ReadonlyMap<string, StartedBy> | undefined> {
  const open = new Map<string, StartedBy>();
  const client = getClient();
  // Quotes would end the text of the query.
  const plain = workflowIds.filter((id) => !/["'\\]/.test(id));
  try {
    for (let from = 0; from < plain.length; from += LISTED_AT_ONCE) {
      const ids = plain.slice(from, from + LISTED_AT_ONCE).map((id) => `'${id}'`);
      const { executions } = await client.withDeadline(Date.now() + ASK_MS, () =>
        client.workflowService.listWorkflowExecutions({
          namespace: inNamespace(namespace),
          query: `WorkflowId IN (${ids.join(', ')}) AND ExecutionStatus = 'Running'`,
          pageSize: LISTED_AT_ONCE,
        }),
      );
      for (const info of executions) {
        const workflowId = info.execution?.workflowId;
        if (workflowId) open.set(workflowId, startedBy(workflowId, info));
      }
    }
    return open;
  } catch (error) {
    if (neverLists(error)) return new Map();
    const reason = String(error);
    log.warn('Temporal did not list the workflows that report; they count as open', { namespace, reason });
    return undefined;
  }
}

/** A workflow's latest run, or the one named; its start in epoch seconds. Outside of activities a client is needed, and a namespace. @throws what the server answers */
export async function describeWorkflow({ workflowId, namespace }: Owner, runId?: string, client = getClient()) {
  const { workflowExecutionInfo: info } = await client.withDeadline(Date.now() + ASK_MS, () =>
    client.workflowService.describeWorkflowExecution({
      namespace: inNamespace(namespace),
      execution: { workflowId, runId },
    }),
  );
  const { seconds, nanos } = info?.startTime ?? {};
  const startedAt = seconds ? Number(seconds) + Math.floor((nanos ?? 0) / 1e6) / 1000 : undefined;
  return { end: ENDS[info?.status ?? 0], startedAt, ...startedBy(workflowId, info) };
}

/** How a workflow's latest run has ended (continued as new, or run again, is no end). No answer counts as open. */
export async function askWhetherOpen(owner: Owner): Promise<Answer> {
  try {
    const { end, parent, root } = await describeWorkflow(owner);
    return { end, parent, root };
  } catch (error) {
    if ((error as { code?: number }).code === NOT_FOUND && !isNamespaceMissing(error)) return { end: 'NOT_FOUND' };
    const { workflowId, namespace } = owner;
    const reason = String(error);
    log.warn('a workflow that reports could not be asked whether it is still open; it counts as open', {
      workflowId,
      namespace,
      reason,
    });
    return { unanswered: true };
  }
}

/** The server tells a namespace that it does not know from a workflow that it does not know by the type of its detail. */
function isNamespaceMissing(error: unknown): boolean {
  const { metadata } = error as { metadata?: { get(key: string): unknown[] } };
  return (metadata?.get('grpc-status-details-bin') ?? []).some((detail) =>
    String(detail).includes('NamespaceNotFound'),
  );
}
