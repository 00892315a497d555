import { Client } from '@temporalio/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MigrationHubClient } from '../../src';
import { aliveIn, hasty } from './alive';
import { logged, registerNamespace, startHarness, until, type Harness } from './harness';

let h: Harness;
let client: MigrationHubClient;
beforeAll(async () => {
  h = await startHarness();
  client = new MigrationHubClient({ client: h.server.env.client });
  await h.startHub(hasty);
});
afterAll(() => h?.close());

const { viewOf, expectAlive, untilGivenUp } = aliveIn('Callers', () => client);

describe('an owner in another namespace', () => {
  const report = (name: string, namespace: string) =>
    client.report({
      progressUpdateStream: 'Callers',
      migrationTaskName: name,
      status: 'IN_PROGRESS',
      nextUpdateSeconds: 45,
      owner: { ownerId: name, workflowId: `abroad-${name}`, namespace, sequence: 1 },
    });

  it('is asked there: heartbeats go on while it is open, and it is FAILED once it was terminated', async () => {
    const { connection } = h.server.env;
    await registerNamespace(connection, 'abroad');
    const abroad = new Client({ connection, namespace: 'abroad' });
    const owner = await abroad.workflow.start('nobody', { taskQueue: 'nobody', workflowId: 'abroad-there', args: [] });
    await report('there', 'abroad');
    await expectAlive('there');
    await owner.terminate();
    await until('FAILED', async () => (await viewOf('there'))?.lastDelivered?.status === 'FAILED');
    await report('never was', 'abroad');
    await untilGivenUp('never was');
    expect((await viewOf('never was'))?.abandoned?.reason).toMatch(/is not known to Temporal any more$/);
  });

  it('that does not exist counts as open, with a warning', async () => {
    await report('nowhere', 'no-such-namespace');
    await expectAlive('nowhere');
    expect(logged).toContain('Temporal did not list the workflows that report; they count as open');
  });
});
