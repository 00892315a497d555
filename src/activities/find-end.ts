import { activityInfo, getClient, log } from '@temporalio/activity';
import type { Client } from '@temporalio/client';
import { bounded } from '../async/bounded';
import { runsOf } from '../client/heartbeat-lists';
import { orNone } from '../client/heartbeat-workflows';
import { groupFromHistory } from '../client/history/group-from-history';
import type { EarlierEnd, NotifyItem, ReadBack } from '../task-state';

/** Finds what an earlier run of the heartbeat workflow knew of an end; undefined where none did, as of an end that another writer sent. */
export type FindEnd = (item: NotifyItem, found: ReadBack) => Promise<EarlierEnd | undefined>;

/** The notifications of the round wait for the answer. */
const FIND_MS = 5000;
/** Runs that are read: the newest one that has ended knows, unless it was for attachments only. */
const RUNS = 3;

/** Asks Temporal for the histories of the earlier runs of the heartbeat workflow whose activity this is. */
export const findEnd: FindEnd = async ({ migrationTaskName, register = {} }, { updateDateTime }) => {
  const { workflowId, runId: own } = activityInfo().workflowExecution ?? {};
  if (!workflowId) return undefined;
  const find = async (client: Client) => {
    const earlier = (await runsOf(client, workflowId)).filter(({ runId }) => runId !== own);
    for (const { runId } of earlier.slice(0, RUNS)) {
      const group = await orNone(groupFromHistory(client, workflowId, runId));
      const end = group?.endOf(migrationTaskName, updateDateTime, register);
      if (end) return end;
    }
    return undefined;
  };
  try {
    const client = getClient();
    return await bounded(FIND_MS, undefined, (signal) => client.withAbortSignal(signal, () => find(client)));
  } catch (error) {
    const reason = String(error);
    log.warn('the run that ended a task could not be read: reports that follow are judged by their time', {
      migrationTaskName,
      reason,
    });
    return undefined;
  }
};
