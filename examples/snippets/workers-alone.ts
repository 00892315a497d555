import type { MigrationHubClient } from '@aws-sdk/client-migration-hub';
import { NativeConnection } from '@temporalio/worker';
import { createMigrationHubWorkers } from 'temporal-migration-hub/worker';

export async function serve(client: MigrationHubClient): Promise<void> {
  const connection = await NativeConnection.connect({ address: 'localhost:7233' });
  const workers = await createMigrationHubWorkers({ connection, namespace: 'default' }, { client });
  await workers.run(); // until SIGTERM, SIGINT or workers.shutdown()
  await connection.close();
}
