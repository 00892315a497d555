import { setTimeout as sleep } from 'node:timers/promises';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { MigrationHubClient } from '../../src/client/migration-hub-client';
import { heartbeatWorkflowId } from '../../src/client/heartbeat-workflow-id';
import { type TaskReport } from '../../src/report';
import { CLI } from '../built';
import { startHarness, until, type Harness } from './harness';

/** What went wrong for others (docs/reports.md, by its numbers), with the whole of the product. */
let h: Harness;
let client: MigrationHubClient;
beforeAll(async () => {
  h = await startHarness({ switches: { lateNotification: 'newest-time' } });
  client = new MigrationHubClient({ client: h.server.env.client });
  await h.startUserWorker();
  await h.startHub();
});
afterAll(() => h?.close());
beforeEach(() => h.emulator.clearFaults());

const STREAM = 'Reports';
const NOTIFY = 'NotifyMigrationTaskState';
const inProgress = (
  migrationTaskName: string,
  progressPercent: number,
  over: Partial<TaskReport> = {},
): TaskReport => ({
  progressUpdateStream: STREAM,
  migrationTaskName,
  status: 'IN_PROGRESS',
  progressPercent,
  ...over,
});
const start = (type: string, name: string, ...more: unknown[]) =>
  h.server.env.client.workflow.start(type, {
    taskQueue: 'migrations',
    workflowId: `report-${name}`,
    args: [name, ...more],
  });
const hubTask = (name: string) => h.emulator.tasks().find((task) => task.migrationTaskName === name);
interface Body {
  Task: { Status: string; ProgressPercent?: number; StatusDetail?: string };
  UpdateDateTime: number;
}
const calls = (task: string) => h.emulator.requests({ operation: NOTIFY, task });
const bodies = (task: string) => calls(task).map(({ body }) => body as Body);
const percents = (task: string) => bodies(task).map(({ Task }) => Task.ProgressPercent);

it('an older state that Migration Hub carries out late does not cover a newer one (R01)', async () => {
  const zombie = {
    match: { operation: NOTIFY, task: 'zombie' },
    times: 1,
    action: { type: 'slow' as const, ms: 9000 },
  };
  h.emulator.setFaults([zombie]);
  await client.report(inProgress('zombie', 10));
  await until('the first request', () => calls('zombie').length === 1);
  await client.waitForDelivery(await client.report({ ...inProgress('zombie', 100), status: 'COMPLETED' }));
  await until('the late one to be answered', () => calls('zombie')[0]?.httpStatus !== null);
  expect(hubTask('zombie')).toMatchObject({ status: 'COMPLETED', progressPercent: 100 });
});

it('three reports within a second arrive in order, with rising times, none ahead of now, and the end among them (R02)', async () => {
  const [, , last] = await Promise.all([
    client.report(inProgress('hasty', 10)),
    client.report(inProgress('hasty', 20)),
    client.report({ ...inProgress('hasty', 100), status: 'COMPLETED' }),
  ]);
  await client.waitForDelivery(last);
  const times = bodies('hasty').map(({ UpdateDateTime }) => UpdateDateTime);
  expect(times).toEqual([...new Set(times)].sort((a, b) => a - b));
  for (const { at, body } of calls('hasty')) expect((body as Body).UpdateDateTime).toBeLessThanOrEqual(at);
  expect(percents('hasty').at(-1)).toBe(100);
});

it('progress does not jump back when a step starts anew, unless a report allows it (R03)', async () => {
  for (const percent of [60, 5, 70])
    await client.waitForDelivery(await client.report(inProgress('restarted', percent)));
  expect(percents('restarted')).toEqual([60, 60, 70]);
  await client.waitForDelivery(await client.report(inProgress('restarted', 5, { allowDecrease: true })));
  expect(percents('restarted').at(-1)).toBe(5);
});

