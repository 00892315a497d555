import { once } from 'node:events';
import { connect } from 'node:net';
import { expect, test } from 'vitest';
import { emulatorAndClient, json, post } from './support';

test.each([
  ['GET', '/'],
  ['HEAD', '/'],
  ['GET', '/_mgh/health'],
  ['HEAD', '/_mgh/health'],
])('who waits for the emulator by %s %s gets 200, and is not in the journal', async (method, path) => {
  const { hub } = await emulatorAndClient();
  const response = await fetch(hub.url + path, { method });
  expect([response.status, response.headers.get('content-type')]).toEqual([200, 'application/json; charset=utf-8']);
  const body = await response.text();
  if (method === 'HEAD') expect(body).toBe('');
  else expect(JSON.parse(body)).toMatchObject(path === '/' ? { health: '/_mgh/health' } : { status: 'ok' });
  expect(hub.requests()).toEqual([]);
});

test('who waits for the emulator by a bare connection gets one', async () => {
  const { hub } = await emulatorAndClient();
  const socket = connect(hub.port, '127.0.0.1');
  await once(socket, 'connect');
  socket.destroy();
});

test('the emulator counts as started during an outage and a throttle, which hit AWS calls only', async () => {
  const { hub } = await emulatorAndClient();
  hub.setOutage({ type: 'html-503' });
  hub.setFaults([{ action: { type: 'internal' } }]);
  for (const method of ['GET', 'HEAD']) expect((await fetch(hub.url, { method })).status).toBe(200);
  expect((await post(hub, 'ListMigrationTasks', {})).status).toBe(503);
});

test.each(['PUT', 'DELETE', 'PATCH', 'OPTIONS'])('%s / is no AWS call and says so', async (method) => {
  const { hub } = await emulatorAndClient();
  const response = await fetch(hub.url, { method });
  expect([response.status, await json(response)]).toEqual([
    404,
    { __type: 'UnknownOperationException', Message: `${method} / is not here: AWS calls are POST /.` },
  ]);
});

test('POST / stays the AWS protocol, whatever a caller says that it accepts', async () => {
  const { hub } = await emulatorAndClient();
  const response = await post(hub, 'ListMigrationTasks', {}, { accept: 'text/html' });
  expect([response.status, await json(response)]).toEqual([200, { MigrationTaskSummaryList: [] }]);
  expect(response.headers.get('content-type')).toBe('application/x-amz-json-1.1');
});
