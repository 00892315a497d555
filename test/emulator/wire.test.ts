import { once } from 'node:events';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { startEmulator, type Emulator } from '../../src/emulator';
import { admin, emulatorAndClient, json, post } from './support';

/** What comes back for bytes that no HTTP client would send. */
async function answerTo(hub: Emulator, bytes: string): Promise<{ status: number; type: unknown }> {
  const socket = connect(hub.port, '127.0.0.1');
  socket.end(bytes);
  await once(socket, 'connect');
  const answer = await text(socket);
  const [head = '', body = ''] = answer.split('\r\n\r\n');
  return {
    status: Number(/^HTTP\/1\.1 (\d+)/.exec(head)?.[1]),
    type: (JSON.parse(body) as { __type: unknown }).__type,
  };
}
const request = (more: string) =>
  `POST / HTTP/1.1\r\nConnection: close\r\nContent-Type: application/x-amz-json-1.1\r\nX-Amz-Target: AWSMigrationHub.ListMigrationTasks\r\nContent-Length: 2\r\n${more}\r\n{}`;

describe('what is hardly HTTP', () => {
  it.each([
    ['no HTTP at all', 'hello\r\n\r\n', 400, 'SerializationException'],
    ['headers of 100 KB', request(`X-Large: ${'x'.repeat(100_000)}\r\n`), 431, 'RequestEntityTooLargeException'],
    ['no Host', request(''), 200, undefined],
    ['an expectation', request('Host: x\r\nExpect: something\r\n'), 200, undefined],
    [
      'a path that is no URL',
      'GET /%zz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n',
      400,
      'SerializationException',
    ],
  ])('%s is answered in JSON', async (_, bytes, status, type) => {
    const hub = await startEmulator();
    expect(await answerTo(hub, bytes)).toEqual({ status, type });
    await hub.close();
  });
});

it('a body nested without end is refused, and the journal can still be read', async () => {
  const { hub } = await emulatorAndClient();
  const answer = await json(await post(hub, 'ListMigrationTasks', '{"a":'.repeat(50_000)));
  expect(answer).toEqual({
    __type: 'SerializationException',
    Message: 'The body is nested more than 100 levels deep.',
  });
  expect(await admin(hub, 'GET', 'requests')).toMatchObject([200, [{ error: 'SerializationException' }]]);
});

it.each([1e300, 253_402_300_800, -62_135_596_801])(
  'the time %d, which no client could read back, is refused',
  async (at) => {
    const { hub } = await emulatorAndClient();
    const input = {
      ProgressUpdateStream: 'S',
      MigrationTaskName: 'vm',
      Task: { Status: 'FAILED' },
      UpdateDateTime: at,
      NextUpdateSeconds: 1,
    };
    expect(await json(await post(hub, 'NotifyMigrationTaskState', input))).toMatchObject({
      __type: 'InvalidInputException',
    });
  },
);

it('answers have the content type of the protocol, without a charset', async () => {
  const { hub } = await emulatorAndClient();
  const types = [await post(hub, 'ListMigrationTasks', {}), await post(hub, 'Nothing', {})].map((response) =>
    response.headers.get('content-type'),
  );
  expect(types).toEqual(['application/x-amz-json-1.1', 'application/x-amz-json-1.1']);
});

it('a policy error comes by a fault rule', async () => {
  const { hub } = await emulatorAndClient();
  hub.setFaults([{ action: { type: 'policy-error' } }]);
  expect(await json(await post(hub, 'ListMigrationTasks', {}))).toMatchObject({ __type: 'PolicyErrorException' });
});
