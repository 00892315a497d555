import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { MigrationHubClient } from '../../src/client/migration-hub-client';
import { logged, startHarness, until, type Harness } from './harness';

let h: Harness;
let hub: { stop(): Promise<void> } | undefined;
beforeAll(async () => {
  h = await startHarness();
});
beforeEach(async () => {
  hub ??= await h.startHub();
});
afterAll(() => h?.close());
const stopHub = async () => {
  await hub?.stop();
  hub = undefined;
};

const hubTask = (name: string) => h.emulator.tasks().find((task) => task.migrationTaskName === name);
const reportOf = (migrationTaskName: string, progressPercent: number) => ({
  progressUpdateStream: 'Foreign',
  migrationTaskName,
  status: 'IN_PROGRESS' as const,
  progressPercent,
});

/** What a program in another language may put on the wire. */
async function signal(workflowId: string, encoding: string | undefined, data: string | Uint8Array): Promise<void> {
  const metadata: Record<string, Uint8Array> = encoding === undefined ? {} : { encoding: Buffer.from(encoding) };
  await h.server.env.client.workflowService.signalWorkflowExecution({
    namespace: h.namespace,
    workflowExecution: { workflowId },
    signalName: 'reportTaskState',
    input: { payloads: [{ metadata, data: Buffer.from(data) }] },
  });
}

it('a signal that cannot be read is dropped, and those after it are taken', async () => {
  const client = new MigrationHubClient({ client: h.server.env.client });
  await client.report(reportOf('signalled', 10));
  const id = 'mgh:Foreign:signalled';
  await signal(id, 'binary/protobuf', new Uint8Array([10, 3, 0x66, 0x6f, 0x6f]));
  await signal(id, 'json/plain', '{"progressUpdateStream": "Foreign", ');
  await signal(id, 'binary/plain', 'IN_PROGRESS');
  await signal(id, 'binary/null', '');
  await signal(id, undefined, '{}');
  await signal(id, 'json/protobuf', JSON.stringify(reportOf('signalled', 20)));
  await until('the report in the JSON form of a protobuf message', () => hubTask('signalled')?.progressPercent === 20);
  await client.waitForDelivery(await client.report(reportOf('signalled', 30)));
  expect(hubTask('signalled')?.progressPercent).toBe(30);
});

it('a signal that a heartbeat workflow does not know is dropped, by the worker and by who reads the history', async () => {
  const client = new MigrationHubClient({ client: h.server.env.client });
  await client.waitForDelivery(await client.report(reportOf('unknown', 10)));
  const handle = h.server.env.client.workflow.getHandle('mgh:Foreign:unknown');
  await handle.signal('adoptTasks', [{ key: 'k' }]);
  await handle.signal('__proto__', 1);
  await client.waitForDelivery(await client.report(reportOf('unknown', 20)));
  await stopHub();
  expect(await client.lastReportedState('Foreign', 'unknown')).toMatchObject({
    source: 'history',
    lastDelivered: { progressPercent: 20 },
  });
});

it.each([
  ['nothing', []],
  ['null', [null]],
  ['no settings', [{}]],
  ['empty settings', [{ settings: {} }]],
  [
    'settings out of range',
    [{ settings: { heartbeatFraction: 2, batchSize: -1, maxHistoryEvents: 1, lingerSeconds: 'x' } }],
  ],
  ['tasks that are none', [{ tasks: [null, 5, { migrationTaskName: 'vm', labels: 5, reporters: null }] }]],
  ['tasks and an end of another type', [{ tasks: 'all', closing: 5, report: 'IN_PROGRESS' }]],
])('a heartbeat workflow that another program starts with %s works', async (what, args) => {
  const name = `started with ${what}`;
  await h.server.env.client.workflow.signalWithStart('migrationHeartbeat', {
    workflowId: `mgh:Foreign:${name}`,
    taskQueue: 'migration-hub',
    args,
    signal: 'reportTaskState',
    signalArgs: [reportOf(name, 40)],
  });
  await until('the report', () => hubTask(name)?.progressPercent === 40);
  const wrong = logged.filter((message) => message.startsWith('settings of this heartbeat workflow cannot be used'));
  if (what === 'settings out of range')
    expect(wrong.at(-1)).toMatch(/: heartbeatFraction, lingerSeconds, batchSize, maxHistoryEvents$/);
  const client = new MigrationHubClient({ client: h.server.env.client });
  const { lastDelivered, nextHeartbeatAt } = (await client.lastReportedState('Foreign', name)) ?? {};
  expect(nextHeartbeatAt).toBeGreaterThan(lastDelivered?.updateDateTime as number);
  expect(nextHeartbeatAt).toBeLessThan(lastDelivered?.deadline as number);
});

it('one that another program starts by a cron schedule, with tasks that are none, works in its later runs, too', async () => {
  const handle = await h.server.env.client.workflow.start('migrationHeartbeat', {
    workflowId: 'mgh:Foreign:by cron',
    taskQueue: 'migration-hub',
    cronSchedule: '@every 1s',
    args: [{ settings: { lingerSeconds: 0 }, tasks: [null, 5] }],
  });
  const runs = new Set<string>();
  await until('three runs', async () => runs.add((await handle.describe()).runId).size >= 3);
  await handle.signal('reportTaskState', reportOf('by cron', 50));
  await until('the report', () => hubTask('by cron')?.progressPercent === 50);
  await handle.terminate();
});

it('a report that is signalled to the heartbeat workflow of another task is dropped: a task has one writer', async () => {
  const client = new MigrationHubClient({ client: h.server.env.client });
  await client.waitForDelivery(await client.report(reportOf('right', 10)));
  await signal('mgh:Foreign:right', 'json/plain', JSON.stringify(reportOf('wrong', 20)));
  await client.waitForDelivery(await client.report(reportOf('right', 30)));
  expect(hubTask('wrong')).toBeUndefined();
  expect(logged).toContain('a report was dropped');
  await stopHub();
  expect(await client.lastReportedState('Foreign', 'right')).toMatchObject({
    source: 'history',
    lastDelivered: { progressPercent: 30 },
  });
});

it.each([[-1], [1.5], ['4'], [null], [1e9]])(
  'a number of groups that is %j is left out, and said so',
  async (number) => {
    const client = new MigrationHubClient({ client: h.server.env.client });
    await client.report(reportOf('grouped', 10));
    const stream = h.server.env.client.workflow.getHandle('mgh-stream:Foreign');
    const { memo } = await stream.describe();
    const before = logged.length;
    await stream.signal('setGroups', number);
    await until('a warning', () =>
      logged.slice(before).some((message) => message.startsWith('a number of groups was left out')),
    );
    expect((await stream.describe()).memo).toEqual(memo);
  },
);
