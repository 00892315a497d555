import { Client } from '@temporalio/client';
import { expect, it } from 'vitest';
import { MigrationHubClient } from '../../src';
import { groupFromHistory } from '../../src/client/history/group-from-history';
import { createMigrationHubWorkers } from '../../src/worker/workers';
import { encrypted } from './encrypting-codec';
import { startHarness } from './harness';

it('an encrypted history is read with the codec, and without it is refused, not misread', async () => {
  const h = await startHarness();
  const task = { progressUpdateStream: 'Secret', migrationTaskName: 'vm-1', status: 'IN_PROGRESS' } as const;
  const dataConverter = { payloadCodecs: [encrypted] };
  const { namespace } = h;
  const { nativeConnection: connection, connection: ours } = h.server.env;
  const options = { region: 'us-west-2', endpoint: h.emulator.url };
  const workers = await createMigrationHubWorkers({ connection, namespace, dataConverter }, options);
  const running = workers.run();
  const secret = new MigrationHubClient({ client: new Client({ connection: ours, namespace, dataConverter }) });
  try {
    await secret.waitForDelivery(await secret.report({ ...task, progressPercent: 10 }));
  } finally {
    workers.shutdown();
    await running;
  }
  await secret.report({ ...task, progressPercent: 20 });
  expect(await secret.lastReportedState('Secret', 'vm-1')).toMatchObject({
    source: 'history',
    lastDelivered: { progressPercent: 10 },
    pending: { progressPercent: 20 },
  });
  const misread = groupFromHistory(h.server.env.client, 'mgh:Secret:vm-1');
  await expect(misread).rejects.toThrow(
    'does this client lack a codec of the workers? (Unknown encoding: binary/encrypted)',
  );
  await h.close();
});
