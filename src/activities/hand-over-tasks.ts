import { getClient } from '@temporalio/activity';
import { signalAdoption } from '../client/heartbeat-workflows';
import type { HandOverBatch, HeartbeatSettings } from '../task-state';
import { settleInParallel } from './settle-in-parallel';

/** Workflows signalled at once. */
const CONCURRENCY = 20;

/** Gives tasks to the heartbeat workflows that are to speak for them from now on, starting those that are not there yet. */
export async function handOverTasks(batches: HandOverBatch[], settings: HeartbeatSettings): Promise<void> {
  await settleInParallel(batches, CONCURRENCY, async (batch) => {
    await signalAdoption(getClient().workflow, batch, settings);
    return true;
  });
}
