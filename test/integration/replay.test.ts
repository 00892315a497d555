import { Worker } from '@temporalio/worker';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { MigrationHubClient } from '../../src/client/migration-hub-client';
import { query } from '../../src/client/heartbeat-workflows';
import { startHarness, until, type Harness } from './harness';
import { LOADED_MACHINE } from '../../src/worker/loaded-machine';
import { workflowCode } from '../../src/worker/workflow-bundle';

let h: Harness;
beforeAll(async () => {
  h = await startHarness();
});
afterEach(() => h.stopAll());
afterAll(() => h?.close());

/** Throws where the workflow's commands on replay are not those of its history. */
async function replay(workflowId: string): Promise<void> {
  const history = await h.server.env.client.workflow.getHandle(workflowId).fetchHistory();
  await Worker.runReplayHistory({ workflowBundle: await workflowCode(), ...LOADED_MACHINE }, history, workflowId);
}

it('a question that waits for a worker while a heartbeat falls due is answered, and does no harm', async () => {
  const task = { progressUpdateStream: 'Asked', migrationTaskName: 'vm-1' };
  const workflowId = 'mgh:Asked:vm-1';
  const client = new MigrationHubClient({ client: h.server.env.client });
  const heartbeats = async () => (await client.lastReportedState('Asked', 'vm-1'))?.counters.heartbeats ?? 0;
  const first = await h.startHub();
  await client.waitForDelivery(await client.report({ ...task, status: 'IN_PROGRESS', nextUpdateSeconds: 45 }));
  const dueAt = (await client.lastReportedState('Asked', 'vm-1'))?.nextHeartbeatAt as number;
  await first.stop();

  await until('two seconds before the heartbeat', () => Date.now() / 1000 > dueAt - 2);
  const { client: temporal } = h.server.env;
  const asked = temporal.withDeadline(Date.now() + 300_000, () => query(temporal, workflowId, task.migrationTaskName));
  asked.catch(() => undefined);
  await until('the heartbeat to be due', () => Date.now() / 1000 > dueAt + 2);
  const second = await h.startHub();
  expect(await asked).toMatchObject({ lastDelivered: { status: 'IN_PROGRESS' } });
  await until('the heartbeat', async () => (await heartbeats()) >= 1);
  await replay(workflowId);

  // Without its cache the next worker has nothing but the history.
  const before = await heartbeats();
  await second.stop();
  await h.startHub();
  await until('a further heartbeat', async () => (await heartbeats()) > before);
  await replay(workflowId);
});
