import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { readFileSync } from 'node:fs';
import { createServer, request, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { MigrationHubClient as AwsClient } from '@aws-sdk/client-migration-hub';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, onTestFinished, vi } from 'vitest';
import { clientBehindProxy } from '../../examples/snippets/behind-a-proxy';
import { pluginWith } from '../../examples/snippets/with-a-client';
import { clientWithCa } from '../../examples/snippets/with-a-ca';
import { clientWithRole } from '../../examples/snippets/with-a-role';
import { MigrationHubClient } from '../../src';
import { startEmulator } from '../../src/emulator';
import { logged, startHarness, until, type Harness } from './harness';

const TLS = join(__dirname, '../fixtures/tls');
const CA = join(TLS, 'ca.pem');
let h: Harness;
let client: MigrationHubClient;
beforeAll(async () => {
  h = await startHarness();
  client = new MigrationHubClient({ client: h.server.env.client });
});
beforeEach(() => {
  vi.stubEnv('AWS_ENDPOINT_URL_MIGRATION_HUB', h.emulator.url);
  vi.stubEnv('AWS_CA_BUNDLE', undefined);
});
afterEach(async () => {
  await h.stopAll();
  vi.unstubAllEnvs();
});
afterAll(() => h?.close());

let number = 0;
const report = () =>
  client.report({ progressUpdateStream: 'Clients', migrationTaskName: `vm-${++number}`, status: 'IN_PROGRESS' });
/** With our workers, by the plugin that is given the client, a report gets to Migration Hub. */
async function delivers(own: AwsClient): Promise<void> {
  onTestFinished(() => own.destroy());
  await h.startUserWorker([pluginWith(own)] as never[]);
  await client.waitForDelivery(await report());
}

async function listening(server: Server): Promise<number> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => sockets.add(socket));
  await once(server.listen(0, '127.0.0.1'), 'listening');
  onTestFinished(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  return (server.address() as AddressInfo).port;
}

/** A host with a certificate of a CA that nobody knows; it passes on to `to`. */
async function withUnknownCa(to: string): Promise<string> {
  const pem = readFileSync(join(TLS, 'server.pem'));
  const server = createTlsServer({ key: pem, cert: pem }, (incoming, answer) => {
    const { method, url, headers } = incoming;
    const outgoing = request(new URL(url ?? '/', to), { method, headers }, (response) => {
      answer.writeHead(response.statusCode ?? 500, response.headers);
      response.pipe(answer);
    });
    incoming.pipe(outgoing);
  });
  return `https://localhost:${await listening(server as unknown as Server)}`;
}

/** Security Token Service: gives keys that the emulator of the test knows. */
async function tokenService(): Promise<{ url: string; calls: string[]; regions: (string | undefined)[] }> {
  const calls: string[] = [];
  const regions: (string | undefined)[] = [];
  const server = createServer((incoming, answer) => {
    let body = '';
    incoming.on('data', (data: Buffer) => (body += data.toString()));
    incoming.on('end', () => {
      calls.push(body);
      regions.push(incoming.headers.authorization?.split('/')[2]);
      answer.writeHead(200, { 'content-type': 'text/xml' }).end(
        `<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult><Credentials>
           <AccessKeyId>OFTHEROLE</AccessKeyId><SecretAccessKey>secret-of-the-role</SecretAccessKey><SessionToken>token</SessionToken>
           <Expiration>${new Date(Date.now() + 3_600_000).toISOString()}</Expiration>
         </Credentials></AssumeRoleResult></AssumeRoleResponse>`,
      );
    });
  });
  return { url: `http://127.0.0.1:${await listening(server)}`, calls, regions };
}
const ROLE = 'arn:aws:iam::123456789012:role/migrations';
/** It takes calls that are signed with the keys of the role. */
async function emulatorForTheRole() {
  const emulator = await startEmulator({ signatures: { verify: { OFTHEROLE: 'secret-of-the-role' } } });
  onTestFinished(() => emulator.close());
  vi.stubEnv('AWS_ENDPOINT_URL_MIGRATION_HUB', emulator.url);
  return emulator;
}

it('the client behind a proxy: every call goes through it (R56)', async () => {
  const asked: string[] = [];
  const proxy = createServer((_request, answer) => answer.writeHead(405).end());
  proxy.on('connect', ({ url = '' }: { url?: string }, socket: Socket) => {
    asked.push(url);
    const [host, port] = url.split(':');
    const target = connect(Number(port), host, () => {
      socket.write('HTTP/1.1 200 Connection Established\r\n\r\n');
      target.pipe(socket).pipe(target);
    });
    target.on('error', () => socket.destroy());
    socket.on('error', () => target.destroy());
  });
  const port = await listening(proxy);
  await delivers(clientBehindProxy(`http://127.0.0.1:${port}`, 'us-west-2'));
  expect([...new Set(asked)]).toEqual([new URL(h.emulator.url).host]);
});

it('the client with a role signs with the keys of the role', async () => {
  const emulator = await emulatorForTheRole();
  const { url, calls } = await tokenService();
  vi.stubEnv('AWS_ENDPOINT_URL_STS', url);
  await delivers(clientWithRole(ROLE, 'us-west-2'));
  expect(calls).toHaveLength(1);
  expect(new URLSearchParams(calls[0]).get('RoleArn')).toBe(ROLE);
  expect(emulator.tasks()).toHaveLength(1);
});

it('the client with a CA calls a host that is signed by it', async () => {
  vi.stubEnv('AWS_ENDPOINT_URL_MIGRATION_HUB', await withUnknownCa(h.emulator.url));
  await delivers(clientWithCa(CA, 'us-west-2'));
});

it('with AWS_CA_BUNDLE the client that is made here does so, too; without it the failure says what to set', async () => {
  const endpoint = await withUnknownCa(h.emulator.url);
  logged.length = 0;
  const without = await h.startHub({ endpoint });
  await until('it says so', () => logged.some((line) => /TlsError: .*AWS_CA_BUNDLE=/.test(line)));
  await without.stop();
  vi.stubEnv('AWS_CA_BUNDLE', CA);
  await h.startHub({ endpoint });
  await client.waitForDelivery(await report());
});

it('so do the calls with which the role of an AWS profile is assumed', async () => {
  const emulator = await emulatorForTheRole();
  const { url, calls, regions } = await tokenService();
  const dir = await mkdtemp(join(tmpdir(), 'aws-profile-'));
  onTestFinished(() => rm(dir, { recursive: true }));
  await writeFile(
    join(dir, 'config'),
    `[profile migration]\nregion = us-west-2\nrole_arn = ${ROLE}\nsource_profile = base\n[profile base]\naws_access_key_id = a\naws_secret_access_key = b\n`,
  );
  const variables = {
    AWS_CONFIG_FILE: join(dir, 'config'),
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
    AWS_PROFILE: 'migration',
    AWS_ACCESS_KEY_ID: undefined,
    AWS_SECRET_ACCESS_KEY: undefined,
    AWS_REGION: undefined,
    AWS_DEFAULT_REGION: undefined,
    AWS_ENDPOINT_URL_STS: await withUnknownCa(url),
    AWS_CA_BUNDLE: CA,
  };
  for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value);
  await h.startHub({ region: undefined, endpoint: undefined });
  await client.waitForDelivery(await report());
  expect(calls).toHaveLength(1);
  expect(regions).toEqual(['us-west-2']);
  expect(emulator.tasks()).toHaveLength(1);
});
