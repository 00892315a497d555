import { expect, test } from 'vitest';
import type { Emulator, FaultAction } from '../../src/emulator';
import { emulatorAndClient, failure, importTask, json, notify, post, STREAM } from './support';

const shownBy = async ({ url }: Emulator): Promise<unknown> => (await fetch(`${url}/_mgh/faults`)).json();

test.each<[FaultAction, name: string, status: number]>([
  [{ type: 'service-unavailable' }, 'ServiceUnavailableException', 500],
  [{ type: 'internal' }, 'InternalServerError', 500],
  [{ type: 'access-denied' }, 'AccessDeniedException', 400],
  [{ type: 'home-region-not-set' }, 'HomeRegionNotSetException', 400],
  [{ type: 'expired-token' }, 'ExpiredTokenException', 400],
  [{ type: 'throttle' }, 'ThrottlingException', 400],
])('the fault %j reaches the SDK as %s with status %i, and nothing is applied', async (action, name, status) => {
  const { hub, client } = await emulatorAndClient();
  await importTask(client);
  hub.setFaults([{ action }]);
  expect(await failure(notify(client))).toMatchObject({ name, $metadata: { httpStatusCode: status } });
  expect(hub.tasks()).toMatchObject([{ notifications: 0 }]);
  expect(hub.requests().at(-1)).toMatchObject({ httpStatus: status, error: name, fault: action.type });
});

test.each([
  [{}, 400, 7, null],
  [{ httpStatus: 429 }, 429, 7, null],
  [{ httpStatus: 429, retryAfterIn: 'header' }, 429, undefined, '7'],
  [{ retryAfterIn: 'both' }, 400, 7, '7'],
] as const)('a throttle with %j tells when to retry as asked', async (form, status, inBody, inHeader) => {
  const { hub, client } = await emulatorAndClient();
  hub.setFaults([{ action: { type: 'throttle', retryAfterSeconds: 7, ...form } }]);
  const response = await post(hub, 'ListMigrationTasks', {});
  const { RetryAfterSeconds } = await json(response);
  expect([response.status, RetryAfterSeconds, response.headers.get('retry-after')]).toEqual([status, inBody, inHeader]);
  expect((await failure(notify(client))).RetryAfterSeconds).toBe(inBody);
});

test('a dry run that is denied is an UnauthorizedOperation', async () => {
  const { hub, client } = await emulatorAndClient();
  hub.setFaults([{ action: { type: 'access-denied' } }]);
  expect(await failure(notify(client, { DryRun: true }))).toMatchObject({ name: 'UnauthorizedOperation' });
});

test.each(['ListMigrationTasks', 'AWSMigrationHubMultiAccountService.GetHomeRegion'])(
  '%s has no dry run: with DryRun it is answered, or denied, as without',
  async (operation) => {
    const { hub } = await emulatorAndClient();
    const without = await json(await post(hub, operation, {}));
    expect(await json(await post(hub, operation, { DryRun: true }))).toEqual(without);
    hub.setFaults([{ action: { type: 'access-denied' } }]);
    const denied = await json(await post(hub, operation, { DryRun: true }));
    expect(denied.__type).toBe('AccessDeniedException');
  },
);

test('html-503 is a page that the SDK cannot parse', async () => {
  const { hub, client } = await emulatorAndClient();
  hub.setFaults([{ action: { type: 'html-503' } }]);
  expect(await failure(notify(client))).toMatchObject({ name: 'SyntaxError', $response: { statusCode: 503 } });
});

test('reset cuts the connection before any work', async () => {
  const { hub, client } = await emulatorAndClient();
  await importTask(client);
  hub.setFaults([{ action: { type: 'reset' }, times: 1 }]);
  expect(await failure(notify(client))).toMatchObject({ code: 'ECONNRESET' });
  expect(hub.tasks()).toMatchObject([{ notifications: 0 }]);
  expect(hub.requests().at(-1)).toMatchObject({ httpStatus: null, fault: 'reset' });
  await notify(client);
});

test('apply-then-reset does the work and loses the answer', async () => {
  const { hub, client } = await emulatorAndClient();
  await importTask(client);
  hub.setFaults([{ action: { type: 'apply-then-reset' } }]);
  expect(await failure(notify(client))).toMatchObject({ code: 'ECONNRESET' });
  expect(hub.tasks()).toMatchObject([{ notifications: 1, status: 'IN_PROGRESS' }]);
});

