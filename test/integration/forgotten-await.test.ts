import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MigrationHubClient } from '../../src/client/migration-hub-client';
import { logged, startHarness, until, type Harness } from './harness';
import { statesTold } from './journal';

let h: Harness;
let client: MigrationHubClient;
beforeAll(async () => {
  h = await startHarness();
  client = new MigrationHubClient({ client: h.server.env.client });
  await h.startHub({ heartbeat: { heartbeatFraction: 0.1 } });
  await h.startUserWorker([], 'migrations', join(__dirname, '../fixtures/forgotten-await.ts'));
});
afterAll(() => h?.close());

const run = (type: string) =>
  h.server.env.client.workflow.execute(type, {
    taskQueue: 'migrations',
    workflowId: `forgotten-${type}`,
    args: [type],
  });

describe('an await that is missing', () => {
  it('on reports costs nothing while the migration goes on: what is on its way arrives, the end last', async () => {
    await run('forgetsReports');
    await until('the end', () => statesTold(h.emulator, 'forgetsReports').at(-1) === 'COMPLETED 100');
  });

  it.each(['forgetsLastReport', 'forgetsRun'])(
    'on the last step (%s) is suspected aloud, in the log and in the query, when the task has no heartbeats any more',
    async (type) => {
      logged.length = 0;
      await run(type);
      const reason = async () => (await client.lastReportedState('Forgotten', type))?.abandoned?.reason;
      await until('heartbeats to end', async () => (await reason()) !== undefined);
      expect(await reason()).toBe(
        `its owner forgotten-${type} completed without reporting an end (is an await missing on its run or its last report?)`,
      );
      expect(logged).toContain('heartbeats of a task end');
    },
  );
});
