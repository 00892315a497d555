import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { MigrationHubClient } from '../../src';
import { createMgnEventHandler } from '../../src/client';
import { cli } from '../cli/run-cli';
import { call, calls, launch, lifecycle, replication, SERVER } from '../fixtures/mgn-events';
import { startHarness, until, type Harness } from './harness';
import { tasksOf } from './listed';

let h: Harness;
let client: MigrationHubClient;
beforeAll(async () => {
  h = await startHarness();
  client = new MigrationHubClient({ client: h.server.env.client });
});
beforeEach(() => h.emulator.reset());
afterEach(() => h.stopAll());
afterAll(() => h?.close());

const inProgress = (progressUpdateStream: string, migrationTaskName: string) => ({
  progressUpdateStream,
  migrationTaskName,
  status: 'IN_PROGRESS' as const,
});

describe('without a worker', () => {
  it('a wait for delivery ends in its time and says what is missing', async () => {
    const report = await client.report(inProgress('Alone', 'vm-1'));
    await expect(client.waitForDelivery(report, { timeoutSeconds: 2 })).rejects.toMatchObject({
      name: 'DeliveryTimeoutError',
      message: expect.stringContaining('does a worker serve the task queue migration-hub?'),
    });
  });
});

it.each([-1, NaN])('a wait for %d seconds is refused', async (timeoutSeconds) => {
  const report = { progressUpdateStream: 'Alone', migrationTaskName: 'vm-1', ownerId: 'x', sequence: 1 };
  await expect(client.waitForDelivery(report, { timeoutSeconds })).rejects.toThrow(
    `timeoutSeconds is ${timeoutSeconds}, but it must be a number from 0 to 31536000`,
  );
});

it('a heartbeat workflow that was terminated before its first step is listed with the report it never took, and hides no other', async () => {
  await client.report(inProgress('Listed', 'gone'));
  await h.server.env.client.workflow.getHandle('mgh:Listed:gone').terminate();
  await h.startHub();
  await client.waitForDelivery(await client.report(inProgress('Listed', 'here')));
  await until('both in the list', async () => {
    const ids: string[] = [];
    for await (const { workflowId } of h.server.env.client.workflow.list()) ids.push(workflowId);
    return ids.includes('mgh:Listed:gone') && ids.includes('mgh:Listed:here');
  });
  const states = await tasksOf(client, 'Listed');
  expect(states.sort((a, b) => a.migrationTaskName.localeCompare(b.migrationTaskName))).toMatchObject([
    { migrationTaskName: 'gone', freshness: 'unattended', pending: { status: 'IN_PROGRESS' }, source: 'history' },
    { migrationTaskName: 'here', freshness: 'fresh', source: 'history' },
  ]);
});

it('a heartbeat workflow that was terminated before it took its last report can still be asked', async () => {
  const first = await h.startHub();
  const task = inProgress('Ended', 'vm-1');
  await client.waitForDelivery(await client.report(task));
  await first.stop();
  await client.report({ ...task, progressPercent: 50 });
  await h.server.env.client.workflow.getHandle('mgh:Ended:vm-1').terminate();
  await h.startHub();
  expect(await client.lastReportedState('Ended', 'vm-1')).toMatchObject({ lastDelivered: { status: 'IN_PROGRESS' } });
  await until('it to be listed', async () => (await tasksOf(client, 'Ended')).length === 1);
});

it('attributes of a task that is at its end at once, and leaves at once, are put', async () => {
  await h.startHub();
  const hasty = new MigrationHubClient({ client: h.server.env.client, heartbeat: { lingerSeconds: 0 } });
  const resourceAttributes = [{ type: 'FQDN', value: 'web-01.example.com' }];
  const task = { ...inProgress('Hasty', 'vm-1'), status: 'COMPLETED' as const, resourceAttributes };
  await hasty.waitForDelivery(await hasty.report(task));
  await h.server.env.client.workflow.getHandle('mgh:Hasty:vm-1').result();
  // Tasks of the tests before, which are open still, may have come, too.
  const tasks = h.emulator.tasks().filter(({ progressUpdateStream }) => progressUpdateStream === 'Hasty');
  expect(tasks.map(({ attributes }) => attributes)).toEqual([resourceAttributes]);
});