test('hang never answers, and closing the emulator does not wait for it', async () => {
  const { hub, client } = await emulatorAndClient();
  hub.setFaults([{ action: { type: 'hang' } }]);
  const call = failure(notify(client));
  while (hub.requests().length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  await hub.close(); // with a wait for the hanging call the test would time out
  expect(await call).toMatchObject({ code: 'ECONNRESET' });
});

test('slow answers no earlier than it should', async () => {
  const { hub, client } = await emulatorAndClient();
  await importTask(client);
  hub.setFaults([{ action: { type: 'slow', ms: 150 } }]);
  const started = performance.now();
  await notify(client);
  // A lower limit only: a timer may fire up to a millisecond early, and as late as the machine is slow.
  expect(performance.now() - started).toBeGreaterThanOrEqual(148);
});

test('a rule picks by operation, stream, task and occurrence; the first that fires wins', async () => {
  const { hub, client } = await emulatorAndClient();
  await importTask(client, 'server-1');
  await importTask(client, 'server-2');
  hub.setFaults([
    { match: { operation: 'NotifyMigrationTaskState', task: 'server-2', nth: 2 }, action: { type: 'internal' } },
    { match: { stream: 'Other' }, action: { type: 'reset' } },
    { match: { stream: STREAM, task: 'server-2' }, times: 1, action: { type: 'throttle' } },
  ]);
  await notify(client);
  expect(await failure(notify(client, { MigrationTaskName: 'server-2' }))).toMatchObject({
    name: 'ThrottlingException',
  });
  expect(await failure(notify(client, { MigrationTaskName: 'server-2' }))).toMatchObject({
    name: 'InternalServerError',
  });
  await notify(client, { MigrationTaskName: 'server-2' });
  expect(await shownBy(hub)).toMatchObject([{ seen: 3, fired: 1 }, { seen: 0 }, { seen: 2, fired: 1 }]);
});

test('probability follows the seed: the same seed, the same faults', async () => {
  const { hub } = await emulatorAndClient();
  const run = async (seed: number) => {
    hub.setFaults([{ probability: 0.5, seed, action: { type: 'internal' } }]);
    const statuses: number[] = [];
    for (let i = 0; i < 40; i++) statuses.push((await post(hub, 'ListMigrationTasks', {})).status);
    return statuses.join();
  };
  const first = await run(42);
  expect(await run(42)).toBe(first);
  expect(await run(43)).not.toBe(first);
  expect([first.includes('200'), first.includes('500')]).toEqual([true, true]);
});

test('forSeconds ends a rule by the emulator clock', async () => {
  let now = 1_800_000_000_000;
  const { hub } = await emulatorAndClient({ clock: () => now });
  hub.setFaults([{ forSeconds: 10, action: { type: 'internal' } }]);
  now += 9_999;
  expect((await post(hub, 'ListMigrationTasks', {})).status).toBe(500);
  now += 1;
  expect((await post(hub, 'ListMigrationTasks', {})).status).toBe(200);
  expect(await shownBy(hub)).toMatchObject([{ seen: 2, fired: 1 }]);
});

test('a rule counts the calls that match it also when it is used up', async () => {
  const { hub } = await emulatorAndClient();
  hub.setFaults([{ match: { operation: 'ListMigrationTasks' }, times: 1, action: { type: 'internal' } }]);
  const statuses: number[] = [];
  for (let i = 0; i < 3; i++) statuses.push((await post(hub, 'ListMigrationTasks', {})).status);
  expect(statuses).toEqual([500, 200, 200]);
  expect(await shownBy(hub)).toMatchObject([{ seen: 3, fired: 1 }]);
});

test.each([
  ['0.action', [{}]],
  ['0.action.type', [{ action: { type: 'explode' } }]],
  ['0.action.type', [{ action: {} }]],
  ['0.action.ms', [{ action: { type: 'slow' } }]],
  ['0.action.retryAfterSecs', [{ action: { type: 'throttle', retryAfterSecs: 5 } }]],
  ['0.action.httpStatus', [{ action: { type: 'throttle', httpStatus: 503 } }]],
  ['0.action.retryAfterIn', [{ action: { type: 'throttle', retryAfterIn: 'trailer' } }]],
  ['0.action.skewSeconds', [{ action: { type: 'invalid-signature', skewSeconds: 1e9 } }]],
  ['0.action.ms', [{ action: { type: 'truncate', ms: 5 } }]],
  ['1.probability', [{ action: { type: 'hang' } }, { probability: 2, action: { type: 'hang' } }]],
  ['0.match.server', [{ match: { server: 'a' }, action: { type: 'hang' } }]],
  ['The array of fault rules', { action: { type: 'hang' } }],
  ['The body is not JSON', '{'],
])('a bad fault rule is refused with the field %s, and the old rules stay', async (field, rules) => {
  const { hub } = await emulatorAndClient();
  hub.setFaults([{ action: { type: 'internal' } }]);
  const body = typeof rules === 'string' ? rules : JSON.stringify(rules);
  const response = await fetch(`${hub.url}/_mgh/faults`, { method: 'POST', body });
  const { error } = await json(response);
  expect(response.status).toBe(400);
  expect(String(error).startsWith(`${field} `) || String(error).startsWith(`${field}:`), String(error)).toBe(true);
  expect((await post(hub, 'ListMigrationTasks', {})).status).toBe(500);
});

test('DELETE clears the rules', async () => {
  const { hub, client } = await emulatorAndClient();
  await fetch(`${hub.url}/_mgh/faults`, { method: 'POST', body: '[{"action":{"type":"internal"}}]' });
  await fetch(`${hub.url}/_mgh/faults`, { method: 'DELETE' });
  await importTask(client);
});
