import { expect, test } from 'vitest';
import { startEmulator } from '../../src/emulator/index';
import { Throttle } from '../../src/emulator/faults/throttle';
import { TokenBucket } from '../../src/emulator/faults/token-bucket';
import { admin, emulatorAndClient, failure, importTask, notify, post } from './support';

/** One token per hour: none is added while a test runs. */
const HOURLY = 1 / 3600;

test('calls beyond the burst are throttled and told when the next one passes', async () => {
  const { hub, client } = await emulatorAndClient({ throttleAt: { ratePerSecond: HOURLY, burst: 3 } });
  await importTask(client);
  await notify(client);
  const throttled = await failure(notify(client));
  expect(throttled).toMatchObject({ name: 'ThrottlingException', $metadata: { httpStatusCode: 400 } });
  expect(throttled.RetryAfterSeconds).toBeGreaterThan(0); // exact seconds: see the test of Throttle
  expect(throttled.RetryAfterSeconds).toBeLessThanOrEqual(3600);
  expect(hub.tasks()).toMatchObject([{ notifications: 1 }]);
  expect(hub.requests().map(({ fault }) => fault)).toEqual([null, null, null, 'token-bucket']);
});

test('a bucket fills evenly up to its burst and no further', () => {
  let now = 100;
  const bucket = new TokenBucket(2, 5, () => now);
  const takeAll = () => {
    let taken = 0;
    while (bucket.take() === 0) taken += 1;
    return taken;
  };
  expect(takeAll()).toBe(5);
  expect(bucket.take()).toBe(0.5);
  now += 0.25;
  expect(bucket.take()).toBe(0.25);
  now += 1.25;
  expect(takeAll()).toBe(3);
  now += 3600;
  expect(takeAll()).toBe(5);
});

test('a throttled call is told the seconds until there is a token, rounded up', () => {
  let now = 100;
  const throttle = new Throttle({ ratePerSecond: 0.1, burst: 1, httpStatus: 429 }, () => now);
  expect(throttle.action()).toBeUndefined();
  expect(throttle.action()).toEqual({ type: 'throttle', retryAfterSeconds: 10, httpStatus: 429 });
  now += 2.5;
  expect(throttle.action()).toMatchObject({ retryAfterSeconds: 8 });
  expect(throttle.show()).toMatchObject({ burst: 1, tokens: 0 });
  now += 7.5;
  expect(throttle.action()).toBeUndefined();
});

test('neither the option now nor the emulator clock refills the bucket', async () => {
  let now = 0;
  const { hub } = await emulatorAndClient({ clock: () => now, throttleAt: { ratePerSecond: HOURLY, burst: 1 } });
  await post(hub, 'ListMigrationTasks', {});
  now += 1e9;
  hub.clock.advance(1e6);
  expect((await post(hub, 'ListMigrationTasks', {})).status).toBe(400);
});

test('the throttle is set, shown and cleared through the admin API, which is never throttled', async () => {
  const { hub } = await emulatorAndClient();
  const setting = { ratePerSecond: HOURLY, burst: 1, httpStatus: 429, retryAfterIn: 'header' };
  expect(await admin(hub, 'GET', 'throttle')).toEqual([200, { throttle: null }]);
  expect(await admin(hub, 'POST', 'throttle', setting)).toEqual([200, { throttle: { ...setting, tokens: 1 } }]);
  await post(hub, 'ListMigrationTasks', {});
  const throttled = await post(hub, 'ListMigrationTasks', {});
  expect([throttled.status, throttled.headers.get('retry-after')]).toEqual([429, expect.stringMatching(/^\d+$/)]);
  expect(await admin(hub, 'GET', 'throttle')).toEqual([200, { throttle: { ...setting, tokens: 0 } }]);
  expect(await admin(hub, 'DELETE', 'throttle')).toEqual([200, { throttle: null }]);
  expect((await post(hub, 'ListMigrationTasks', {})).status).toBe(200);
});

test('without a burst, a second of calls may pass at once', async () => {
  const { hub } = await emulatorAndClient();
  const defaults = { httpStatus: 400, retryAfterIn: 'body' };
  const shown = { throttle: { ratePerSecond: 2.5, burst: 3, ...defaults, tokens: 3 } };
  expect(await admin(hub, 'POST', 'throttle', { ratePerSecond: 2.5 })).toEqual([200, shown]);
});

test('reset brings back the throttle of the start, with a full bucket', async () => {
  const { hub } = await emulatorAndClient({ throttleAt: { ratePerSecond: HOURLY, burst: 2 } });
  await post(hub, 'ListMigrationTasks', {});
  hub.setThrottle({ ratePerSecond: 100 });
  hub.reset();
  expect(await admin(hub, 'GET', 'throttle')).toMatchObject([200, { throttle: { burst: 2, tokens: 2 } }]);
});

