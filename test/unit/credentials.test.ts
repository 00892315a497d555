import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MigrationHubClient } from '@aws-sdk/client-migration-hub';
import { afterEach, beforeEach, expect, it, onTestFinished, vi } from 'vitest';
import { startEmulator, type EmulatorOptions } from '../../src/emulator';
import { createAwsMigrationHub, type AwsMigrationHubOptions } from '../../src/migration-hub/aws-migration-hub';

let dir: string;
beforeEach(async () => {
  // Only the files of the test: no variables, no role of the machine.
  for (const name of ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN', 'AWS_PROFILE'])
    vi.stubEnv(name, undefined);
  vi.stubEnv('AWS_EC2_METADATA_DISABLED', 'true');
  dir = await mkdtemp(join(tmpdir(), 'aws-files-'));
  vi.stubEnv('AWS_SHARED_CREDENTIALS_FILE', join(dir, 'credentials'));
  vi.stubEnv('AWS_CONFIG_FILE', join(dir, 'config'));
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(dir, { recursive: true });
});

const writeKeys = (key: string, secret: string, profile = 'default') =>
  writeFile(
    join(dir, 'credentials'),
    `[${profile}]\naws_access_key_id = ${key}\naws_secret_access_key = ${secret}\naws_session_token = of-${key}\n`,
  );
/** A credential process that prints what a file says. */
async function writeProcess(key: string, secret: string): Promise<void> {
  const printed = { Version: 1, AccessKeyId: key, SecretAccessKey: secret };
  await writeFile(join(dir, 'printed.json'), JSON.stringify(printed));
  await writeFile(join(dir, 'config'), `[default]\ncredential_process = cat ${join(dir, 'printed.json')}\n`);
}
/** A profile whose own keys are in another one. */
async function writeNamed(key: string, secret: string): Promise<void> {
  vi.stubEnv('AWS_PROFILE', 'migration');
  await writeKeys(key, secret, 'migration');
}

async function hubWith(emulatorOptions: EmulatorOptions, more: AwsMigrationHubOptions = {}) {
  const emulator = await startEmulator(emulatorOptions);
  const hub = createAwsMigrationHub({ region: 'us-west-2', endpoint: emulator.url, ...more });
  onTestFinished(async () => {
    hub.destroy();
    await emulator.close();
  });
  return { hub, emulator };
}
const verify = { NEWKEY: 'new-secret' };

it.each([
  ['a shared credentials file', writeKeys, 'OLDKEY', 'UnrecognizedClientException', 'operator'],
  ['the file of a named profile', writeNamed, 'OLDKEY', 'UnrecognizedClientException', 'operator'],
  ['a credential process', writeProcess, 'OLDKEY', 'UnrecognizedClientException', 'operator'],
  ['a secret that was rotated alone', writeKeys, 'NEWKEY', 'InvalidSignatureException', 'backoff'],
])('new keys are used by the next try after the old ones were refused: %s', async (_, write, key, type, retry) => {
  await write(key, 'old-secret');
  const { hub, emulator } = await hubWith({ signatures: { verify } });
  await expect(hub.createProgressUpdateStream('S')).rejects.toMatchObject({
    failure: { type, retry, message: expect.stringContaining('variables, or with a client of your own') },
  });
  await write('NEWKEY', 'new-secret');
  await hub.createProgressUpdateStream('S');
  expect(emulator.requests({ operation: 'CreateProgressUpdateStream' })).toHaveLength(2);
});

/** Migration Hub that refuses all keys but one, by a type of error. Gives the keys of the calls. */
async function refusing(type: string, accepted: string) {
  const keys: (string | undefined)[] = [];
  const server = createServer((request, response) => {
    const [, key] = /Credential=(\w+)/.exec(request.headers.authorization ?? '') ?? [];
    keys.push(key);
    response.writeHead(key === accepted ? 200 : 400, { 'content-type': 'application/x-amz-json-1.1' });
    response.end(JSON.stringify(key === accepted ? {} : { __type: type, message: 'as AWS says' }));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const hub = createAwsMigrationHub({
    region: 'us-west-2',
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
  });
  onTestFinished(() => {
    hub.destroy();
    server.close();
  });
  return { hub, keys };
}

it.each([
  'ExpiredTokenException',
  'ExpiredToken',
  'UnrecognizedClientException',
  'InvalidClientTokenId',
  'InvalidSignatureException',
  'SignatureDoesNotMatch',
  'AccessDeniedException',
  'AccessDenied',
])('%s: the next try has the keys that have come meanwhile', async (type) => {
  await writeKeys('OLDKEY', 'old-secret');
  const { hub, keys } = await refusing(type, 'NEWKEY');
  await expect(hub.createProgressUpdateStream('S')).rejects.toThrow(type);
  await writeKeys('NEWKEY', 'new-secret');
  for (let i = 0; i < 2; i++) await hub.createProgressUpdateStream('S');
  expect(keys).toEqual(['OLDKEY', 'NEWKEY', 'NEWKEY']);
});

it('keys that come late are taken, though the old ones were read again in vain before', async () => {
  await writeKeys('OLDKEY', 'old-secret');
  const { hub, keys } = await refusing('ExpiredTokenException', 'NEWKEY');
  for (let i = 0; i < 3; i++) await expect(hub.createProgressUpdateStream('S')).rejects.toThrow('ExpiredToken');
  await writeKeys('NEWKEY', 'new-secret');
  await vi.waitFor(() => hub.createProgressUpdateStream('S'), { timeout: 120_000, interval: 250 });
  expect(keys.slice(0, 3)).toEqual(['OLDKEY', 'OLDKEY', 'OLDKEY']);
  expect(keys.at(-1)).toBe('NEWKEY');
});

it('the call that finds keys refused reads them again for all calls at once', async () => {
  await writeKeys('OLDKEY', 'old-secret');
  const { hub, keys } = await refusing('ExpiredTokenException', 'NEWKEY');
  await expect(hub.createProgressUpdateStream('S')).rejects.toThrow('ExpiredTokenException');
  await writeKeys('NEWKEY', 'new-secret');
  await Promise.all(Array.from({ length: 30 }, (_, i) => hub.createProgressUpdateStream(`S${i}`)));
  expect(keys).toEqual(['OLDKEY', ...Array.from({ length: 30 }, () => 'NEWKEY')]);
});

/** A credential process that first does something, and how often it was started. */
async function processThat(does: string): Promise<() => Promise<number>> {
  await writeProcess('A', 'b');
  const command = join(dir, 'credentials.sh');
  await writeFile(command, `echo started >> ${join(dir, 'starts')}\n${does}\ncat ${join(dir, 'printed.json')}\n`);
  await writeFile(join(dir, 'config'), `[default]\ncredential_process = sh ${command}\n`);
  return async () => (await readFile(join(dir, 'starts'), 'utf8')).trim().split('\n').length;
}

it('keys that are accepted are asked for once, and those refused for a task not at each of its calls', async () => {
  const starts = await processThat('true');
  const { hub, emulator } = await hubWith({});
  for (let i = 0; i < 20; i++) await hub.createProgressUpdateStream('S');
  expect(await starts()).toBe(1);
  emulator.setFaults([{ action: { type: 'access-denied' } }]);
  const before = performance.now();
  for (let i = 0; i < 20; i++) await hub.createProgressUpdateStream('S').catch(() => undefined);
  expect((await starts()) - 1).toBeLessThanOrEqual(1 + (performance.now() - before) / 5000);
});

it('a credential process that is slow holds no call beyond its time, and serves the next try', async () => {
  const starts = await processThat('sleep 2');
  const { hub } = await hubWith({}, { connectionTimeoutSeconds: 0.2, requestTimeoutSeconds: 0.3 });
  await expect(hub.createProgressUpdateStream('S')).rejects.toMatchObject({
    failure: {
      type: 'CredentialsProviderError',
      message: expect.stringMatching(
        /^no credentials: no answer within 0\.5 s, credential_process sh has not ended; give /,
      ),
      retry: 'backoff',
    },
  });
  await vi.waitFor(() => hub.createProgressUpdateStream('S'), { timeout: 120_000, interval: 100 });
  expect(await starts()).toBe(1);
});

it('a credential process that hangs is named, and ends with the workers', async () => {
  await writeFile(join(dir, 'config'), `[default]\ncredential_process = /bin/sleep 3600\n`);
  const { hub } = await hubWith({}, { connectionTimeoutSeconds: 0.2, requestTimeoutSeconds: 0.3 });
  const hanging = await Promise.all([1, 2, 3].map((i) => hub.createProgressUpdateStream(`S${i}`).catch(String)));
  for (const each of hanging) expect(each).toContain('credential_process /bin/sleep has not ended');
  expect(process.getActiveResourcesInfo()).toContain('ProcessWrap');
  hub.destroy();
  // By itself it would be given up after 60 s.
  await vi.waitUntil(() => !process.getActiveResourcesInfo().includes('ProcessWrap'), { timeout: 30_000 });
});

it('the endpoint is told though a credential process hangs: a worker starts, and says later what is wrong', async () => {
  await writeFile(join(dir, 'config'), `[default]\ncredential_process = /bin/sleep 3600\n`);
  const { hub, emulator } = await hubWith({});
  expect(await hub.endpoint()).toBe(emulator.url);
});

it.each([
  [
    'none at all',
    '',
    /^no credentials: Could not load credentials from any providers, .*; give the worker valid credentials/,
  ],
  [
    'a process that fails',
    '[default]\ncredential_process = false\n',
    /credential_process false ended with 1; give the worker/,
  ],
  [
    'a profile that is not there',
    '[profile other]\nregion = us-west-2\n',
    /Could not load credentials.*; give the worker/,
  ],
])('credentials that cannot be had say why, and what to do: %s', async (_, config, message) => {
  await writeFile(join(dir, 'config'), config);
  const { hub } = await hubWith({});
  await expect(hub.createProgressUpdateStream('S')).rejects.toMatchObject({
    failure: { type: 'CredentialsProviderError', message: expect.stringMatching(message), retry: 'operator' },
  });
});

it("credentials of the user's own client that never come end the call in its time, and are named", async () => {
  const emulator = await startEmulator({});
  const client = new MigrationHubClient({
    region: 'us-west-2',
    endpoint: emulator.url,
    credentials: () => new Promise<never>(() => undefined),
  });
  const hub = createAwsMigrationHub({ client, connectionTimeoutSeconds: 0.2, requestTimeoutSeconds: 0.3 });
  await expect(hub.createProgressUpdateStream('S')).rejects.toThrow(
    'CredentialsProviderError: no credentials: no answer within 0.5 s; give the worker valid credentials',
  );
  client.destroy();
  await emulator.close();
});
