import type { Client } from '@temporalio/client';
import { loseWorkflowTask } from '../../dev/lost-worker';
import { STATE_QUERY } from '../../src/report';
import type { Harness } from './harness';

const POLL_MS = 90_000;
const LOSE_WITHIN_MS = 90_000;

/** A query on its way: it must have ended before its connection is closed, since the SDK may be about to repeat it. */
export interface Asked {
  workflowId: string;
  ended: boolean;
}

/** Asks each workflow `times` times at once, as any Temporal client does: nothing is repeated. */
export const askAll = (client: Client, workflowIds: string[], times: number): Asked[] =>
  workflowIds.flatMap((workflowId) =>
    Array.from({ length: times }, () => {
      const asked = { workflowId, ended: false };
      const end = () => void (asked.ended = true);
      void client.workflow.getHandle(workflowId).query(STATE_QUERY, null, null).then(end, end);
      return asked;
    }),
  );

/** Loses one workflow task of each of these workflows, together with a worker. Gives the queries that came with each. */
export async function loseWorkflowTasks(
  { server, namespace }: Harness,
  workflowIds: string[],
): Promise<Map<string, number>> {
  const { connection } = server.env;
  const missing = new Set(workflowIds);
  const attached = new Map<string, number>();
  for (const end = Date.now() + LOSE_WITHIN_MS; missing.size > 0;) {
    if (Date.now() > end) throw new Error(`there was no workflow task of ${[...missing].join(', ')}`);
    const task = await loseWorkflowTask(connection, namespace, POLL_MS);
    if (task && missing.delete(task.workflowId)) attached.set(task.workflowId, task.queries);
  }
  return attached;
}