test('a throttled call is not seen by the fault rules', async () => {
  const { hub } = await emulatorAndClient({ throttleAt: { ratePerSecond: HOURLY, burst: 1 } });
  hub.setFaults([{ match: { nth: 2 }, action: { type: 'internal' } }]);
  await post(hub, 'ListMigrationTasks', {});
  await post(hub, 'ListMigrationTasks', {});
  expect(await admin(hub, 'GET', 'faults')).toMatchObject([200, [{ seen: 1, fired: 0 }]]);
});

test.each([
  ['ratePerSecond is required', {}],
  ['ratePerSecond must be > 0', { ratePerSecond: 0 }],
  ['burst must be >= 1', { ratePerSecond: 1, burst: 0 }],
  ['burst must be integer', { ratePerSecond: 1, burst: 1.5 }],
  ['httpStatus must be one of 400, 429', { ratePerSecond: 1, httpStatus: 503 }],
  ['retryAfterIn must be one of body, header, both', { ratePerSecond: 1, retryAfterIn: 'trailer' }],
  ['rate is not known: did you mean ratePerSecond?', { ratePerSecond: 1, rate: 5 }],
])('a bad throttle is refused: %s', async (said, setting) => {
  const { hub } = await emulatorAndClient();
  expect(await admin(hub, 'POST', 'throttle', setting)).toEqual([400, { error: said }]);
  await expect(startEmulator({ throttleAt: setting as never })).rejects.toMatchObject({ name: 'SettingError' });
});

test('an outage of type refuse resets every call, and the admin API answers', async () => {
  const { hub, client } = await emulatorAndClient();
  await importTask(client);
  hub.setOutage({ type: 'refuse' });
  expect(await failure(notify(client))).toMatchObject({ code: 'ECONNRESET' });
  expect(await admin(hub, 'GET', 'tasks')).toMatchObject([200, [{ notifications: 0 }]]);
  expect(hub.requests().at(-1)).toMatchObject({ httpStatus: null, fault: 'outage-refuse' });
  hub.clearOutage();
  await notify(client);
});

test('an outage of type html-503 answers with a page, whatever the rules and the throttle say', async () => {
  const { hub, client } = await emulatorAndClient({ throttleAt: { ratePerSecond: HOURLY, burst: 1 } });
  hub.setFaults([{ action: { type: 'internal' } }]);
  hub.setOutage({ type: 'html-503' });
  for (let i = 0; i < 2; i++)
    expect(await failure(notify(client))).toMatchObject({ name: 'SyntaxError', $response: { statusCode: 503 } });
  expect(hub.requests().map(({ fault }) => fault)).toEqual(['outage-html-503', 'outage-html-503']);
  expect(await admin(hub, 'GET', 'faults')).toMatchObject([200, [{ seen: 0 }]]);
  expect(await admin(hub, 'GET', 'throttle')).toMatchObject([200, { throttle: { tokens: 1 } }]);
});

test('an outage of type hang answers nothing', async () => {
  const { hub, client } = await emulatorAndClient();
  hub.setOutage({ type: 'hang' });
  const call = failure(notify(client));
  while (hub.requests().length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  expect(hub.requests()).toMatchObject([{ httpStatus: null, fault: 'outage-hang' }]);
  await hub.close();
  expect(await call).toMatchObject({ code: 'ECONNRESET' });
});

test('an outage ends by itself, by the emulator clock', async () => {
  const { hub } = await emulatorAndClient();
  hub.clock.freeze();
  hub.clock.set(1000);
  const outage = { type: 'html-503', since: 1000, until: 1060 };
  expect(await admin(hub, 'POST', 'outage', { type: 'html-503', forSeconds: 60 })).toEqual([200, { outage }]);
  hub.clock.advance(59.9);
  expect((await post(hub, 'ListMigrationTasks', {})).status).toBe(503);
  hub.clock.advance(0.1);
  expect((await post(hub, 'ListMigrationTasks', {})).status).toBe(200);
  expect(await admin(hub, 'GET', 'outage')).toEqual([200, { outage: null }]);
});

test('DELETE ends an outage; a bad one is refused and the old one stays', async () => {
  const { hub } = await emulatorAndClient();
  await admin(hub, 'POST', 'outage', { type: 'html-503' });
  expect(await admin(hub, 'POST', 'outage', { type: 'fire' })).toEqual([
    400,
    { error: 'type must be one of refuse, html-503, hang' },
  ]);
  expect(await admin(hub, 'POST', 'outage', { type: 'hang', seconds: 5 })).toEqual([
    400,
    { error: 'seconds is not known: did you mean forSeconds?' },
  ]);
  expect((await post(hub, 'ListMigrationTasks', {})).status).toBe(503);
  expect(await admin(hub, 'DELETE', 'outage')).toEqual([200, { outage: null }]);
  expect((await post(hub, 'ListMigrationTasks', {})).status).toBe(200);
});
