import { activityInfo, getClient, log } from '@temporalio/activity';
import type { Client } from '@temporalio/client';
import { bounded } from '../async/bounded';
import { runsOf } from '../client/heartbeat-lists';
import { orNone } from '../client/heartbeat-workflows';
import { groupFromHistory } from '../client/history/group-from-history';
import type { EarlierEnd, NotifyItem, ReadBack, TaskGroup } from '../task-state';

/** Finds what an earlier run of the heartbeat workflow knew of an end; undefined where none did, as of an end that another writer sent. */
export type FindEnd = (item: NotifyItem, found: ReadBack) => Promise<EarlierEnd | undefined>;

/** The notifications of the round wait for the answer. */
const READ_MS = 5000;
/** For the other tasks of the round, also where nothing could be read. */
const KEPT_MS = 10_000;
/** Runs that are read: the newest one that has ended knows, unless it was for attachments only. */
const RUNS = 2;

/** Asks Temporal for the histories of the earlier runs of the heartbeat workflow whose activity this is. One for each worker. */
export function endFinder(): FindEnd {
  // The tasks of a round are of one heartbeat workflow.
  let last: { key: string; until: number; groups: Promise<TaskGroup[]> } | undefined;
  const groupsBefore = (workflowId: string, runId: string): Promise<TaskGroup[]> => {
    const key = `${workflowId}/${runId}`;
    if (last?.key !== key || performance.now() > last.until)
      last = { key, until: performance.now() + KEPT_MS, groups: readEarlier(workflowId, runId) };
    return last.groups;
  };
  return async ({ migrationTaskName, register = {} }, { updateDateTime }) => {
    const { workflowId, runId } = activityInfo().workflowExecution ?? {};
    if (!workflowId || !runId) return undefined;
    for (const group of await groupsBefore(workflowId, runId)) {
      const end = group.endOf(migrationTaskName, updateDateTime, register);
      if (end) return end;
    }
    return undefined;
  };
}

async function readEarlier(workflowId: string, own: string): Promise<TaskGroup[]> {
  const read = async (client: Client) => {
    const earlier = (await runsOf(client, workflowId)).filter(({ runId }) => runId !== own).slice(0, RUNS);
    const groups = await Promise.all(earlier.map(({ runId }) => orNone(groupFromHistory(client, workflowId, runId))));
    return groups.flatMap((group) => group ?? []);
  };
  try {
    const client = getClient();
    return await bounded(READ_MS, undefined, (signal) => client.withAbortSignal(signal, () => read(client)));
  } catch (error) {
    const reason = String(error);
    log.warn('the runs that ended tasks could not be read: reports that follow are judged by their time', {
      workflowId,
      reason,
    });
    return [];
  }
}
