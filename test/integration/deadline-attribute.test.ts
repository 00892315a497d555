import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { MigrationHubClient } from '../../src';
import type { TaskReport } from '../../src/report';
import { CLI } from '../built';
import { startHarness, until, type Harness } from './harness';

/** IndexedValueType of the API. */
const KEYWORD = 2;
const DATETIME = 6;
const NAME = 'MigrationHubDeadline';
const heartbeat = { deadlineSearchAttribute: true, heartbeatFraction: 0.1 };

let h: Harness;
beforeAll(async () => {
  h = await startHarness({}, {});
});
afterEach(() => h.stopAll());
afterAll(() => h?.close());

const operator = () => h.server.env.connection.operatorService;
const add = (type: number) =>
  operator().addSearchAttributes({ namespace: 'default', searchAttributes: { [NAME]: type } });
const hubOf = (more = {}) =>
  new MigrationHubClient({ client: h.server.env.client, heartbeat: { ...heartbeat, ...more } });
const report = (migrationTaskName: string, more: Partial<TaskReport> = {}): TaskReport => ({
  progressUpdateStream: 'Listed',
  migrationTaskName,
  status: 'IN_PROGRESS',
  nextUpdateSeconds: 45,
  ...more,
});
/** What a shell finds by `temporal workflow list`: deadlines by id. */
async function listed(query: string): Promise<Map<string, Date | undefined>> {
  const found = new Map<string, Date | undefined>();
  for await (const { workflowId, typedSearchAttributes } of h.server.env.client.workflow.list({ query }))
    found.set(workflowId, typedSearchAttributes.get({ name: NAME, type: 'DATETIME' }));
  return found;
}
const stale = () =>
  listed(
    `WorkflowType = 'migrationHeartbeat' AND ExecutionStatus = 'Running' AND ${NAME} < '${new Date().toISOString()}'`,
  );
const eventsOf = async (id: string, runId?: string) =>
  (await h.server.env.client.workflow.getHandle(id, runId).fetchHistory()).events ?? [];
const upserts = async (id: string) =>
  (await eventsOf(id)).filter((event) => event.upsertWorkflowSearchAttributesEventAttributes).length;
const viewOf = (hub: MigrationHubClient, name: string) => hub.lastReportedState('Listed', name);

it.each([
  ['--deadline-search-attribute', ['--deadline-search-attribute'], {}],
  [
    'TEMPORAL_MIGRATION_HUB_DEADLINE_SEARCH_ATTRIBUTE',
    [],
    { TEMPORAL_MIGRATION_HUB_DEADLINE_SEARCH_ATTRIBUTE: 'true' },
  ],
])(
  'the worker process that is told by %s refuses to start in one line, which names that and ends with the command',
  async (setting, flags, variables) => {
    const worker = [CLI, 'worker', ...flags];
    const env = { ...process.env, TEMPORAL_ADDRESS: h.server.address, AWS_REGION: 'us-west-2', ...variables };
    await expect(promisify(execFile)(process.execPath, worker, { env })).rejects.toMatchObject({
      code: 2,
      stderr:
        `${setting} is set, but the search attribute MigrationHubDeadline is not in the namespace default: ` +
        `temporal operator search-attribute create --address ${h.server.address} --namespace default --name MigrationHubDeadline --type Datetime\n`,
    });
  },
);

it('a worker does not start without the search attribute, or with another type of it, and says which command makes it', async () => {
  const create =
    'temporal operator search-attribute create --namespace default --name MigrationHubDeadline --type Datetime';
  await expect(h.startHub({ heartbeat })).rejects.toThrow(create);
  await expect(hubOf().report(report('early'))).rejects.toThrow(create);
  await add(KEYWORD);
  await expect(h.startHub({ heartbeat })).rejects.toThrow('has the type Keyword, not Datetime');
  await operator().removeSearchAttributes({ namespace: 'default', searchAttributes: [NAME] });
  await expect(h.startHub({ heartbeat })).rejects.toThrow(create);
  await add(DATETIME);
  await h.startHub({ heartbeat });
});

