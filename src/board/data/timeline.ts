import type { Client } from '@temporalio/client';
import { bounded } from '../../async/bounded';
import { GroupRoutes } from '../../client/group-routes';
import { readTaskHistory } from '../../client/history/task-history';
import { groupsSetting } from '../../client/settings';
import { checkTask } from '../../client/task-filter';
import type { TaskIdentity } from '../../report';
import type { Timeline } from '../wire';

const MOST_ENTRIES = 200;
/** Of each heartbeat workflow: in a large group most of what a run has is of other tasks. */
const MOST_RUNS = 10;
const TIMELINE_MS = 15_000;

/** What happened to a task, the newest first. @throws as `MigrationHubClient.history` */
export async function timelineOf(client: Client, task: TaskIdentity): Promise<Timeline> {
  checkTask(task);
  const routes = new GroupRoutes(groupsSetting(undefined), false);
  const { events, isCut } = await bounded(TIMELINE_MS, undefined, (signal) =>
    client.withAbortSignal(signal, async () => {
      const ids = await routes.candidates(client, task);
      return readTaskHistory(client, ids, task.migrationTaskName, { limit: MOST_ENTRIES, runs: MOST_RUNS });
    }),
  );
  return { entries: events.reverse(), isCut };
}
