import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MigrationHubClient } from '@aws-sdk/client-migration-hub';
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { createAwsMigrationHub } from '../../src/migration-hub/aws-migration-hub';
import { createMigrationHubWorkers } from '../../src/worker/workers';

beforeEach(() => {
  // The endpoints of whoever runs the tests are none of theirs.
  for (const name of ['AWS_ENDPOINT_URL_MIGRATION_HUB', 'AWS_ENDPOINT_URL']) vi.stubEnv(name, '');
  vi.stubEnv('AWS_CONFIG_FILE', '/dev/null');
  vi.stubEnv('AWS_PROFILE', undefined);
  vi.stubEnv('AWS_SHARED_CREDENTIALS_FILE', '/dev/null');
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
    failure: {
      type: 'TimeoutError',
      message: expect.stringMatching(/^no answer within 1 s; check the network/) as string,
      retry: 'backoff',
    },
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
  ['maxConcurrentWorkflowTaskExecutions', 1],
  ['groups', -1],
  ['groups', 10_001],
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

it.each(['AWS_ACCESS_KEY_ID', 'AWS_SESSION_TOKEN', 'AWS_PROFILE'])(
  '%s with the line break of its file is refused, without its value',
  (name) => {
    vi.stubEnv(name, 'secret\n');
    const said = `${name} ends with a line break: remove it`;
    expect(() => createAwsMigrationHub({ region: 'us-west-2' })).toThrow(said);
  },
);

it('the option endpoint=ftp://x is refused by its own name, whatever the variables say', () => {
  vi.stubEnv('AWS_ENDPOINT_URL_MIGRATION_HUB', 'http://127.0.0.1:4599');
  expect(() => createAwsMigrationHub({ region: 'us-west-2', endpoint: 'ftp://x' })).toThrow(
    'endpoint is "ftp://x", but it must be an http or https URL',
  );
});

/** The start of the workers, which no connection is needed for as long as a setting is at fault. */
const start = (region: string) => createMigrationHubWorkers({ connection: undefined as never }, { region });

/** A profile of the AWS config file names this endpoint. */
const profileWith = (endpoint: string) => configFile(`[default]\nendpoint_url = ${endpoint}\n`);

async function configFile(content: string): Promise<void> {
  const dir = await mkdtemp(join(tmpdir(), 'aws-config-'));
  onTestFinished(() => rm(dir, { recursive: true }));
  await writeFile(join(dir, 'config'), content);
  vi.stubEnv('AWS_CONFIG_FILE', join(dir, 'config'));
}

it('the endpoint of an AWS profile is told with its path, and holds in any region', async () => {
  await profileWith('http://[::1]:4599/hub/');
  const hub = createAwsMigrationHub({ region: 'mars-north-1' });
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

describe('the region', () => {
  beforeEach(() => {
    for (const name of ['AWS_REGION', 'AWS_DEFAULT_REGION']) vi.stubEnv(name, undefined);
  });

  it.each<[string, string, Record<string, string>, string]>([
    ['the option', 'eu-west-2', { AWS_REGION: 'eu-west-1', AWS_PROFILE: 'migration' }, 'eu-west-2'],
    [
      'AWS_REGION',
      '',
      { AWS_REGION: 'eu-west-1', AWS_DEFAULT_REGION: 'us-east-1', AWS_PROFILE: 'migration' },
      'eu-west-1',
    ],
    ['AWS_DEFAULT_REGION', '', { AWS_DEFAULT_REGION: 'us-east-1', AWS_PROFILE: 'migration' }, 'us-east-1'],
    ['the profile that AWS_PROFILE names', '', { AWS_PROFILE: 'migration' }, 'eu-central-1'],
    ['the default profile', '', {}, 'ap-northeast-1'],
  ])('is that of %s, where nothing goes before it', async (_, region, variables, found) => {
    await configFile('[default]\nregion = ap-northeast-1\n[profile migration]\nregion = eu-central-1\n');
    for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value);
    const hub = createAwsMigrationHub({ region });
    expect(await hub.endpoint()).toBe(`https://mgh.${found}.amazonaws.com`);
    hub.destroy();
  });
});

describe('the switches of endpoints', () => {
  it('AWS_USE_FIPS_ENDPOINT is kept to', async () => {
    vi.stubEnv('AWS_USE_FIPS_ENDPOINT', 'true');
    const hub = createAwsMigrationHub({ region: 'us-west-2' });
    expect(await hub.endpoint()).toBe('https://mgh-fips.us-west-2.amazonaws.com');
    hub.destroy();
  });

  it.each(['FIPS', 'DUALSTACK'])(
    'AWS_USE_%s_ENDPOINT beside an endpoint says that only one of them can be',
    async (kind) => {
      vi.stubEnv(`AWS_USE_${kind}_ENDPOINT`, 'true');
      const hub = createAwsMigrationHub({ region: 'us-west-2', endpoint: 'http://127.0.0.1:4599' });
      await expect(hub.endpoint()).rejects.toThrow(
        `AWS_USE_${kind}_ENDPOINT (or use_${kind.toLowerCase()}_endpoint of the AWS profile) is true, which no endpoint of your own goes with: unset one of them`,
      );
      hub.destroy();
    },
  );

  it('AWS_USE_FIPS_ENDPOINT=yes is refused, which the AWS client would pass over', () => {
    vi.stubEnv('AWS_USE_FIPS_ENDPOINT', 'yes');
    expect(() => createAwsMigrationHub({ region: 'us-west-2' })).toThrow(
      'AWS_USE_FIPS_ENDPOINT is "yes", but it must be true or false',
    );
  });
});

describe('what answers in the place of Migration Hub', () => {
  const calling = async (server: Server, host: string, address: string, scheme = 'http') => {
    await once(server.listen(0, address), 'listening');
    const endpoint = `${scheme}://${host}:${(server.address() as AddressInfo).port}`;
    const hub = createAwsMigrationHub({ region: 'us-west-2', endpoint });
    onTestFinished(() => {
      hub.destroy();
      server.close();
    });
    return hub.createProgressUpdateStream('S');
  };
  const page = (status: number) =>
    createServer((_request, response) => {
      response.writeHead(status, { 'content-type': 'text/html' }).end('<html><h1>Blocked</h1></html>');
    });

  it('an IPv6 address is called, and signed for, as it is written', async () => {
    const hosts: unknown[] = [];
    const server = createServer((request, response) => {
      hosts.push(request.headers.host);
      response.writeHead(200, { 'content-type': 'application/x-amz-json-1.1' }).end('{}');
    });
    await calling(server, '[::1]', '::1');
    expect(hosts).toEqual([`[::1]:${(server.address() as AddressInfo).port}`]);
  });

  it.each([
    [403, 'UnparseableAnswer: HTTP 403'],
    [502, 'ServiceUnavailableException: HTTP 502'],
    [200, 'UnparseableAnswer: HTTP 200'],
  ])("a proxy's page with %d is known for one", async (status, message) => {
    await expect(calling(page(status), '127.0.0.1', '127.0.0.1')).rejects.toThrow(
      new RegExp(`^${message}: .*; a proxy or load balancer answered`),
    );
  });

  it('http where https is expected says so', async () => {
    await expect(calling(page(200), '127.0.0.1', '127.0.0.1', 'https')).rejects.toThrow(
      /^NetworkError: EPROTO: .*; the endpoint is https, but the server answers http: correct AWS_/,
    );
  });

  it('a host that is not found, and one where nobody listens, name the settings', async () => {
    const to = async (endpoint: string) => {
      const hub = createAwsMigrationHub({ region: 'us-west-2', endpoint });
      await hub.createProgressUpdateStream('S').finally(() => hub.destroy());
    };
    await expect(to('http://mgh.invalid')).rejects.toThrow(/NetworkError: E\w+: .*mgh\.invalid.*; check .*DNS/);
    await expect(to('http://localhost:1')).rejects.toThrow(
      /NetworkError: ECONNREFUSED: .*127\.0\.0\.1:1.*; nothing listens there: check the endpoint/,
    );
  });
});

it('a region without Migration Hub is refused before any worker is made, if its endpoint would be used', async () => {
  await expect(start('mars-north-1')).rejects.toThrow(
    'the region is mars-north-1, which has no Migration Hub: set AWS_REGION, the option region,',
  );
});

describe("a client of the user's own", () => {
  const ownClient = () => new MigrationHubClient({ region: 'eu-west-1', endpoint: 'http://127.0.0.1:4599' });

  it('says where calls go, needs no further setting, and is not destroyed with the workers', async () => {
    vi.stubEnv('AWS_REGION', '');
    vi.stubEnv('AWS_DEFAULT_REGION', '');
    const client = ownClient();
    const destroy = vi.spyOn(client, 'destroy');
    const hub = createAwsMigrationHub({ client });
    expect(await hub.endpoint()).toBe('http://127.0.0.1:4599');
    hub.destroy();
    expect(destroy).not.toHaveBeenCalled();
    client.destroy();
  });

  it('is refused beside a hub of their own: only one of them can be used', async () => {
    const hub = createAwsMigrationHub({ region: 'us-west-2' });
    await expect(
      createMigrationHubWorkers({ connection: undefined as never }, { hub, client: ownClient() }),
    ).rejects.toThrow('hub and client are both set, but only one of them can be used: leave one out');
    hub.destroy();
  });
});

describe('AWS_CA_BUNDLE', () => {
  it.each([
    ['is not there', '/absent/ca.pem', 'it cannot be read (ENOENT'],
    ['is a folder', __dirname, 'it cannot be read (EISDIR'],
    ['holds no certificate', __filename, 'no certificate is in it'],
  ])('that %s is refused before any worker is made', async (_, path, why) => {
    vi.stubEnv('AWS_CA_BUNDLE', path);
    const said = await start('us-west-2').catch(String);
    expect(said).toContain(`ConfigurationError: AWS_CA_BUNDLE is "${path}", but ${why}`);
    expect(said).toContain(': name a file of certificates in PEM, or unset it');
  });
});

it.each([
  ['us-west-2', 'https://mgh-fips.us-west-2.amazonaws.com'],
  ['eu-central-1', 'https://mgh-fips.eu-central-1.amazonaws.com'],
])('with AWS_USE_FIPS_ENDPOINT=true calls of %s go to %s', async (region, endpoint) => {
  vi.stubEnv('AWS_USE_FIPS_ENDPOINT', 'true');
  const hub = createAwsMigrationHub({ region });
  expect(await hub.endpoint()).toBe(endpoint);
  hub.destroy();
});