it('a task that becomes stale is found by a list, with no worker running; one that is fresh or at its end is not', async () => {
  const { stop } = await h.startHub({ heartbeat });
  const hub = hubOf();
  const accepted = ['left-alone', 'ended'].map((name) => hub.report(report(name)));
  for (const each of await Promise.all(accepted)) await hub.waitForDelivery(each);
  await hub.waitForDelivery(await hub.report(report('fresh', { nextUpdateSeconds: 86_400 })));
  await hub.waitForDelivery(await hub.report(report('ended', { status: 'COMPLETED' })));
  const deadline = (await viewOf(hub, 'left-alone'))?.lastDelivered?.deadline ?? 0;
  expect((await stale()).size).toBe(0);
  await stop();
  await until('the deadline to pass', async () => (await stale()).size > 0);
  const found = await stale();
  expect([...found.keys()]).toEqual(['mgh:Listed:left-alone']);
  const shown = (found.get('mgh:Listed:left-alone')?.getTime() ?? 0) / 1000;
  // A heartbeat may have moved it while the worker stopped.
  expect(shown).toBeGreaterThanOrEqual(deadline);
  expect(shown).toBe((await viewOf(hub, 'left-alone'))?.lastDelivered?.deadline);
  await h.startHub({ heartbeat });
  await until('a heartbeat', async () => (await stale()).size === 0);
});

it('it costs one event a notification, none for a report that waits, and goes on over continue-as-new', async () => {
  await h.startHub({ heartbeat });
  const hub = hubOf({ maxHistoryEvents: 50 });
  const id = 'mgh:Listed:long';
  const handle = h.server.env.client.workflow.getHandle(id);
  await hub.waitForDelivery(await hub.report(report('long')));
  const { runId } = await handle.describe();
  await until('the next run, and a heartbeat of it', async () => {
    const { counters } = (await viewOf(hub, 'long')) ?? {};
    return (await handle.describe()).runId !== runId && (counters?.heartbeats ?? 0) > 5;
  });
  const first = await eventsOf(id, runId);
  const sent = first.filter((event) => event.activityTaskCompletedEventAttributes).length;
  const upserted = first.filter((event) => event.upsertWorkflowSearchAttributesEventAttributes).length;
  expect(upserted).toBeGreaterThan(0);
  expect(upserted).toBeLessThanOrEqual(sent);
  const deadlines = await listed(`WorkflowId = '${id}' AND ExecutionStatus = 'Running'`);
  const deadline = (await viewOf(hub, 'long'))?.lastDelivered?.deadline ?? 0;
  // The list may be behind by one heartbeat.
  expect(deadline - (deadlines.get(id)?.getTime() ?? 0) / 1000).toBeLessThan(45);
});

it('a group has the deadline of the task that would be stale first', async () => {
  await h.startHub({ heartbeat, groups: { Grouped: 1 } });
  const hub = new MigrationHubClient({ client: h.server.env.client, heartbeat, groups: { Grouped: 1 } });
  const id = 'mgh-group:Grouped:1:0';
  for (const nextUpdateSeconds of [90_000, 80_000, 100_000]) {
    const each = report(`vm-${nextUpdateSeconds}`, { progressUpdateStream: 'Grouped', nextUpdateSeconds });
    await hub.waitForDelivery(await hub.report(each));
  }
  const earliest = (await hub.lastReportedState('Grouped', 'vm-80000'))?.lastDelivered?.deadline ?? 0;
  const shown = async () => ((await listed(`WorkflowId = '${id}'`)).get(id)?.getTime() ?? 0) / 1000;
  await until('the list', async () => (await shown()) === earliest);
  // The third one changed nothing.
  expect(await upserts(id)).toBe(2);
});

it('a task that a client reports without settings of its own is found by the setting of the worker', async () => {
  await h.startHub({ heartbeat });
  const hub = new MigrationHubClient({ client: h.server.env.client });
  await hub.waitForDelivery(await hub.report(report('imported')));
  const deadline = async () => (await viewOf(hub, 'imported'))?.lastDelivered?.deadline ?? 0;
  await until('the list', async () => {
    const found = await listed(`WorkflowId = 'mgh:Listed:imported'`);
    return (found.get('mgh:Listed:imported')?.getTime() ?? 0) / 1000 === (await deadline());
  });
});

it('without the setting nothing is added to a history', async () => {
  await h.startHub();
  const hub = new MigrationHubClient({ client: h.server.env.client });
  await hub.waitForDelivery(await hub.report(report('plain')));
  expect(await upserts('mgh:Listed:plain')).toBe(0);
});
