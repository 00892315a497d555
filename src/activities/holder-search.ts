import { activityInfo, getClient } from '@temporalio/activity';
import { queryTaskOf } from '../client/heartbeat-workflows';
import type { ReportSettings } from '../client/settings';
import { type TaskIdentity } from '../report';
import { parseHeartbeatId, rivalIds, type NotifyFailure } from '../task-state';
import { StreamLists } from './stream-lists';

/** A workflow that does not answer in this time may hold the task: it is asked again later. */
const ASK_MS = 3000;

/** Who else speaks for a task, or why that could not be found out; undefined where nobody does. */
export type HolderSearch = (task: TaskIdentity) => Promise<{ heldBy: string } | { failure: NotifyFailure } | undefined>;

/**
 * Looks for an open heartbeat workflow of another number of groups that speaks for a task which the asking one has just met.
 * Of two that have both just met it, the one whose id sorts first keeps it.
 */
export function createHolderSearch(groupsOf: ReportSettings['groupsOf']): HolderSearch {
  const lists = new StreamLists();
  return async (task) => {
    const id = activityInfo().workflowExecution?.workflowId;
    // Whoever calls the activity from a workflow of their own is no heartbeat workflow.
    if (id === undefined || !parseHeartbeatId(id)) return undefined;
    try {
      const listed = await lists.of(task.progressUpdateStream);
      // What this worker is set to is asked for in any case: Temporal's list may lag behind.
      for (const rival of rivalIds(task, id, [...listed, groupsOf(task.progressUpdateStream)])) {
        const holder = await holderBy(rival, task, id);
        if (holder) return { heldBy: holder };
      }
      return undefined;
    } catch (error) {
      const { message } = error as Error;
      const failure = { type: 'HolderUnknown', message: `who else speaks for the task is not known: ${message}` };
      return { failure: { ...failure, retryable: true } };
    }
  };
}

/** Who holds the task as far as `rival` knows: itself, or whom it has handed it to. */
async function holderBy(rival: string, task: TaskIdentity, id: string): Promise<string | undefined> {
  const client = getClient();
  try {
    return await client.withDeadline(Date.now() + ASK_MS, async () => {
      // One that has ended is still answered for.
      const { status } = await client.workflow.getHandle(rival).describe();
      if (status.name !== 'RUNNING' && status.name !== 'PAUSED') return undefined;
      const view = await queryTaskOf(client.workflow, rival, task);
      if (!view || view.heldBy === id) return undefined;
      return view.heldBy ?? (view.registered || rival < id ? rival : undefined);
    });
  } catch (error) {
    if ((error as Error).name === 'WorkflowNotFoundError') return undefined;
    throw error;
  }
}
