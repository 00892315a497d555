import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MigrationHubClient } from '../../src';
import { aliveIn, hasty } from './alive';
import { eventually, logged, startHarness, until, type Harness } from './harness';

let h: Harness;
let client: MigrationHubClient;
beforeAll(async () => {
  h = await startHarness();
  client = new MigrationHubClient({ client: h.server.env.client });
  await h.startHub(hasty);
  await h.startUserWorker();
});
afterAll(() => h?.close());

const { viewOf, expectAlive, untilGivenUp } = aliveIn('Callers', () => client);
const start = (type: string, workflowId: string, ...args: unknown[]) =>
  h.server.env.client.workflow.start(type, { taskQueue: 'migrations', workflowId, args });
const delivered = (name: string, percent: number) =>
  until('the last report', async () => (await viewOf(name))?.lastDelivered?.progressPercent === percent);
const ownersOf = async (name: string) => (await viewOf(name))?.owners.map(({ workflowId }) => workflowId);

it('a parent that lets 33 short children report keeps its task alive while it is open; once it has ended, heartbeats end', async () => {
  const parent = await start('parentOfCallers', 'parent-of-many', 'many', 33);
  await delivered('many', 33);
  await expectAlive('many', 3);
  expect(await ownersOf('many')).toEqual(['parent-of-many', 'many-33']);
  await parent.signal('goOn');
  await parent.result();
  await untilGivenUp('many');
  expect((await viewOf('many'))?.abandoned?.reason).toContain('its owner many-33 completed without reporting an end');
});

it('of the tasks of a batch each is judged by its own migration: open, terminated, or not known', async () => {
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

it.each([
  ['has reported first', true, 33],
  ['never reports itself', false, 5],
])(
  'a parent of short children that %s keeps its task alive, though the root of its tree has completed',
  async (_how, reports, count) => {
    const name = `abandoned-${reports}`;
    await (await start('startsParent', `root-of-${name}`, name, count, reports)).result();
    await delivered(name, count);
    await expectAlive(name);
    const parent = h.server.env.client.workflow.getHandle(`${name}-parent`);
    expect(await ownersOf(name)).toEqual([`${name}-parent`, `${name}-${count}`]);
    await parent.terminate();
    await until('FAILED', async () => (await viewOf(name))?.lastDelivered?.status === 'FAILED');
    expect((await viewOf(name))?.lastDelivered?.statusDetail).toBe(`The workflow ${name}-parent was terminated`);
  },
);

it('a workflow of another type under the id of a terminated owner does not keep its task alive; the same type does', async () => {
  const ids = ['replaced', 'again'];
  await Promise.all(ids.map((id) => start('reportAndStay', id, id, 10)));
  for (const id of ids) await delivered(id, 10);
  for (const id of ids) expect((await viewOf(id))?.owners).toEqual([{ workflowId: id, workflowType: 'reportAndStay' }]);
  // In one step, so that no heartbeat comes between; neither ever reports.
  const replace = (type: string, workflowId: string) =>
    h.server.env.client.workflow.start(type, {
      taskQueue: 'nobody',
      workflowId,
      args: [],
      workflowIdConflictPolicy: 'TERMINATE_EXISTING',
    });
  await Promise.all([replace('nobody', 'replaced'), replace('reportAndStay', 'again')]);
  await until('FAILED', async () => (await viewOf('replaced'))?.lastDelivered?.status === 'FAILED');
  expect((await viewOf('replaced'))?.lastDelivered?.statusDetail).toBe('The workflow replaced was terminated');
  await expectAlive('again');
});

it('a workflow that reports for others counts as them: their starts, types and roots, not its own', async () => {
  const { workflow } = h.server.env.client;
  const nobody = (workflowId: string) => workflow.start('nobody', { taskQueue: 'nobody', workflowId, args: [] });
  const wave = await start('startsBridge', 'wave-of-bridge', 'bridge');
  const bridge = workflow.getHandle('bridge');
  await eventually('the bridge', () => bridge.describe());
  const tell = (workflowId: string, status: string, sequence: number) =>
    bridge.signal('tell', {
      progressUpdateStream: 'Callers',
      migrationTaskName: 'bridged',
      status,
      nextUpdateSeconds: 45,
      owner: { ownerId: workflowId, workflowId, sequence },
    });
  const status = async () => (await viewOf('bridged'))?.lastDelivered?.status;
  const first = await nobody('bridged-1');
  await tell('bridged-1', 'FAILED', 1);
  await until('the end of the first', async () => (await status()) === 'FAILED');
  const second = await nobody('bridged-2');
  await tell('bridged-2', 'IN_PROGRESS', 1);
  await until('the report of the second', async () => (await status()) === 'IN_PROGRESS');
  expect(await viewOf('bridged')).toMatchObject({
    owners: [{ workflowId: 'bridged-2', workflowType: 'nobody' }],
    counters: { refused: 0 },
  });
  await second.terminate();
  await until('FAILED', async () => (await status()) === 'FAILED');
  expect((await wave.describe()).status.name).toBe('RUNNING');
  await bridge.signal('goOn');
  await wave.result();
  await first.terminate();
});

it('a root that continues as new keeps alive the task that a short child of its first run reported', async () => {
  const root = await start('continuingRoot', 'continuing', 'continued');
  await delivered('continued', 1);
  await root.signal('goOn');
  await until(
    'the next run',
    async () =>
      (await h.server.env.client.workflow.getHandle('continuing').describe()).runId !== root.firstExecutionRunId,
  );
  await expectAlive('continued');
  await h.server.env.client.workflow.getHandle('continuing').signal('goOn');
  await untilGivenUp('continued');
});

describe('of one task that open workflows report', () => {
  const warnings = () => logged.filter((message) => message.startsWith('workflows that do not belong together'));

  it('two that do not belong together are warned of once, and the query has both; the first to end decides', async () => {
    const before = warnings().length;
    const [one, other] = await Promise.all(['one', 'other'].map((id) => start('reportAndStay', id, 'shared', 10)));
    await expectAlive('shared', 3);
    expect(warnings()).toHaveLength(before + 1);
    expect((await ownersOf('shared'))?.sort()).toEqual(['one', 'other']);
    await one?.signal('goOn');
    await one?.result();
    await until('COMPLETED', async () => (await viewOf('shared'))?.lastDelivered?.status === 'COMPLETED');
    await other?.signal('goOn');
    await other?.result();
    expect((await viewOf('shared'))?.counters.refused).toBe(1);
  });

  it('a parent and its child are not warned of', async () => {
    const before = warnings().length;
    const parent = await start('reportsWithChild', 'with-child', 'family');
    await until('both reports', async () => (await ownersOf('family'))?.length === 2);
    await expectAlive('family', 3);
    expect(warnings()).toHaveLength(before);
    await parent.signal('goOn');
    await parent.result();
  });
});
