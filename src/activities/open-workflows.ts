import { activityInfo, getClient, log } from '@temporalio/activity';
import type { Client } from '@temporalio/client';
import { isPlain } from '../client/heartbeat-lists';
import { neverLists } from '../client/heartbeat-workflows';
import { toSeconds } from '../client/timestamp';
import type { Owner, OwnerEnd } from '../task-state';

/** Notifications wait for the answer; one that does not come in this time counts as "still open". */
const ASK_MS = 3000;
const LISTED_AT_ONCE = 500;
/** Of gRPC. */
const NOT_FOUND = 5;
/** Of WorkflowExecutionStatus. */
const CONTINUED_AS_NEW = 6;

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
  /** Its type. */
  workflowType?: string;
  /** How its latest run has ended; absent while it is open. */
  end?: OwnerEnd;
  /** Temporal did not say: it counts as open. */
  unanswered?: true;
}

type Info = Awaited<ReturnType<Client['workflowService']['listWorkflowExecutions']>>['executions'][number];

function answerOf(workflowId: string, info: Info | null | undefined): Answer {
  const [type, parent, root] = [info?.type?.name, info?.parentExecution?.workflowId, info?.rootExecution?.workflowId];
  return {
    end: ENDS[info?.status ?? 0],
    ...(type && { workflowType: type }),
    ...(parent && { parent }),
    ...(root && root !== workflowId && { root }),
  };
}

/** Whether what has the owner's id is the owner, as far as both types are known. */
export const isOfItsType = ({ workflowType: its }: Owner, { workflowType: type }: Answer): boolean =>
  its === undefined || type === undefined || its === type;

const inNamespace = (namespace: string | undefined): string => namespace ?? activityInfo().namespace;

async function listed(query: string, namespace: string | undefined, pageSize: number): Promise<Info[]> {
  const client = getClient();
  const { executions } = await client.withDeadline(Date.now() + ASK_MS, () =>
    client.workflowService.listWorkflowExecutions({ namespace: inNamespace(namespace), query, pageSize }),
  );
  return executions;
}

/** Those of the workflows that run; undefined where the server did not say. */
export async function listOpen(
  workflowIds: string[],
  namespace?: string,
): Promise<ReadonlyMap<string, Answer> | undefined> {
  const open = new Map<string, Answer>();
  const plain = workflowIds.filter(isPlain);
  try {
    for (let from = 0; from < plain.length; from += LISTED_AT_ONCE) {
      const ids = plain.slice(from, from + LISTED_AT_ONCE).map((id) => `'${id}'`);
      const query = `WorkflowId IN (${ids.join(', ')}) AND ExecutionStatus = 'Running'`;
      for (const info of await listed(query, namespace, LISTED_AT_ONCE)) {
        const workflowId = info.execution?.workflowId;
        if (workflowId) open.set(workflowId, answerOf(workflowId, info));
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
  return { startedAt: startOf(info), ...answerOf(workflowId, info) };
}

/**
 * A run of a retry policy or a cron schedule has the time at which the run before it closed as its start: its back-off comes on top.
 * A first run begins at its start, since a signal may end its delay.
 */
function startOf(info: Info | null | undefined): number | undefined {
  const isFirst = info?.firstRunId === info?.execution?.runId;
  const times = [info?.startTime, isFirst ? undefined : info?.executionTime];
  return Math.max(...times.map(toSeconds)) || undefined;
}

/**
 * How a workflow's latest run has ended (continued as new, or run again, is no end). No answer counts as open. Where a workflow of
 * another type has its id now, the newest run of its own type counts.
 */
export async function askWhetherOpen(owner: Owner): Promise<Answer> {
  try {
    const latest: Answer = await describeWorkflow(owner);
    if (isOfItsType(owner, latest)) return latest;
    const own = await newestOfItsType(owner);
    // What is there now is its next run, under another type.
    if (own?.status === CONTINUED_AS_NEW) return latest;
    const runId = own?.execution?.runId;
    return runId ? await describeWorkflow(owner, runId) : { end: 'NOT_FOUND' };
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

/** The newest run of the owner's id and type; undefined where the server has none, or no lists. */
async function newestOfItsType({ workflowId, workflowType = '', namespace }: Owner): Promise<Info | undefined> {
  if (!isPlain(workflowId + workflowType)) return undefined;
  try {
    const [newest] = await listed(`WorkflowId = '${workflowId}' AND WorkflowType = '${workflowType}'`, namespace, 1);
    return newest;
  } catch (error) {
    if (neverLists(error)) return undefined;
    throw error;
  }
}

/** The server tells a namespace that it does not know from a workflow that it does not know by the type of its detail. */
function isNamespaceMissing(error: unknown): boolean {
  const { metadata } = error as { metadata?: { get(key: string): unknown[] } };
  return (metadata?.get('grpc-status-details-bin') ?? []).some((detail) =>
    String(detail).includes('NamespaceNotFound'),
  );
}