it('an account without access holds no migration up: it completes, and the query says what is missing (R08)', async () => {
  h.emulator.setFaults([{ match: { task: 'no-access' }, action: { type: 'access-denied' } }]);
  expect(await (await start('completes', 'no-access')).result()).toBe('done');
  const view = async () => client.lastReportedState(STREAM, 'no-access');
  await until('the failure', async () => (await view())?.lastFailure !== undefined);
  expect(await view()).toMatchObject({
    freshness: 'never-delivered',
    pending: { status: 'COMPLETED' },
    lastFailure: { type: 'AccessDeniedException' },
  });
});

it('200 reports at once, while the heartbeat workflow continues as new again and again, are all taken (R12)', async () => {
  const restless = new MigrationHubClient({ client: h.server.env.client, heartbeat: { maxHistoryEvents: 50 } });
  const given = await Promise.all(
    Array.from({ length: 200 }, (_, i) =>
      restless.report(inProgress('crowded', 1 + (i % 99), { allowDecrease: true })),
    ),
  );
  const last = await restless.report(inProgress('crowded', 100));
  for (const report of [...given, last]) await restless.waitForDelivery(report);
  expect(hubTask('crowded')).toMatchObject({ progressPercent: 100 });
});

it('a heartbeat workflow cancelled while Migration Hub throttles still closes its task (R14)', async () => {
  await client.waitForDelivery(await client.report(inProgress('closing', 30)));
  h.emulator.setFaults([{ match: { operation: NOTIFY, task: 'closing' }, times: 2, action: { type: 'throttle' } }]);
  const handle = h.server.env.client.workflow.getHandle(`mgh:${STREAM}:closing`);
  await handle.cancel();
  await until('FAILED', () => hubTask('closing')?.status === 'FAILED');
  expect(calls('closing').filter(({ fault }) => fault === 'throttle')).toHaveLength(2);
});

it('a heartbeat workflow answers questions from its first moment on, also right after it continued as new (R15, R16)', async () => {
  const restless = new MigrationHubClient({ client: h.server.env.client, heartbeat: { maxHistoryEvents: 50 } });
  const id = `mgh:${STREAM}:asked`;
  const runs = new Set<string>();
  let percent = 0;
  for (; runs.size < 3 && percent < 100; percent++) {
    await restless.report(inProgress('asked', percent));
    const view = await restless.lastReportedState(STREAM, 'asked');
    expect(view?.pending?.progressPercent ?? view?.lastDelivered?.progressPercent).toBeLessThanOrEqual(percent);
    runs.add((await h.server.env.client.workflow.getHandle(id).describe()).runId);
    if (percent % 4 === 0) await new Promise((done) => setTimeout(done, 1100));
  }
  expect(runs.size).toBe(3);
  await restless.waitForDelivery(await restless.report(inProgress('asked', 100)));
  expect((await restless.lastReportedState(STREAM, 'asked'))?.lastDelivered).toMatchObject({ progressPercent: 100 });
});

it('a fleet that is told to wait waits as long, and does not come back as one (R18)', async () => {
  const names = Array.from({ length: 20 }, (_, i) => `fleet-${i}`);
  await Promise.all(names.map(async (name) => client.waitForDelivery(await client.report(inProgress(name, 1)))));
  const action = { type: 'throttle' as const, retryAfterSeconds: 6 };
  h.emulator.setFaults(names.map((task) => ({ match: { operation: NOTIFY, task }, times: 1, action })));
  const given = await Promise.all(names.map((name) => client.report(inProgress(name, 2))));
  await Promise.all(given.map((report) => client.waitForDelivery(report)));
  const again = names.map((name) => {
    const [throttled, next] = calls(name).slice(-2);
    expect(throttled?.error).toBe('ThrottlingException');
    expect((next?.at ?? 0) - (throttled?.at ?? 0)).toBeGreaterThanOrEqual(6);
    return (next?.at ?? 0) - (throttled?.at ?? 0);
  });
  expect(Math.max(...again) - Math.min(...again)).toBeGreaterThan(1);
});

