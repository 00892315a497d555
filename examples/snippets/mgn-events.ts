import { Client, Connection } from '@temporalio/client';
import { createMgnEventHandler, MigrationHubClient } from 'temporal-migration-hub/client';

const { TEMPORAL_ADDRESS, TEMPORAL_NAMESPACE, TEMPORAL_API_KEY } = process.env;
const connection = Connection.lazy({ address: TEMPORAL_ADDRESS, apiKey: TEMPORAL_API_KEY, tls: true });
const client = new Client({ connection, namespace: TEMPORAL_NAMESPACE });

export const handler = createMgnEventHandler({
  hub: new MigrationHubClient({ client }),
  progressUpdateStream: 'DatacenterExit',
  nextUpdateSeconds: 86_400,
  silenceLimitSeconds: 90 * 86_400,
});
