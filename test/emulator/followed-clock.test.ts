import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { startEmulator, type EmulatorOptions } from '../../src/emulator';
import { admin, emulatorAndClient, failure, importTask, json, notify, post } from './support';

/** An emulator that goes by a clock elsewhere, as that of a time-skipping server: it answers by a promise. */
async function withClockElsewhere(options: EmulatorOptions = {}) {
  const elsewhere = { seconds: 1_800_000_000, asked: 0 };
  const clock = async () => {
    elsewhere.asked += 1;
    await delay(1);
    return elsewhere.seconds * 1000;
  };
  return { ...(await emulatorAndClient({ clock, ...options })), elsewhere };
}
const at = (seconds: number) => ({ UpdateDateTime: new Date(seconds * 1000), NextUpdateSeconds: 60 });

test('staleness goes by a clock that answers by promises, to the second, whether or not a call came in between', async () => {
  const { hub, client, elsewhere } = await withClockElsewhere();
  await importTask(client);
  await notify(client, at(1_800_000_000));
  elsewhere.seconds += 60;
  expect((await hub.judge()).staleness).toMatchObject({ now: 1_800_000_060, staleTasks: 0, everStaleTasks: 0 });
  elsewhere.seconds += 86_400;
  const { tasks, staleness } = await hub.judge();
  expect(staleness).toMatchObject({ now: 1_800_086_460, staleTasks: 1, seconds: 86_400 });
  expect(tasks).toMatchObject([{ stale: true, staleSeconds: 86_400 }]);
  await notify(client, at(1_800_086_460));
  elsewhere.seconds += 10;
  expect((await hub.judge()).staleness).toMatchObject({
    staleTasks: 0,
    everStaleTasks: 1,
    tasks: [{ seconds: 86_400, intervals: [{ from: 1_800_000_060, to: 1_800_086_460 }] }],
  });
});

test('the admin API and the journal go by it, too', async () => {
  const { hub, client, elsewhere } = await withClockElsewhere();
  await importTask(client);
  await notify(client, at(1_800_000_000));
  elsewhere.seconds += 3600;
  expect(await admin(hub, 'GET', 'staleness')).toMatchObject([200, { now: 1_800_003_600, seconds: 3540 }]);
  expect(await admin(hub, 'GET', 'tasks')).toMatchObject([200, [{ staleSeconds: 3540 }]]);
  elsewhere.seconds += 1;
  expect(await admin(hub, 'GET', 'clock')).toEqual([200, { now: 1_800_003_601, real: 1_800_003_601, frozen: false }]);
  await post(hub, 'ListMigrationTasks', {});
  expect(hub.requests().at(-1)?.at).toBe(1_800_003_601);
  expect(hub.clock.now()).toBe(1_800_003_601);
});

test('rules, outages and deletions end by it', async () => {
  const { hub, client, elsewhere } = await withClockElsewhere({ streamDeletionSeconds: 30 });
  await importTask(client);
  hub.setOutage({ type: 'html-503', forSeconds: 600 });
  const statusOf = async (operation: string, body: object) => (await post(hub, operation, body)).status;
  expect(await statusOf('ListMigrationTasks', {})).toBe(503);
  elsewhere.seconds += 600;
  expect(await statusOf('ListMigrationTasks', {})).toBe(200);
  hub.setFaults([{ forSeconds: 60, action: { type: 'internal' } }]);
  expect(await statusOf('ListMigrationTasks', {})).toBe(500);
  elsewhere.seconds += 60;
  expect(await statusOf('DeleteProgressUpdateStream', { ProgressUpdateStreamName: 'DatacenterExit' })).toBe(200);
  elsewhere.seconds += 30;
  const { tasks } = await hub.judge();
  expect(tasks).toEqual([]);
});

test('a slow call arrives at the time at which it is carried out', async () => {
  const { hub, client, elsewhere } = await withClockElsewhere();
  await importTask(client);
  await notify(client, at(1_800_000_000));
  hub.setFaults([{ match: { operation: 'NotifyMigrationTaskState' }, action: { type: 'slow', ms: 300 } }]);
  const slow = notify(client, at(1_800_000_050));
  for (; hub.requests().length < 4;) await delay(5);
  elsewhere.seconds += 90;
  await slow;
  expect((await hub.judge()).staleness).toMatchObject({ seconds: 30 });
});

