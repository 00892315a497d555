import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { DefaultLogger, Runtime } from '@temporalio/worker';
import { startTimeSkippingServer } from '../../dev/servers';
import { MigrationHubClient } from '../../src/client/migration-hub-client';
import { type Emulator, startEmulator } from '../../src/emulator';
import { createMigrationHubWorkers } from '../../src/worker/workers';

process.env['AWS_ACCESS_KEY_ID'] ??= 'test';
process.env['AWS_SECRET_ACCESS_KEY'] ??= 'test';

let env: TestWorkflowEnvironment;
let emulator: Emulator;
let client: MigrationHubClient;
let close = () => Promise.resolve();

beforeAll(async () => {
  Runtime.install({ logger: new DefaultLogger('ERROR') });
  env = await startTimeSkippingServer();
  emulator = await startEmulator({ clock: () => env.currentTimeMs() });
  client = new MigrationHubClient({ client: env.client });
  const connection = env.nativeConnection;
  const workers = await createMigrationHubWorkers({ connection }, { region: 'us-west-2', endpoint: emulator.url });
  const running = workers.run();
  close = async () => {
    workers.shutdown();
    await running;
    await emulator.close();
  };
});
afterAll(async () => {
  await close();
  await env?.teardown();
});
beforeEach(() => emulator.reset());

const HOUR = 3600;
const task = (migrationTaskName: string) => ({ progressUpdateStream: 'Skipped', migrationTaskName });
const inProgress = (name: string, nextUpdateSeconds = HOUR) => ({
  ...task(name),
  status: 'IN_PROGRESS' as const,
  nextUpdateSeconds,
});
const end = async (name: string) => {
  await client.report({ ...task(name), status: 'COMPLETED' });
  await env.client.workflow.getHandle(`mgh:Skipped:${name}`).result();
};

it('eight silent hours in skipped time: the emulator has each heartbeat in time, and not a second stale', async () => {
  await client.waitForDelivery(await client.report(inProgress('silent')));
  const began = (await emulator.judge()).staleness.now;
  await env.sleep('8h');
  const { tasks, staleness } = await emulator.judge();
  expect(staleness.now - began).toBeGreaterThanOrEqual(8 * HOUR);
  expect(staleness).toMatchObject({ staleTasks: 0, everStaleTasks: 0, seconds: 0 });
  expect(tasks).toMatchObject([{ status: 'IN_PROGRESS', stale: false }]);
  expect(tasks[0]?.notifications).toBeGreaterThanOrEqual(24);
  await end('silent');
  expect((await emulator.judge()).tasks).toMatchObject([{ status: 'COMPLETED', staleIntervals: [] }]);
});

it('an outage of 30 skipped minutes: the emulator counts the seconds stale, which the deadline of the last report begins', async () => {
  await client.waitForDelivery(await client.report(inProgress('outage', HOUR / 3)));
  const [before] = (await emulator.judge()).tasks;
  emulator.setOutage({ type: 'html-503', forSeconds: HOUR / 2 });
  const over = (await emulator.judge()).staleness.now + HOUR / 2;
  await env.sleep('25m');
  const { staleness } = await emulator.judge();
  expect(staleness).toMatchObject({ staleTasks: 1, tasks: [{ intervals: [{ from: before?.deadline, to: null }] }] });
  expect(staleness.seconds).toBeCloseTo(staleness.now - (before?.deadline ?? 0), 2);
  await env.sleep('10m');
  const after = await emulator.judge();
  expect(after.staleness).toMatchObject({ staleTasks: 0, everStaleTasks: 1 });
  const [interval] = after.staleness.tasks[0]?.intervals ?? [];
  expect(after.staleness.tasks[0]?.intervals).toHaveLength(1);
  expect(interval?.from).toBe(before?.deadline);
  // Tried every 25 s at the latest once an outage is over.
  expect(interval?.to).toBeGreaterThanOrEqual(over);
  expect(interval?.to).toBeLessThanOrEqual(over + 60);
  expect((await client.lastReportedState('Skipped', 'outage'))?.counters.missedDeadlines).toBe(1);
  await end('outage');
});

it('the journal has the skipped time of each call', async () => {
  await client.waitForDelivery(await client.report(inProgress('journal')));
  await env.sleep('6h');
  const times = emulator.requests({ operation: 'NotifyMigrationTaskState' }).map(({ at }) => at);
  expect(times.length).toBeGreaterThanOrEqual(18);
  const gaps = times.slice(1).map((at, i) => at - (times[i] as number));
  for (const gap of gaps) expect(gap).toBeLessThanOrEqual(HOUR / 3 + 5);
  expect(gaps.reduce((sum, gap) => sum + gap, 0)).toBeGreaterThan(5 * HOUR);
  await end('journal');
});