/** Reports events by the command line. */
async function byHand(...events: object[]): Promise<void> {
  const file = join(mkdtempSync(join(tmpdir(), 'mgn-')), 'events.json');
  writeFileSync(file, JSON.stringify(events, null, 2));
  const flags = ['--stream', 'Replicated', '--address', h.server.address, '-o', 'json'];
  const { code, stdout, stderr } = await cli('mgn-event', file, ...flags, '--namespace', h.namespace);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '2 events: 1 reported, 1 ignored\n' });
  expect(JSON.parse(stdout)).toMatchObject([{ outcome: 'ignored' }, { outcome: 'reported', progressPercent: 10 }]);
}

it('servers that MGN replicates are shown as its events say: back and forth, twice and late, to the end and anew', async () => {
  await h.startHub();
  const handler = createMgnEventHandler({ hub: client, progressUpdateStream: 'Replicated', log: () => undefined });
  const shown = () => h.emulator.tasks().find(({ progressUpdateStream }) => progressUpdateStream === 'Replicated');
  const isShown = (status: string, percent?: number) =>
    until(`${status} ${percent}`, () => shown()?.status === status && shown()?.progressPercent === percent);
  await handler(lifecycle('READY_FOR_TEST', 10));
  await isShown('IN_PROGRESS', 30);
  const message = (event: object, i: number) => ({
    ...{ messageId: `m-${i}`, eventSource: 'aws:sqs' },
    body: JSON.stringify(event),
  });
  const batch = [launch('TEST_LAUNCH_SUCCEEDED', 40), calls.TESTING(20), lifecycle('READY_FOR_TEST', 10)];
  expect(await handler({ Records: batch.map(message) })).toEqual({ batchItemFailures: [] });
  await isShown('IN_PROGRESS', 50);
  await handler(calls.READY_FOR_TEST(50));
  await isShown('IN_PROGRESS', 30);
  await handler(calls.CUTOVER(90));
  await isShown('COMPLETED', 100);
  await handler(replication('STALLED', 95));
  await handler(launch('CUTOVER_LAUNCH_SUCCEEDED', 80));
  await byHand(call('MarkAsArchived', { sourceServerID: SERVER }, 98), lifecycle('NOT_READY', 100));
  await isShown('IN_PROGRESS', 10);
  expect(await client.lastReportedState('Replicated', SERVER)).toMatchObject({ counters: { refused: 1 } });
  await client.waitForDelivery(await client.report({ ...inProgress('Replicated', SERVER), status: 'FAILED' }));
});

it('an event of MGN that comes when its task has ended, and no heartbeat workflow knows it any more, opens nothing', async () => {
  await h.startHub();
  const hub = new MigrationHubClient({ client: h.server.env.client, heartbeat: { lingerSeconds: 0 } });
  const handler = createMgnEventHandler({ hub, progressUpdateStream: 'Over' });
  const over = () => h.server.env.client.workflow.getHandle(`mgh:Over:${SERVER}`).result();
  await handler(calls.CUTOVER(90));
  await over();
  await handler(calls.TESTING(20));
  await over();
  const shown = h.emulator.tasks().filter(({ progressUpdateStream }) => progressUpdateStream === 'Over');
  expect(shown).toMatchObject([{ status: 'COMPLETED', progressPercent: 100, notifications: 1 }]);
});

it('a group that is full turns a new task away, visibly, until one of its tasks is at its end', async () => {
  await h.startHub({ groups: { Full: 1 } });
  const grouped = new MigrationHubClient({ client: h.server.env.client, groups: 1 });
  await Promise.all(Array.from({ length: 1000 }, (_, i) => grouped.report(inProgress('Full', `vm-${i}`))));
  // Of this stream only: an earlier test's task may be notified once the workers are there.
  const full = () => h.emulator.tasks().filter((task) => task.progressUpdateStream === 'Full');
  await until('all 1000', () => full().filter(({ status }) => status === 'IN_PROGRESS').length === 1000);
  const late = inProgress('Full', 'one-too-many');
  await expect(grouped.waitForDelivery(await grouped.report(late))).rejects.toMatchObject({
    name: 'ReportRefusedError',
    message: expect.stringContaining('set a higher number of groups'),
  });
  await grouped.waitForDelivery(await grouped.report({ ...inProgress('Full', 'vm-7'), status: 'COMPLETED' }));
  await grouped.waitForDelivery(await grouped.report(late));
});
