import { expect, test } from 'vitest';
import { admin, emulatorAndClient, importTask, notify, post } from './support';

/** An emulator whose real time is under control, and starts at 1000. */
async function withRealTime() {
  let real = 1000;
  const { hub, client } = await emulatorAndClient({ clock: () => real * 1000 });
  const passes = (seconds: number) => {
    real += seconds;
  };
  return { hub, client, passes };
}

test('a clock that was set or advanced runs on from there', async () => {
  const { hub, passes } = await withRealTime();
  hub.clock.set(5000);
  passes(10);
  expect(hub.clock.now()).toBe(5010);
  hub.clock.advance(90);
  passes(1);
  expect(hub.clock.now()).toBe(5101);
  hub.clock.set(20);
  passes(1);
  expect(hub.clock.now()).toBe(21);
});

test('a frozen clock stands still and moves only by set and advance', async () => {
  const { hub, passes } = await withRealTime();
  hub.clock.freeze();
  passes(10);
  expect(hub.clock.now()).toBe(1000);
  hub.clock.advance(60);
  passes(10);
  expect(hub.clock.now()).toBe(1060);
  hub.clock.freeze();
  hub.clock.set(7);
  passes(10);
  expect(hub.clock.now()).toBe(7);
});

test('resume shows the real time again, and runs', async () => {
  const { hub, passes } = await withRealTime();
  hub.clock.freeze();
  hub.clock.set(9000);
  passes(10);
  hub.clock.resume();
  passes(5);
  expect(hub.clock.now()).toBe(1015);
});

test('the admin API moves the clock and shows it', async () => {
  const { hub, passes } = await withRealTime();
  expect(await admin(hub, 'GET', 'clock')).toEqual([200, { now: 1000, real: 1000, frozen: false }]);
  expect(await admin(hub, 'POST', 'clock', { set: 4000.5 })).toEqual([200, { now: 4000.5, real: 1000, frozen: false }]);
  expect(await admin(hub, 'POST', 'clock', { freeze: true })).toMatchObject([200, { now: 4000.5, frozen: true }]);
  passes(3);
  expect(await admin(hub, 'POST', 'clock', { advance: 1 })).toEqual([200, { now: 4001.5, real: 1003, frozen: true }]);
  expect(await admin(hub, 'POST', 'clock', { resume: true })).toEqual([200, { now: 1003, real: 1003, frozen: false }]);
});

test.each([
  ['forward is not known: use set, advance, freeze, resume', { forward: 5 }],
  ['advance must be >= 0 (seconds)', { advance: -1 }],
  ['set must be number (epoch seconds)', { set: '2026-01-01T00:00:00Z' }],
  ['set must be <= 253402300799 (epoch seconds)', { set: 1_800_000_000_000 }],
  ['advance must not lead past the year 9999, which is 253402300799', { advance: 253402300799 }],
  ['freeze must be true', { freeze: false }],
  ['The body must have exactly one of set, advance, freeze, resume', {}],
  ['The body must have exactly one of set, advance, freeze, resume', { set: 5, advance: 5 }],
])('a time that is none is refused: %s', async (said, body) => {
  const { hub } = await withRealTime();
  expect(await admin(hub, 'POST', 'clock', body)).toEqual([400, { error: said }]);
  expect(hub.clock.now()).toBe(1000);
});

test('a number that is none is refused in process too', async () => {
  const { hub } = await withRealTime();
  expect(() => hub.clock.set(NaN)).toThrow(expect.objectContaining({ name: 'SettingError' }));
});

test('staleness and the journal go by the clock, in a moment instead of an hour', async () => {
  const { hub, client } = await emulatorAndClient();
  hub.clock.freeze();
  hub.clock.set(1_800_000_000);
  await importTask(client);
  await notify(client, { UpdateDateTime: new Date(1_800_000_000_000), NextUpdateSeconds: 60 });
  hub.clock.advance(3600);
  expect(hub.tasks()).toMatchObject([{ stale: true, staleSeconds: 3540 }]);
  expect(hub.requests().at(-1)?.at).toBe(1_800_000_000);
});

test('a fault rule lasts by the clock', async () => {
  const { hub } = await emulatorAndClient();
  hub.setFaults([{ forSeconds: 600, action: { type: 'internal' } }]);
  expect((await post(hub, 'ListMigrationTasks', {})).status).toBe(500);
  hub.clock.advance(600);
  expect((await post(hub, 'ListMigrationTasks', {})).status).toBe(200);
});

test('the Date header stays the real time, whatever the clock shows', async () => {
  const { hub } = await emulatorAndClient();
  hub.clock.set(0);
  const before = Date.now();
  for (const response of [await post(hub, 'ListMigrationTasks', {}), await fetch(`${hub.url}/_mgh/health`)]) {
    const date = Date.parse(response.headers.get('date') ?? '');
    expect(date).toBeGreaterThan(before - 60_000);
    expect(date).toBeLessThanOrEqual(Date.now());
  }
});

test('reset resumes the clock', async () => {
  const { hub } = await withRealTime();
  hub.clock.freeze();
  hub.clock.set(5);
  hub.reset();
  expect(hub.clock.now()).toBe(1000);
});
