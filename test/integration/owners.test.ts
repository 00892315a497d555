import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { MigrationHubClient } from '../../src';
import { startHarness, until, type Harness } from './harness';

let h: Harness;
let client: MigrationHubClient;
beforeAll(async () => {
  h = await startHarness();
  client = new MigrationHubClient({ client: h.server.env.client });
});
afterEach(() => h.stopAll());
afterAll(() => h?.close());

const viewOf = (name: string) => client.lastReportedState('Callers', name);
/** Heartbeats after some four seconds. */
const hasty = { heartbeat: { heartbeatFraction: 0.1 } };
const start = (name: string, count: number) =>
  h.server.env.client.workflow.start('parentOfCallers', {
    taskQueue: 'migrations',
    workflowId: `parent-of-${name}`,
    args: [name, count],
  });

it('a parent that lets 33 short children report keeps its task alive while it is open; once it has ended, heartbeats end', async () => {
  await h.startHub(hasty);
  await h.startUserWorker();
  const parent = await start('many', 33);
  await until('the last report', async () => (await viewOf('many'))?.lastDelivered?.progressPercent === 33);
  const heartbeats = async () => (await viewOf('many'))?.counters.heartbeats ?? 0;
  const before = await heartbeats();
  await until('three more heartbeats', async () => (await heartbeats()) >= before + 3);
  expect(await viewOf('many')).toMatchObject({ lastDelivered: { status: 'IN_PROGRESS' }, freshness: 'fresh' });
  await parent.signal('goOn');
  await parent.result();
  await until('heartbeats to end', async () => (await viewOf('many'))?.abandoned !== undefined);
  expect((await viewOf('many'))?.abandoned?.reason).toContain('its owner many-33 completed without reporting an end');
});

it('of the tasks of a batch each is judged by its own migration: open, terminated, or not known', async () => {
  await h.startHub(hasty);
  const hub = new MigrationHubClient({ client: h.server.env.client, groups: 1, ...hasty });
  const { workflow } = h.server.env.client;
  const [, terminated] = await Promise.all(
    ['open', 'terminated'].map((name) =>
      workflow.start('nobody', { taskQueue: 'nobody', workflowId: `owner-${name}`, args: [] }),
    ),
  );
  await terminated?.terminate();
  const report = (name: string) =>
    hub.report({
      progressUpdateStream: 'Batch',
      migrationTaskName: name,
      status: 'IN_PROGRESS',
      nextUpdateSeconds: 34,
      owner: { ownerId: name, workflowId: `owner-${name}`, sequence: 1 },
    });
  await Promise.all(['open', 'terminated', 'unknown'].map(report));
  const of = (name: string) => hub.lastReportedState('Batch', name);
  await until('FAILED', async () => (await of('terminated'))?.lastDelivered?.status === 'FAILED');
  await until('the end of heartbeats', async () => (await of('unknown'))?.abandoned !== undefined);
  const { heartbeats = 0 } = (await of('open'))?.counters ?? {};
  await until('a further heartbeat', async () => ((await of('open'))?.counters.heartbeats ?? 0) > heartbeats);
  expect(await of('open')).toMatchObject({ lastDelivered: { status: 'IN_PROGRESS' } });
  expect(await of('unknown')).toMatchObject({
    lastDelivered: { status: 'IN_PROGRESS' },
    abandoned: { reason: 'its owner owner-unknown is not known to Temporal any more' },
  });
});
