import type { Client } from '@temporalio/client';
import { STATE_QUERY, TASK_QUEUE } from '../../src/task-state';
import type { Harness } from './harness';

/** QueryResultType of the API. */
const QUERY_FAILED = 2;
const POLL_MS = 90_000;
const LOSE_WITHIN_MS = 90_000;

/** A query on its way. */
export interface Asked {
  workflowId: string;
  /** What became of it: the answer, or why there is none. */
  outcome?: { answer: unknown } | { failure: string };
  ended: Promise<void>;
}

/** Asks each workflow `times` times at once, as any Temporal client does: nothing is repeated. */
export const askAll = (client: Client, workflowIds: string[], times: number): Asked[] =>
  workflowIds.flatMap((workflowId) =>
    Array.from({ length: times }, () => {
      const asked: Asked = { workflowId, ended: Promise.resolve() };
      asked.ended = client.workflow
        .getHandle(workflowId)
        .query(STATE_QUERY, null, null)
        .then(
          (answer) => void (asked.outcome = { answer }),
          (error: Error) => void (asked.outcome = { failure: error.message }),
        );
      return asked;
    }),
  );

/**
 * A worker that takes one workflow task of each of these workflows, and is lost with them. Queries that wait in the task queue may
 * come to it first, and fail. Gives the queries that came with each workflow task.
 */
export async function loseWorkflowTasks({ server }: Harness, workflowIds: string[]): Promise<Map<string, number>> {
  const { connection, namespace = 'default' } = server.env;
  const { workflowService } = connection;
  const missing = new Set(workflowIds);
  const attached = new Map<string, number>();
  const poll = async () => {
    const task = await connection.withDeadline(Date.now() + POLL_MS, () =>
      workflowService.pollWorkflowTaskQueue({ namespace, taskQueue: { name: TASK_QUEUE }, identity: 'lost' }),
    );
    const workflowId = task.workflowExecution?.workflowId ?? '';
    if (task.query)
      await workflowService
        .respondQueryTaskCompleted({
          namespace,
          taskToken: task.taskToken,
          completedType: QUERY_FAILED,
          errorMessage: 'taken by the worker that is lost',
        })
        // Nobody waits for it any more.
        .catch(() => undefined);
    else if (missing.delete(workflowId)) attached.set(workflowId, Object.keys(task.queries ?? {}).length);
  };
  for (const end = Date.now() + LOSE_WITHIN_MS; missing.size > 0;) {
    if (Date.now() > end) throw new Error(`there was no workflow task of ${[...missing].join(', ')}`);
    await poll();
  }
  return attached;
}