test('answers of the clock that overtake one another do not set the time back', async () => {
  const waits = [200, 0];
  let seconds = 1000;
  const clock = async () => {
    const mine = seconds++;
    await delay(waits.shift() ?? 0);
    return mine * 1000;
  };
  const { hub } = await emulatorAndClient({
    clock: () => (seconds === 1000 ? Promise.resolve(seconds++ * 1000) : clock()),
  });
  const [early, late] = await Promise.all([hub.judge(), hub.judge()]);
  expect([late.staleness.now, early.staleness.now]).toEqual([1002, 1002]);
  expect(hub.clock.now()).toBe(1002);
});

test('a clock elsewhere may go back, be moved and be frozen, as the real one', async () => {
  const { hub, elsewhere } = await withClockElsewhere();
  const now = async () => (await hub.judge()).staleness.now;
  hub.clock.advance(100);
  elsewhere.seconds += 1;
  expect(await now()).toBe(1_800_000_101);
  hub.clock.freeze();
  elsewhere.seconds += 50;
  expect(await now()).toBe(1_800_000_101);
  hub.clock.resume();
  expect(await now()).toBe(1_800_000_051);
  elsewhere.seconds = 5;
  expect(await now()).toBe(5);
  hub.reset();
  expect(await now()).toBe(5);
});

test('tasks() and staleness() refuse a time that may be long past, and name what to use', async () => {
  const { hub } = await withClockElsewhere();
  expect(() => hub.tasks()).toThrow(/^tasks\(\) cannot wait .* use \(await emulator\.judge\(\)\)\.tasks$/);
  expect(() => hub.staleness()).toThrow(/^staleness\(\) cannot wait .* use \(await emulator\.judge\(\)\)\.staleness$/);
});

test('with a clock that answers at once judge() is tasks() and staleness()', async () => {
  const { hub, client } = await emulatorAndClient({ clock: () => 1_800_000_100_000 });
  await importTask(client);
  await notify(client, at(1_800_000_000));
  hub.clock.advance(40);
  expect(await hub.judge()).toEqual({ tasks: hub.tasks(), staleness: hub.staleness() });
  expect(hub.staleness().seconds).toBe(40);
});

test('a clock that answers now by promises, now at once, is followed all the same', async () => {
  const answers = [Promise.resolve(1000), 2000, Promise.resolve(3000), 4000];
  const { hub } = await emulatorAndClient({ clock: () => answers.shift() ?? NaN });
  const seen: number[] = [];
  for (let i = 0; i < 3; i++) seen.push((await hub.judge()).staleness.now);
  expect(seen).toEqual([2, 3, 4]);
});

test.each([
  ['NaN', () => NaN],
  ['-1', () => -1],
  ['a bigint', () => 5n],
  ['nothing', () => undefined],
  ['a promise of a Date', () => Promise.resolve(new Date())],
  ['a promise of nanoseconds', () => Promise.resolve(1.8e18)],
])('a clock that returns %s is refused at the start', async (_what, clock) => {
  const { message } = await failure(startEmulator({ clock: clock as never }));
  expect(message).toMatch(/^clock must return epoch milliseconds .*, or a promise of them, not /);
});

test('a clock that fails later fails the calls, with its reason, in the journal too', async () => {
  let broken = false;
  const clock = () => (broken ? Promise.reject(new Error('the server is gone')) : Promise.resolve(1000));
  const { hub } = await emulatorAndClient({ clock });
  broken = true;
  const response = await post(hub, 'ListMigrationTasks', {});
  expect([response.status, await json(response)]).toEqual([
    500,
    { __type: 'InternalServerError', Message: 'clock failed: the server is gone' },
  ]);
  expect(hub.requests()).toMatchObject([{ operation: 'ListMigrationTasks', error: 'InternalServerError' }]);
  expect(await admin(hub, 'GET', 'tasks')).toEqual([500, { error: 'clock failed: the server is gone' }]);
  await expect(hub.judge()).rejects.toThrow('clock failed: the server is gone');
  broken = false;
  expect((await post(hub, 'ListMigrationTasks', {})).status).toBe(200);
});