describe.each([0, 2])('with %d groups', (groups) => {
  it.each(['has ended', 'was lost'])(
    'a report after the end is refused, visibly, also when its heartbeat workflow %s (R21)',
    async (how) => {
      // A stream has one number of groups.
      const named = { progressUpdateStream: `Reports-${groups}-${how.replace(' ', '-')}` };
      const grouped = new MigrationHubClient({
        client: h.server.env.client,
        groups,
        heartbeat: { lingerSeconds: how === 'was lost' ? 3600 : 0 },
      });
      const name = `late-${groups}-${how}`;
      const end = { ...inProgress(name, 100, named), status: 'COMPLETED' as const };
      const ended = await grouped.waitForDelivery(await grouped.report(end));
      expect(ended.lastDelivered?.status).toBe('COMPLETED');
      const { workflow } = h.server.env.client;
      const handle = workflow.getHandle(heartbeatWorkflowId({ ...end }, groups));
      await (how === 'was lost' ? handle.terminate() : handle.result());
      const late = await grouped.report(inProgress(name, 10, named));
      await expect(grouped.waitForDelivery(late)).rejects.toMatchObject({
        name: 'ReportRefusedError',
        message: expect.stringContaining('already'),
      });
      expect(hubTask(name)).toMatchObject({ status: 'COMPLETED', progressPercent: 100, notifications: 1 });
    },
  );
});

it('a heartbeat workflow that was terminated leaves a finite deadline, and the next report goes on from what Migration Hub holds', async () => {
  await client.waitForDelivery(await client.report(inProgress('terminated', 60)));
  await h.server.env.client.workflow.getHandle(`mgh:${STREAM}:terminated`).terminate();
  const [before] = bodies('terminated') as [Body];
  expect(hubTask('terminated')?.deadline).toBe(before.UpdateDateTime + 3600);
  await client.waitForDelivery(await client.report(inProgress('terminated', 20)));
  const after = bodies('terminated').at(-1) as Body;
  expect(after.Task.ProgressPercent).toBe(60);
  expect(after.UpdateDateTime).toBeGreaterThan(before.UpdateDateTime);
});

it('a clock that Migration Hub finds wrong once is set right, and the report arrives (R24)', async () => {
  h.emulator.setFaults([
    { match: { task: 'skewed', operation: NOTIFY }, times: 1, action: { type: 'invalid-signature' } },
  ]);
  await client.waitForDelivery(await client.report(inProgress('skewed', 10)));
  expect(calls('skewed').map(({ error }) => error)).toEqual(['InvalidSignatureException', null]);
});

it('a worker process told to stop while a notification hangs ends cleanly, and the notification counts once (R22)', async () => {
  await h.stopAll();
  const root = resolve(__dirname, '../..');
  const child = spawn(process.execPath, [CLI, 'worker', '--region', 'us-west-2'], {
    cwd: root,
    env: {
      ...process.env,
      TEMPORAL_ADDRESS: h.server.address,
      TEMPORAL_NAMESPACE: h.namespace,
      AWS_ENDPOINT_URL_MIGRATION_HUB: h.emulator.url,
      TEMPORAL_DEBUG: undefined,
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exit = once(child, 'exit');
  await once(child.stdout, 'data');
  h.emulator.setFaults([
    { match: { operation: NOTIFY, task: 'stopped' }, times: 1, action: { type: 'slow', ms: 2000 } },
  ]);
  await client.report(inProgress('stopped', 10));
  await until('the notification', () => calls('stopped').length === 1);
  child.kill('SIGTERM');
  // npm passes on what the terminal has sent to both: it is one signal.
  await sleep(20);
  child.kill('SIGTERM');
  expect(await exit).toEqual([0, null]);
  expect(hubTask('stopped')).toMatchObject({ progressPercent: 10, notifications: 1 });
});
