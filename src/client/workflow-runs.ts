import type { Client } from '@temporalio/client';
import type { Owner, OwnerEnd } from '../task-state';
import { isPlain } from './heartbeat-lists';
import { neverLists } from './heartbeat-workflows';
import { toSeconds } from './timestamp';

/** Notifications wait for the answer; one that does not come in this time counts as "still open". */
const ASK_MS = 3000;
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

/** A run, as the server describes it. */
export type RunInfo = Awaited<ReturnType<Client['workflowService']['listWorkflowExecutions']>>['executions'][number];

/** What a description or a list tells of a workflow. */
export function answerOf(workflowId: string, info: RunInfo | null | undefined): Answer {
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

/** The runs that a query of a list finds. @throws what the server answers */
export async function listRuns(
  client: Client,
  query: string,
  { namespace = client.options.namespace, pageSize }: { namespace?: string; pageSize: number },
): Promise<RunInfo[]> {
  const { executions } = await client.withDeadline(Date.now() + ASK_MS, () =>
    client.workflowService.listWorkflowExecutions({ namespace, query, pageSize }),
  );
  return executions;
}

/** A workflow's latest run, or the one named; its start in epoch seconds. @throws what the server answers */
export async function describeWorkflow(client: Client, { workflowId, namespace }: Owner, runId?: string) {
  const { workflowExecutionInfo: info } = await client.withDeadline(Date.now() + ASK_MS, () =>
    client.workflowService.describeWorkflowExecution({
      namespace: namespace ?? client.options.namespace,
      execution: { workflowId, runId },
    }),
  );
  return { startedAt: startOf(info), ...answerOf(workflowId, info) };
}

/**
 * A run of a retry policy or a cron schedule has the time at which the run before it closed as its start: its back-off comes on top.
 * A first run begins at its start, since a signal may end its delay.
 */
function startOf(info: RunInfo | null | undefined): number | undefined {
  const isFirst = info?.firstRunId === info?.execution?.runId;
  const times = [info?.startTime, isFirst ? undefined : info?.executionTime];
  return Math.max(...times.map(toSeconds)) || undefined;
}

/**
 * How a workflow's latest run has ended (continued as new, or run again, is no end). Where a workflow of another type has its id now,
 * the newest run of its own type counts. @throws what the server answers, but that it does not know the workflow
 */
export async function findWorkflow(client: Client, owner: Owner): Promise<Answer> {
  try {
    const latest: Answer = await describeWorkflow(client, owner);
    if (isOfItsType(owner, latest)) return latest;
    const own = await newestOfItsType(client, owner);
    // What is there now is its next run, under another type.
    if (own?.status === CONTINUED_AS_NEW) return latest;
    const runId = own?.execution?.runId;
    return runId ? await describeWorkflow(client, owner, runId) : { end: 'NOT_FOUND' };
  } catch (error) {
    if ((error as { code?: number }).code === NOT_FOUND && !isNamespaceMissing(error)) return { end: 'NOT_FOUND' };
    throw error;
  }
}

/** The newest run of the owner's id and type; undefined where the server has none, or no lists. */
async function newestOfItsType(
  client: Client,
  { workflowId, workflowType = '', namespace }: Owner,
): Promise<RunInfo | undefined> {
  if (!isPlain(workflowId + workflowType)) return undefined;
  try {
    const query = `WorkflowId = '${workflowId}' AND WorkflowType = '${workflowType}'`;
    const [newest] = await listRuns(client, query, { namespace, pageSize: 1 });
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
