import type { Client } from '@temporalio/client';

/** TaskQueueType of the API. */
const KINDS = { workflow: 1, activity: 2 } as const;
/** A worker polls at least once a minute; the server remembers it for five. */
const POLLED_WITHIN_SECONDS = 75;

/** A worker that polls a task queue. */
export interface Poller {
  /** As the worker calls itself. */
  identity: string;
  /** Since its last poll began. */
  secondsAgo: number;
  /** `<deployment>:<build id>`, or its build id; absent where it has none. */
  version?: string;
}

/** What the server knows of a task queue. */
export interface QueueLook {
  /** Its name. */
  queue: string;
  /** Workers that poll it now. */
  workers: Poller[];
  /** Those that the server remembers, but that have not polled it for more than a minute. */
  before: Poller[];
  /** Tasks that wait for a worker, roughly. */
  waiting: number;
  /** How long the oldest of them has waited, in seconds. */
  oldestSeconds: number;
}

/** Asks the server about the workflow or the activity tasks of a task queue. */
export async function lookAt(client: Client, queue: string, kind: keyof typeof KINDS): Promise<QueueLook> {
  const { namespace } = client.options;
  const { pollers, stats } = await client.workflowService.describeTaskQueue({
    namespace,
    taskQueue: { name: queue },
    taskQueueType: KINDS[kind],
    reportStats: true,
  });
  const now = Date.now() / 1000;
  const workers = (pollers ?? []).map(({ identity, lastAccessTime, deploymentOptions, workerVersionCapabilities }) => {
    const { deploymentName, buildId } = deploymentOptions ?? {};
    return {
      identity: identity || 'one without a name',
      secondsAgo: Math.max(0, now - Number(lastAccessTime?.seconds ?? 0)),
      // The SDK adds a hash of the workflow code.
      version: deploymentName
        ? `${deploymentName}:${buildId}`
        : workerVersionCapabilities?.buildId?.replace(/\+[0-9a-f]{64}$/, '') || undefined,
    };
  });
  return {
    queue,
    workers: workers.filter(({ secondsAgo }) => secondsAgo < POLLED_WITHIN_SECONDS),
    before: workers.filter(({ secondsAgo }) => secondsAgo >= POLLED_WITHIN_SECONDS),
    waiting: Number(stats?.approximateBacklogCount ?? 0),
    oldestSeconds: Number(stats?.approximateBacklogAge?.seconds ?? 0),
  };
}
