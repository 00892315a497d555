import type { Client } from '@temporalio/client';
import { MigrationHubClient, type Freshness } from 'temporal-migration-hub/client';

const TROUBLE: Freshness[] = ['at-risk', 'stale', 'unattended'];

export async function showTrouble(client: Client): Promise<void> {
  const hub = new MigrationHubClient({ client });
  for await (const task of hub.list({ progressUpdateStream: 'DatacenterExit', freshness: TROUBLE }))
    console.log(task.migrationTaskName, task.freshness, task.lastFailure?.message);
}
