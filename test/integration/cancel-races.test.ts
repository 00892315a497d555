import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { MigrationHubClient } from '../../src/client/migration-hub-client';
import { startHarness, until, type Harness } from './harness';
import { statesTold } from './journal';

const MIGRATIONS = join(__dirname, '../fixtures/cancel-races.ts');

let h: Harness;
beforeAll(async () => {
  h = await startHarness();
});
afterEach(async () => {
  h.emulator.clearFaults();
  await h.stopAll();
});
afterAll(() => h?.close());

const startUserWorker = () => h.startUserWorker([], 'migrations', MIGRATIONS);
const told = (task: string) => statesTold(h.emulator, task);
const start = (name: string, what: string, isNested = false) =>
  h.server.env.client.workflow.start('continuesAfter', {
    taskQueue: 'migrations',
    workflowId: `race-${name}`,
    args: [name, what, isNested],
  });
type Started = Awaited<ReturnType<typeof start>>;
const events = async (handle: Started) => (await handle.fetchHistory()).events ?? [];

/** Workflow tasks that it has completed. */
const steps = async (handle: Started) =>
  (await events(handle)).filter((event) => event.workflowTaskCompletedEventAttributes).length;

/** The migration was cancelled, in its first run, and Migration Hub knows. */
async function isCancelled(handle: Started, task: string): Promise<void> {
  await expect(handle.result()).rejects.toMatchObject({ cause: { name: 'CancelledFailure' } });
  const { status, runId } = await handle.describe();
  expect(status.name).toBe('CANCELLED');
  expect(runId).toBe(handle.firstExecutionRunId);
  await until('FAILED', () => told(task).some((state) => state.startsWith('FAILED')));
  expect(h.emulator.tasks().find((each) => each.migrationTaskName === task)?.statusDetail).toBe('Cancelled');
}

describe('a migration that is cancelled in the same step in which it goes over to its next run is FAILED', () => {
  it.each([
    ['a signal, then the cancellation', false],
    ['a signal, then the cancellation, with run() within run()', true],
  ])('by %s', async (name, isNested) => {
    await h.startHub();
    const worker = await startUserWorker();
    const handle = await start(name, 'signal', isNested);
    await until('the report', () => told(name).length > 0);
    await until('the migration to wait', async () => (await steps(handle)) >= 2);
    await worker.stop();
    await handle.signal('goOn');
    await handle.cancel();
    await startUserWorker();
    await isCancelled(handle, name);
  });

  it('by a timer, then the cancellation', async () => {
    await h.startHub();
    const worker = await startUserWorker();
    const handle = await start('timed', 'timer');
    await until('the timer', async () => (await events(handle)).some((event) => event.timerStartedEventAttributes));
    await worker.stop();
    const fired = async () => (await events(handle)).some((event) => event.timerFiredEventAttributes);
    await until('its end', fired);
    await handle.cancel();
    await startUserWorker();
    await isCancelled(handle, 'timed');
  });

  it('by the acceptance of its last report, then the cancellation', async () => {
    const hub = await h.startHub();
    const worker = await startUserWorker();
    // The second report finds no worker at first.
    const handle = await start('reported', 'report');
    await until('the first report', () => told('reported').length > 0).finally(() => hub.stop());
    await worker.stop();
    await handle.cancel();
    await h.startHub();
    await startUserWorker();
    await expect(handle.result()).rejects.toMatchObject({ cause: { name: 'CancelledFailure' } });
    await until('FAILED', () => told('reported').some((state) => state.startsWith('FAILED')));
  });
});

describe('a migration that closes its task by hand', () => {
  const startAs = (type: string, name: string, ...args: unknown[]) =>
    h.server.env.client.workflow.start(type, {
      taskQueue: 'migrations',
      workflowId: `race-${name}`,
      args: [name, ...args],
    });

  it('without run(), an end that is reported in the catch of a cancelled migration arrives before the workflow ends CANCELLED (R06)', async () => {
    await h.startHub();
    await startUserWorker();
    const ways = ['fail', 'report', 'notifyTaskState'];
    const handles = await Promise.all(ways.map((how) => startAs('closesByHand', `by-${how}`, how)));
    for (const how of ways) await until(`the report of ${how}`, () => told(`by-${how}`).length > 0);
    for (const handle of handles) await handle.cancel();
    for (const [i, how] of ways.entries()) await isCancelled(handles[i] as Started, `by-${how}`);
    for (const how of ways) expect(told(`by-${how}`).filter((state) => state.startsWith('FAILED'))).toHaveLength(1);
  });

  it('waits for its end to be accepted, though it is cancelled while no worker of ours runs', async () => {
    await startUserWorker();
    const handle = await startAs('completesByHand', 'waits');
    await until('its report', async () =>
      (await events(handle)).some((event) => event.activityTaskScheduledEventAttributes),
    );
    await handle.cancel();
    await until('the cancellation to be known', async () => (await steps(handle)) >= 2);
    expect((await handle.describe()).status.name).toBe('RUNNING');
    await h.startHub();
    await expect(handle.result()).rejects.toMatchObject({ cause: { name: 'CancelledFailure' } });
    expect((await handle.describe()).status.name).toBe('CANCELLED');
    await until('COMPLETED', () => told('waits').at(-1) === 'COMPLETED 100');
  });
});

describe('a heartbeat workflow that is cancelled while Migration Hub is away for several of its runs', () => {
  const stream = 'Closing';
  const groups = 1;
  const NAMES = ['vm-1', 'vm-2', 'vm-3'];
  const id = `mgh-group:${stream}:1:0`;

  it('closes every task of its group, those that go on reporting, too, and ends CANCELLED', async () => {
    const hub = await h.startHub();
    const { client: temporal } = h.server.env;
    const client = new MigrationHubClient({ client: temporal, groups, heartbeat: { maxHistoryEvents: 50 } });
    const report = (migrationTaskName: string, progressPercent: number) =>
      client.report({ progressUpdateStream: stream, migrationTaskName, status: 'IN_PROGRESS', progressPercent });
    for (const name of NAMES) await client.waitForDelivery(await report(name, 30));
    h.emulator.setFaults([
      { match: { operation: 'NotifyMigrationTaskState' }, action: { type: 'service-unavailable' } },
    ]);
    const handle = temporal.workflow.getHandle(id);
    const runs = new Set([(await handle.describe()).runId]);
    await handle.cancel();
    for (let percent = 31; runs.size < 3; percent++) {
      await report('vm-2', Math.min(percent, 99));
      await new Promise((done) => setTimeout(done, 500));
      runs.add((await handle.describe()).runId);
    }
    await hub.stop();
    expect(await client.lastReportedState(stream, 'vm-1')).toMatchObject({
      source: 'history',
      lastDelivered: { status: 'IN_PROGRESS' },
      pending: { status: 'FAILED' },
    });
    h.emulator.clearFaults();
    await h.startHub();
    await expect(handle.result()).rejects.toMatchObject({ cause: { name: 'CancelledFailure' } });
    expect((await handle.describe()).status.name).toBe('CANCELLED');
    for (const name of NAMES) {
      const ends = told(name).filter((state) => state.startsWith('FAILED'));
      expect(new Set(ends).size, name).toBe(1);
      expect(h.emulator.tasks().find((each) => each.migrationTaskName === name)?.status, name).toBe('FAILED');
    }
    // Who is no workflow needs `reopen`, as after each end.
    await expect(client.waitForDelivery(await report('vm-1', 60))).rejects.toThrow(/already holds FAILED/);
  });
});
