import type { ConnectionLike } from '@temporalio/client';
import { TASK_QUEUE } from '../src/report';

/** QueryResultType of the API. */
const QUERY_FAILED = 2;

export interface LostTask {
  workflowId: string;
  /** Queries that came with the workflow task. */
  queries: number;
}

/**
 * Takes one task of the queue of heartbeat workflows, as a worker would that is then lost: a workflow task is never completed.
 * Undefined where none came in time, or a direct query, which fails at once.
 */
export async function loseWorkflowTask(
  connection: ConnectionLike,
  namespace: string,
  withinMs: number,
): Promise<LostTask | undefined> {
  const { workflowService } = connection;
  const taskQueue = { name: TASK_QUEUE };
  const { workflowExecution, query, queries, taskToken } = await connection.withDeadline(Date.now() + withinMs, () =>
    workflowService.pollWorkflowTaskQueue({ namespace, taskQueue, identity: 'lost' }),
  );
  if (!query)
    return workflowExecution
      ? { workflowId: workflowExecution.workflowId ?? '', queries: Object.keys(queries ?? {}).length }
      : undefined;
  const errorMessage = 'taken by the worker that is lost';
  await workflowService
    .respondQueryTaskCompleted({ namespace, taskToken, completedType: QUERY_FAILED, errorMessage })
    // Nobody waits for it any more.
    .catch(() => undefined);
  return undefined;
}
