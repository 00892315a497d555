import { hostname } from 'node:os';
import type { Client } from '@temporalio/client';
import { NOTIFY_TASK_QUEUE } from '../report';

/** TaskQueueType of the API. */
const ACTIVITIES = 2;
/** A worker asks for tasks once a minute at least; the server remembers those of the last five. */
const RECENT_SECONDS = 90;

/**
 * The identities of workers that notify for this namespace: what is reported there goes to Migration Hub, and one of ours beside them
 * would send part of it to the emulator.
 */
export async function otherWorkers(client: Client): Promise<string[]> {
  const { namespace } = client.options;
  const { pollers } = await client.workflowService.describeTaskQueue({
    namespace,
    taskQueue: { name: NOTIFY_TASK_QUEUE },
    taskQueueType: ACTIVITIES,
  });
  const since = Date.now() / 1000 - RECENT_SECONDS;
  const recent = (pollers ?? []).filter(({ lastAccessTime }) => Number(lastAccessTime?.seconds ?? 0) > since);
  return recent.map(({ identity }) => identity ?? '').filter((identity) => !hasEnded(identity));
}

/** Of this machine, as the SDK names a worker, and no longer there: a `dev` before this one. */
function hasEnded(identity: string): boolean {
  const [, pid, host] = /^(\d+)@(.*)$/.exec(identity) ?? [];
  if (!pid || host !== hostname()) return false;
  try {
    process.kill(Number(pid), 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
}
