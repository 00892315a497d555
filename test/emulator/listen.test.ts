import { Server } from 'node:net';
import { once } from 'node:events';
import { Agent, request } from 'node:http';
import { networkInterfaces } from 'node:os';
import { MigrationHubClient } from '@aws-sdk/client-migration-hub';
import { afterEach, expect, test, vi } from 'vitest';
import { startEmulator } from '../../src/emulator';
import { emulatorAndClient, failure, importTask, post } from './support';

const hasIpv6 = Object.values(networkInterfaces()).some((all) => all?.some(({ address }) => address === '::1'));
const real = Server.prototype.listen;
afterEach(() => vi.restoreAllMocks());

/** Lets listening on an address fail with this code, so many times. */
function failListening(address: string, code: string, times = Infinity): void {
  let left = times;
  vi.spyOn(Server.prototype, 'listen').mockImplementation(function (this: Server, ...all: unknown[]) {
    const { host } = all[0] as { host?: string };
    if (host !== address || left-- <= 0) return real.apply(this, all as never);
    const error = Object.assign(new Error(`listen ${code}`), { code });
    process.nextTick(() => this.emit('error', error));
    return this;
  });
}

test.each(['127.0.0.1', 'localhost'])('the SDK reaches it at %s without any setting', async (host) => {
  const { hub } = await emulatorAndClient();
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  const endpoint = `http://${host}:${hub.port}`;
  const client = new MigrationHubClient({ endpoint, region: 'us-west-2', maxAttempts: 1, credentials });
  await importTask(client);
  expect(hub.tasks()).toHaveLength(1);
  client.destroy();
});

// Not with the SDK: the JavaScript one looks up `[::1]` as a name.
test.each(hasIpv6 ? ['127.0.0.1', '[::1]'] : ['127.0.0.1'])(
  'calls at %s are answered, or cut when the emulator closes, and then nobody listens there',
  async (host) => {
    const { hub } = await emulatorAndClient();
    const at = { url: `http://${host}:${hub.port}` };
    expect((await post(at, 'ListMigrationTasks', {})).status).toBe(200);
    hub.setOutage({ type: 'hang' });
    const hanging = failure(post(at, 'ListMigrationTasks', {}));
    while (hub.requests().length < 2) await new Promise((resolve) => setTimeout(resolve, 5));
    await hub.close();
    expect(await hanging).toMatchObject({ name: 'TypeError' });
    await expect(fetch(`${at.url}/_mgh/health`)).rejects.toThrow();
  },
);

test('with a host it listens there only', async () => {
  const { hub } = await emulatorAndClient({ host: '127.0.0.1' });
  expect(hub.url).toBe(`http://127.0.0.1:${hub.port}`);
  await expect(fetch(`http://[::1]:${hub.port}/_mgh/health`)).rejects.toThrow();
});

test('a port that is taken on ::1 only is busy too', async () => {
  failListening('::1', 'EADDRINUSE');
  await expect(startEmulator({ port: 45999 })).rejects.toMatchObject({ code: 'EADDRINUSE' });
});

test('any free port is one that is free on both addresses', async () => {
  failListening('127.0.0.1', 'EADDRINUSE', 2);
  const { hub } = await emulatorAndClient();
  expect((await fetch(`${hub.url}/_mgh/health`)).status).toBe(200);
});

test.each(['EADDRNOTAVAIL', 'EAFNOSUPPORT'])('without IPv6 (%s) it goes on with IPv4', async (code) => {
  failListening('::1', code);
  const { hub } = await emulatorAndClient();
  expect((await fetch(`${hub.url}/_mgh/health`)).status).toBe(200);
  await expect(fetch(`http://[::1]:${hub.port}/_mgh/health`)).rejects.toThrow();
});

test('an idle connection is kept for an hour: longer than Go, Rust and Java clients keep one', async () => {
  const { hub } = await emulatorAndClient();
  const agent = new Agent({ keepAlive: true });
  const asked = request(`${hub.url}/_mgh/health`, { agent }).end();
  const [response] = (await once(asked, 'response')) as [{ headers: Record<string, string>; resume: () => void }];
  response.resume();
  expect(response.headers['keep-alive']).toBe('timeout=3600');
  agent.destroy();
});
