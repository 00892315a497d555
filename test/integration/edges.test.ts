import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { MigrationHubClient } from '../../src/client/migration-hub-client';
import { startHarness, until, type Harness } from './harness';

/** Two streams have a group; the same in all tests, since none of them waits for its workflows to end. */
const groups = { Group: 1, Large: 1 };
let h: Harness;
beforeAll(async () => {
  h = await startHarness();
  await h.startHub({ groups });
  await h.startUserWorker();
});
beforeEach(() => h.emulator.clearFaults());
afterAll(() => h?.close());

const start = (name: string) =>
  h.server.env.client.workflow.start(name, { taskQueue: 'migrations', workflowId: `edge-${name}` });
const hubTask = (name: string) => h.emulator.tasks().find((task) => task.migrationTaskName === name);

describe('a migration', () => {
  it('that continues as new is not at its end: the next run goes on', async () => {
    expect(await (await start('migrateOverTwoRuns')).result()).toBe('COMPLETED');
    const statuses = h.emulator
      .requests({ operation: 'NotifyMigrationTaskState', task: 'continued' })
      .map(({ body }) => (body as { Task: { Status: string } }).Task.Status);
    expect(statuses).not.toContain('FAILED');
    expect(hubTask('continued')).toMatchObject({ status: 'COMPLETED', progressPercent: 100 });
  });

  it('that has ended stays ended, whatever a stray report says: that one is refused, visibly', async () => {
    expect(await (await start('reportAfterTheEnd')).result()).toBe('ReportRefused');
    await until('the end', () => hubTask('stray')?.status === 'COMPLETED');
    expect(hubTask('stray')).toMatchObject({ progressPercent: 100 });
  });

  it('with a wrong setting fails before its work, not after', async () => {
    expect(await (await start('wrongSetting')).result()).toContain(
      'nextUpdateSeconds is 20, but it must be at least 45',
    );
  });

  it('that reported nothing is told so by delivered(), at once', async () => {
    await expect((await start('nothingReported')).result()).rejects.toMatchObject({
      cause: { type: 'NothingReported' },
    });
  });

  it('that is cancelled is FAILED in Migration Hub, once', async () => {
    const handle = await start('cancelled');
    await until('the first report', () => hubTask('cancelled')?.progressPercent === 30);
    await handle.cancel();
    await expect(handle.result()).rejects.toThrow();
    await until('FAILED', () => hubTask('cancelled')?.status === 'FAILED');
    expect(hubTask('cancelled')).toMatchObject({ statusDetail: 'Cancelled', progressPercent: 30 });
  });
});

it('a throttled task of a group does not hold the others back', async () => {
  h.emulator.setFaults([
    {
      match: { task: 'slow', operation: 'NotifyMigrationTaskState' },
      action: { type: 'throttle', retryAfterSeconds: 600 },
    },
  ]);
  const client = new MigrationHubClient({ client: h.server.env.client, groups: 1 });
  const report = (migrationTaskName: string, progressPercent: number) =>
    client.report({
      progressUpdateStream: 'Group',
      migrationTaskName,
      status: 'IN_PROGRESS',
      progressPercent,
    });
  await Promise.all([report('slow', 1), report('good', 10)]);
  await until('the first report', () => hubTask('good')?.progressPercent === 10);
  const second = await report('good', 50);
  await client.waitForDelivery(second);
  expect(hubTask('good')).toMatchObject({ progressPercent: 50, staleSeconds: 0 });
  expect(hubTask('slow')?.status).toBeNull();
  expect(await client.lastReportedState('Group', 'slow')).toMatchObject({
    freshness: 'never-delivered',
    lastFailure: { type: 'ThrottlingException' },
  });
});

it('attributes that are throttled hold no status back, and are put later', async () => {
  const isPut = { operation: 'PutResourceAttributes', task: 'attributed' };
  h.emulator.setFaults([{ match: isPut, action: { type: 'throttle' }, times: 1 }]);
  const client = new MigrationHubClient({ client: h.server.env.client });
  const report = (progressPercent: number) =>
    client.report({
      progressUpdateStream: 'Edges',
      migrationTaskName: 'attributed',
      status: 'IN_PROGRESS',
      progressPercent,
      resourceAttributes: [{ type: 'FQDN', value: 'web-01.example.com' }],
    });
  await client.waitForDelivery(await report(10));
  await until('the throttled attributes', () => h.emulator.requests(isPut).length === 1);
  await client.waitForDelivery(await report(20));
  expect(await client.lastReportedState('Edges', 'attributed')).toMatchObject({
    freshness: 'fresh',
    lastDelivered: { progressPercent: 20 },
    attachments: [{ state: 'pending', failure: { type: 'ThrottlingException', retry: 'backoff' } }],
  });
  await until('the attributes', () => h.emulator.requests(isPut).length === 2);
  await until(
    'the view without a failure',
    async () => (await client.lastReportedState('Edges', 'attributed'))?.attachments?.[0]?.state === 'associated',
  );
});

it('a group of 220 tasks with details of the largest size goes on: batches stay below the payload limits', async () => {
  const client = new MigrationHubClient({ client: h.server.env.client, groups: 1 });
  const reports = await Promise.all(
    Array.from({ length: 220 }, (_, i) =>
      client.report({
        progressUpdateStream: 'Large',
        migrationTaskName: `large-${i}`,
        status: 'IN_PROGRESS',
        statusDetail: '🚚'.repeat(2500),
      }),
    ),
  );
  await until(
    'all 220',
    () =>
      h.emulator
        .tasks()
        .filter(({ progressUpdateStream, status }) => progressUpdateStream === 'Large' && status === 'IN_PROGRESS')
        .length === 220,
  );
  await client.waitForDelivery(reports.at(-1) as (typeof reports)[0]);
});

it('a closing that Migration Hub does not take is repeated without spinning, over several runs, until it does, and ends CANCELLED', async () => {
  const { client: temporal } = h.server.env;
  const client = new MigrationHubClient({ client: temporal, heartbeat: { lingerSeconds: 0, maxHistoryEvents: 50 } });
  const task = { progressUpdateStream: 'Closing', migrationTaskName: 'vm-1' };
  await client.waitForDelivery(await client.report({ ...task, status: 'IN_PROGRESS', progressPercent: 30 }));
  h.emulator.setFaults([{ match: { operation: 'NotifyMigrationTaskState' }, action: { type: 'service-unavailable' } }]);
  const handle = temporal.workflow.getHandle('mgh:Closing:vm-1');
  const { runId } = await handle.describe();
  await handle.cancel();
  await until('the next run', async () => (await handle.describe()).runId !== runId);
  expect((await temporal.workflow.getHandle('mgh:Closing:vm-1', runId).describe()).historyLength).toBeLessThan(100);
  h.emulator.clearFaults();
  await until('FAILED', () => hubTask('vm-1')?.status === 'FAILED');
  await expect(handle.result()).rejects.toMatchObject({ cause: { name: 'CancelledFailure' } });
  expect((await handle.describe()).status.name).toBe('CANCELLED');
  expect(hubTask('vm-1')).toMatchObject({
    progressPercent: 30,
    statusDetail: 'Cancelled: the heartbeat of this task was cancelled',
  });
});
