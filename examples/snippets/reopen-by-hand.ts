import type { Client } from '@temporalio/client';
import { MigrationHubClient } from 'temporal-migration-hub/client';

export async function tryAgainByHand(client: Client): Promise<void> {
  const hub = new MigrationHubClient({ client });
  const task = { progressUpdateStream: 'DatacenterExit', migrationTaskName: 'web-01' };
  await hub.reopen({ ...task, statusDetail: 'Second cutover, by hand', silenceLimitSeconds: 86_400 });
  const report = await hub.report({ ...task, status: 'COMPLETED', progressPercent: 100 });
  await hub.waitForDelivery(report);
}
