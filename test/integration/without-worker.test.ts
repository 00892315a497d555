import { Worker } from '@temporalio/worker';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startHarness, until, type Harness } from './harness';

let h: Harness;
beforeAll(async () => {
  h = await startHarness();
});
afterEach(() => h.stopAll());
afterAll(() => h?.close());

const start = (type: string, name: string, ...more: unknown[]) =>
  h.server.env.client.workflow.start(type, {
    taskQueue: 'migrations',
    workflowId: `without-worker-${name}`,
    args: [name, ...more],
  });
const hubTask = (name: string) => h.emulator.tasks().find((task) => task.migrationTaskName === name);
/** The migration has waited in vain: its report timed out and is carried on. */
const waitedInVain = (handle: Awaited<ReturnType<typeof start>>, times = 1) =>
  until('a report that timed out', async () => {
    const { events } = await handle.fetchHistory();
    return (events ?? []).filter((event) => event.activityTaskTimedOutEventAttributes).length >= times;
  });

it('an end that no worker takes waits in one activity, once who reported after it was told', async () => {
  await h.startUserWorker();
  const handle = await start('staysAfterEnd', 'stays');
  await waitedInVain(handle);
  await new Promise((resolve) => setTimeout(resolve, 8000));
  const { events } = await handle.fetchHistory();
  expect((events ?? []).filter((event) => event.activityTaskScheduledEventAttributes).length).toBeLessThan(5);
  await handle.terminate();
});

describe('a report that no worker took in time', () => {
  it('arrives once one is back, though the migration reports nothing more', async () => {
    await h.startUserWorker();
    const handle = await start('reportOnce', 'silent');
    await waitedInVain(handle);
    await h.startHub();
    await until('the report', () => hubTask('silent')?.progressPercent === 10);
    await handle.signal('goOn');
    await handle.result();
  });

  it('because each try of it failed, arrives once one does', async () => {
    await h.startUserWorker();
    const reportTaskState = () => Promise.reject(new Error('Temporal is not reached from here'));
    const faulty = await Worker.create({
      connection: h.server.env.nativeConnection,
      namespace: h.namespace,
      taskQueue: 'migration-hub',
      activities: { reportTaskState },
    });
    const handle = await start('reportOnce', 'failing', 20);
    await faulty.runUntil(() =>
      until('the report to have failed', async () => {
        const { events } = await handle.fetchHistory();
        // The latter where its worker was late.
        return (events ?? []).some(
          (event) => event.activityTaskFailedEventAttributes ?? event.activityTaskTimedOutEventAttributes,
        );
      }),
    );
    await h.startHub();
    await until('the report', () => hubTask('failing')?.progressPercent === 10);
    await handle.signal('goOn');
    await handle.result();
  });

  it('gives way to a newer one, for which holds what it allowed', async () => {
    await h.startUserWorker();
    const hub = await h.startHub();
    const handle = await start('beginAnew', 'anew');
    await until('60 percent', () => hubTask('anew')?.progressPercent === 60);
    await hub.stop();
    await handle.signal('goOn');
    await waitedInVain(handle, 2);
    await h.startHub();
    await until('10 percent', () => hubTask('anew')?.progressPercent === 10);
    const percents = h.emulator
      .requests({ operation: 'NotifyMigrationTaskState', task: 'anew' })
      .map(({ body }) => (body as { Task: { ProgressPercent: number } }).Task.ProgressPercent);
    expect(percents.at(-1)).toBe(10);
    await handle.signal('goOn');
    await handle.result();
  });

  it('is not replaced by a stray one when it is the end', async () => {
    await h.startUserWorker();
    const handle = await start('strayAfterEnd', 'ended');
    // Its first report never times out: of the second, the migration does not wait longer than a second.
    await until('a step of the migration', async () => {
      const { events } = await handle.fetchHistory();
      return (events ?? []).some((event) => event.timerFiredEventAttributes);
    });
    await h.startHub();
    await until('the end', () => hubTask('ended')?.status === 'COMPLETED');
    await handle.signal('goOn');
    await handle.result();
    expect(hubTask('ended')).toMatchObject({ status: 'COMPLETED', progressPercent: 100 });
  });
});

it.each(['COMPLETED', 'FAILED'] as const)(
  'an end that the migration reports itself (%s) stands, with its detail',
  async (status) => {
    await h.startUserWorker();
    await h.startHub();
    const handle = await start('ownEnd', `own-${status}`, status);
    expect(await handle.result()).toBe('All but one volume');
    expect(hubTask(`own-${status}`)).toMatchObject({ status, progressPercent: 90, notifications: 1 });
  },
);

it('a migration cancelled before a worker of ours runs is closed by one FAILED once one is there (R06)', async () => {
  await h.startUserWorker();
  const handle = await start('cancelledWithoutWorker', 'cancelled');
  const scheduled = async () =>
    (await handle.fetchHistory()).events?.some((event) => event.activityTaskScheduledEventAttributes) ?? false;
  await until('the report to be on its way', scheduled);
  await handle.cancel();
  await h.startHub();
  await expect(handle.result()).rejects.toThrow();
  await until('FAILED', () => hubTask('cancelled')?.status === 'FAILED');
  const ends = h.emulator
    .requests({ operation: 'NotifyMigrationTaskState', task: 'cancelled' })
    .map(({ body }) => (body as { Task: { Status: string; StatusDetail?: string } }).Task)
    .filter(({ Status }) => Status === 'FAILED');
  expect(ends.map(({ StatusDetail }) => StatusDetail)).toEqual(['Cancelled']);
});
