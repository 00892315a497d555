import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, onTestFinished, vi } from 'vitest';
import { createAwsMigrationHub } from '../../src/migration-hub/aws-migration-hub';
import { createMigrationHubWorkers } from '../../src/worker/workers';

beforeEach(() => {
  // The endpoints of whoever runs the tests are none of theirs.
  for (const name of ['AWS_ENDPOINT_URL_MIGRATION_HUB', 'AWS_ENDPOINT_URL']) vi.stubEnv(name, '');
  vi.stubEnv('AWS_CONFIG_FILE', '/dev/null');
  vi.stubEnv('AWS_PROFILE', '');
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'test');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'test');
});
afterEach(() => {
  vi.unstubAllEnvs();
});

it('an answer that trickles for ever ends when its time is over', async () => {
  const server = createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'application/x-amz-json-1.1' });
    const timer = setInterval(() => response.write(' '), 100);
    response.on('close', () => clearInterval(timer));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const hub = createAwsMigrationHub({
    region: 'us-west-2',
    endpoint,
    connectionTimeoutSeconds: 0.5,
    requestTimeoutSeconds: 0.5,
  });
  await expect(hub.createProgressUpdateStream('S')).rejects.toMatchObject({
    failure: { type: 'TimeoutError', message: 'no answer within 1 s', retry: 'backoff' },
  });
  hub.destroy();
  server.close();
});

it.each([
  ['connectionTimeoutSeconds', 0],
  ['requestTimeoutSeconds', 30],
  ['requestTimeoutSeconds', Number.NaN],
  ['concurrency', 0],
  ['concurrency', 0.5],
  ['maxNotifyActivitiesPerSecond', 0],
])('the setting %s with %d is refused by its name', async (setting, value) => {
  const options = { region: 'us-west-2', [setting]: value };
  await expect(createMigrationHubWorkers({ connection: undefined as never }, options)).rejects.toMatchObject({
    name: 'ConfigurationError',
    message: expect.stringContaining(`${setting} is ${value}, but it must be`),
  });
});

const AWS = 'https://mgh.us-west-2.amazonaws.com';

it.each([
  ['nothing', {}, {}, AWS],
  ['variables that are set to nothing', {}, { AWS_ENDPOINT_URL_MIGRATION_HUB: '', AWS_ENDPOINT_URL: '' }, AWS],
  [
    'the variable of the service',
    {},
    { AWS_ENDPOINT_URL_MIGRATION_HUB: 'http://127.0.0.1:4599' },
    'http://127.0.0.1:4599',
  ],
  ['the variable of all services', {}, { AWS_ENDPOINT_URL: 'http://localhost:4566' }, 'http://localhost:4566'],
  [
    'both variables',
    {},
    { AWS_ENDPOINT_URL_MIGRATION_HUB: 'https://one.example.com', AWS_ENDPOINT_URL: 'http://two.example.com' },
    'https://one.example.com',
  ],
  [
    'the option and a variable',
    { endpoint: 'http://127.0.0.1:1' },
    { AWS_ENDPOINT_URL_MIGRATION_HUB: 'http://127.0.0.1:2' },
    'http://127.0.0.1:1',
  ],
])('the endpoint that is told is the one that is used, with %s', async (_, options, variables, endpoint) => {
  for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value);
  const hub = createAwsMigrationHub({ region: 'us-west-2', ...options });
  expect(await hub.endpoint()).toBe(endpoint);
  hub.destroy();
});

it.each([
  ['AWS_ENDPOINT_URL_MIGRATION_HUB', 'localhost:4599'],
  ['AWS_ENDPOINT_URL', 'ftp://127.0.0.1'],
  ['AWS_ENDPOINT_URL', 'http://'],
])('%s=%s is refused, with the way to write it', (name, value) => {
  vi.stubEnv(name, value);
  expect(() => createAwsMigrationHub({ region: 'us-west-2' })).toThrow(
    `${name} is "${value}", but it must be an http or https URL: write it as http://127.0.0.1:4599`,
  );
});

it('the option endpoint=ftp://x is refused by its own name, whatever the variables say', () => {
  vi.stubEnv('AWS_ENDPOINT_URL_MIGRATION_HUB', 'http://127.0.0.1:4599');
  expect(() => createAwsMigrationHub({ region: 'us-west-2', endpoint: 'ftp://x' })).toThrow(
    'endpoint is "ftp://x", but it must be an http or https URL',
  );
});

/** The start of the workers, which no connection is needed for as long as a setting is at fault. */
const start = (region: string) => createMigrationHubWorkers({ connection: undefined as never }, { region });

/** A profile of the AWS config file names this endpoint. */
async function profileWith(endpoint: string): Promise<void> {
  const dir = await mkdtemp(join(tmpdir(), 'aws-config-'));
  onTestFinished(() => rm(dir, { recursive: true }));
  await writeFile(join(dir, 'config'), `[default]\nendpoint_url = ${endpoint}\n`);
  vi.stubEnv('AWS_CONFIG_FILE', join(dir, 'config'));
}

it('the endpoint of an AWS profile is told with its path, and holds in any region', async () => {
  await profileWith('http://[::1]:4599/hub/');
  const hub = createAwsMigrationHub({ region: 'moon-1' });
  expect(await hub.endpoint()).toBe('http://[::1]:4599/hub');
  hub.destroy();
});

it.each([
  ['localhost:4599', 'endpoint_url of the AWS profile is "localhost://4599", but it must be an http or https URL'],
  ['hub', 'the AWS client finds no endpoint (Invalid URL): look at endpoint_url of the AWS profile'],
])('the endpoint %s of an AWS profile is refused before any worker is made', async (endpoint, message) => {
  await profileWith(endpoint);
  await expect(start('us-west-2')).rejects.toMatchObject({
    name: 'ConfigurationError',
    message: expect.stringContaining(message),
  });
});

it('no region at all is refused at once, though there is an endpoint, with the seven that can be meant', () => {
  vi.stubEnv('AWS_REGION', '');
  vi.stubEnv('AWS_DEFAULT_REGION', '');
  expect(() => createAwsMigrationHub({ endpoint: 'http://127.0.0.1:4599' })).toThrow(
    'AWS_REGION is not set: set it (or the option region) to the Migration Hub home region, one of us-east-1, us-west-2, ap-southeast-2, ap-northeast-1, eu-central-1, eu-west-1, eu-west-2',
  );
});

it('a region without Migration Hub is refused before any worker is made, if its endpoint would be used', async () => {
  await expect(start('moon-1')).rejects.toThrow(
    'AWS_REGION is moon-1, which has no Migration Hub: use the home region',
  );
});
