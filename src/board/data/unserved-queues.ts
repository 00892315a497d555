import type { Client } from '@temporalio/client';
import { NOTIFY_TASK_QUEUE, TASK_QUEUE } from '../../report';

/** Temporal's numbers of the types of a task queue (`temporal.api.enums.v1.TaskQueueType`). */
const WORKFLOW = 1;
const ACTIVITY = 2;

const POLLED: [queue: string, type: number][] = [
  [TASK_QUEUE, WORKFLOW],
  [TASK_QUEUE, ACTIVITY],
  [NOTIFY_TASK_QUEUE, ACTIVITY],
];

/** A worker that waits for tasks asks anew each minute; the server remembers it for some minutes more. */
const POLL_SECONDS = 90;

/** Those of our task queues that no worker polls. @throws Error where the server does not tell */
export async function unservedQueues(client: Client, now: number): Promise<string[]> {
  const served = await Promise.all(
    POLLED.map(async ([name, taskQueueType]) => {
      const { namespace } = client.options;
      const request = { namespace, taskQueue: { name }, taskQueueType };
      const { pollers } = await client.workflowService.describeTaskQueue(request);
      return (pollers ?? []).some(({ lastAccessTime }) => now - Number(lastAccessTime?.seconds ?? 0) < POLL_SECONDS);
    }),
  );
  return [...new Set(POLLED.filter((_, i) => !served[i]).map(([name]) => name))];
}
