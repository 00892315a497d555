import { Client, Connection } from '@temporalio/client';
import { MigrationHubClient } from 'temporal-migration-hub/client';

async function main(): Promise<void> {
  const connection = await Connection.connect({ address: process.env['TEMPORAL_ADDRESS'] });
  const client = new Client({ connection });
  await client.workflow.start('migrateServer', {
    workflowId: 'migrate-web-01',
    taskQueue: 'migrations',
    args: ['web-01'],
  });
  const hub = new MigrationHubClient({ client });
  const task = { progressUpdateStream: 'DatacenterExit', migrationTaskName: 'web-01' };
  for await (const { freshness, lastDelivered } of hub.watch(task, { intervalSeconds: 1 })) {
    if (!lastDelivered) continue; // Migration Hub has nothing yet
    const { status, progressPercent, statusDetail = '' } = lastDelivered;
    console.log(freshness, status, progressPercent, statusDetail);
    if (freshness === 'terminal') break;
  }
  await connection.close();
}

main().catch((error: unknown) => {
  console.error(error);
  process.exit(1);
});
