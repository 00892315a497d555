import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MigrationHubClient } from '../../src/client/migration-hub-client';
import { startHarness, until, type Harness } from './harness';

let harness: Harness;
beforeAll(async () => {
  harness = await startHarness();
});
afterAll(async () => {
  await harness?.stopAll();
  await harness?.close();
});

describe('reports that wait for the first worker', () => {
  it('are all delivered, though they are more events than a run may have', async () => {
    const heartbeat = { maxHistoryEvents: 50 };
    const client = new MigrationHubClient({ client: harness.server.env.client, groups: 1, heartbeat });
    const names = Array.from({ length: 80 }, (_, i) => `server-${i}`);
    const report = { progressUpdateStream: 'FirstBurst', status: 'IN_PROGRESS', progressPercent: 1 } as const;
    for (const migrationTaskName of names) await client.report({ ...report, migrationTaskName });
    await harness.startHub();
    const isDelivered = () =>
      harness.emulator.tasks().filter((task) => task.status === 'IN_PROGRESS').length === names.length;
    await until('all delivered', isDelivered, 30);
    expect(harness.emulator.tasks()).toHaveLength(names.length);
  });
});
