import type { Client } from '@temporalio/client';
import { bounded } from '../../async/bounded';
import { MigrationHubClient } from '../../client/migration-hub-client';
import type { TaskIdentity } from '../../report';
import type { Timeline } from '../wire';

const MOST_ENTRIES = 200;
const TIMELINE_MS = 15_000;

/** What happened to a task, the newest first. @throws as `MigrationHubClient.history` */
export async function timelineOf(client: Client, task: TaskIdentity): Promise<Timeline> {
  const { progressUpdateStream, migrationTaskName } = task;
  const hub = new MigrationHubClient({ client });
  const events = await bounded(TIMELINE_MS, undefined, (signal) =>
    client.withAbortSignal(signal, () =>
      hub.history(progressUpdateStream, migrationTaskName, { limit: MOST_ENTRIES + 1 }),
    ),
  );
  return { entries: events.reverse().slice(0, MOST_ENTRIES), isCut: events.length > MOST_ENTRIES };
}
