import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { temporalSettings } from '../../src/cli/temporal-settings';
import { workerCommand } from '../../src/worker/process/command';
import { OWN_SETTINGS, readOwnSettings } from '../../src/worker/process/own-settings';
import { saidSettings } from '../../src/worker/process/said-settings';
import { workerOptions } from '../../src/worker/process/worker-options';
import { read } from '../../dev/images/dockerfile';

beforeEach(() => {
  for (const name of Object.keys(process.env)) if (/^(TEMPORAL|AWS|LOG_LEVEL)/.test(name)) vi.stubEnv(name, undefined);
  for (const name of ['AWS_CONFIG_FILE', 'AWS_SHARED_CREDENTIALS_FILE']) vi.stubEnv(name, '/dev/null');
  // No file of whoever runs the tests.
  vi.stubEnv('XDG_CONFIG_HOME', '/absent');
});
afterEach(() => {
  vi.unstubAllEnvs();
});

const flagsOf = (...flags: string[]) => workerCommand().parse(flags, { from: 'user' }).opts();
const ownOf = (...flags: string[]) => readOwnSettings(flagsOf(...flags));
const saidOf = async (...flags: string[]) => saidSettings(ownOf(...flags), await temporalSettings(flagsOf(...flags)));

describe('a setting is that of the flag, else that of the variable, else the default:', () => {
  const cases = Object.entries(OWN_SETTINGS).map(([name, { flag, variables, standard }]) => {
    const long = /--[\w-]+/.exec(flag)?.[0] as string;
    return {
      name,
      long,
      isSwitch: !flag.includes('<'),
      variables: variables as string[],
      standard: standard as unknown,
    };
  });
  const VALUES: Record<string, [string, string]> = {
    region: ['eu-west-1', 'us-west-2'],
    endpoint: ['http://127.0.0.1:1', 'https://two.example.com'],
    logLevel: ['debug', 'warn'],
    heartbeatFraction: ['0.5', '0.2'],
    countTasksEverySeconds: ['600', '0'],
  };

  it.each(cases)('$long', ({ name, long, isSwitch, variables, standard }) => {
    const of = (...flags: string[]) => ownOf(...flags)[name as keyof typeof OWN_SETTINGS];
    const [inFlag, inVariable] = VALUES[name] ?? ['7', '8'];
    expect(of()).toEqual({ value: standard, from: 'default' });
    for (const variable of [...variables].reverse()) {
      vi.stubEnv(variable, isSwitch ? 'true' : inVariable);
      expect(of().from).toBe(variable);
      expect(String(of().value)).toBe(isSwitch ? 'true' : inVariable);
    }
    const flags = isSwitch ? [long] : [long, inFlag];
    expect(of(...flags).from).toBe(long);
    expect(String(of(...flags).value)).toBe(isSwitch ? 'true' : inFlag);
    for (const variable of variables) vi.stubEnv(variable, '');
    expect(of().from).toBe('default');
  });

  it('each is in the help, and in the table of docs/worker-process.md', () => {
    const help = workerCommand().helpInformation();
    const page = read('docs/worker-process.md');
    for (const { long, variables } of cases)
      for (const word of [long, ...variables]) {
        expect(help).toContain(word);
        expect(page).toContain(word);
      }
  });
});

it('what is not given is left to the defaults of the workers', () => {
  const { heartbeat, region, endpoint, groups, workerDeploymentVersion } = workerOptions(ownOf());
  expect({ region, endpoint, groups, workerDeploymentVersion }).toEqual({});
  expect(heartbeat).toMatchObject({ lingerSeconds: 3600, silenceLimitSeconds: 0, deadlineSearchAttribute: false });
  expect(workerOptions(ownOf('--deployment-name', 'hub', '--build-id', '7'))).toMatchObject({
    workerDeploymentVersion: { deploymentName: 'hub', buildId: '7' },
  });
});

describe('the settings that are logged', () => {
  it('have no secret in them, wherever it came from', async () => {
    vi.stubEnv('TEMPORAL_API_KEY', 'secret-1');
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'secret-2');
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'secret-3');
    vi.stubEnv('TEMPORAL_GRPC_META_AUTHORIZATION', 'Bearer secret-4');
    vi.stubEnv('AWS_ENDPOINT_URL_MIGRATION_HUB', 'https://user:secret-5@hub.example.com/path');
    const collector = 'https://user:secret-7@collector.example.com/otlp';
    const said = await saidOf('--address', 'user:secret-6@temporal.example.com:7233', '--otlp-url', collector);
    expect(JSON.stringify(said)).not.toContain('secret');
    expect(said).toMatchObject({
      apiKey: { value: '(hidden)', from: 'TEMPORAL_API_KEY' },
      tls: { value: true, from: 'TEMPORAL_API_KEY' },
      grpcMeta: { value: ['authorization'] },
      awsCredentials: { value: '(hidden)', from: 'AWS_ACCESS_KEY_ID' },
      endpoint: { value: 'https://hub.example.com/path', from: 'AWS_ENDPOINT_URL_MIGRATION_HUB' },
      address: { value: 'temporal.example.com:7233', from: '--address' },
      otlpUrl: { value: 'https://collector.example.com/otlp', from: '--otlp-url' },
    });
  });

  it('say of each where it came from', async () => {
    vi.stubEnv('TEMPORAL_NAMESPACE', 'migrations');
    vi.stubEnv('AWS_DEFAULT_REGION', 'eu-west-1');
    vi.stubEnv('TEMPORAL_MIGRATION_HUB_GROUPS', '4');
    expect(await saidOf('--concurrency', '5')).toMatchObject({
      address: { value: 'localhost:7233', from: 'default' },
      namespace: { value: 'migrations', from: 'TEMPORAL_NAMESPACE' },
      apiKey: { value: null, from: 'default' },
      region: { value: 'eu-west-1', from: 'AWS_DEFAULT_REGION' },
      groups: { value: 4, from: 'TEMPORAL_MIGRATION_HUB_GROUPS' },
      concurrency: { value: 5, from: '--concurrency' },
      lingerSeconds: { value: 3600, from: 'default' },
      httpPort: { value: null, from: 'default' },
    });
    vi.stubEnv('AWS_DEFAULT_REGION', undefined);
    expect((await saidOf())['region']).toEqual({ value: null, from: 'GetHomeRegion' });
  });
});

it.each<[string, Record<string, string>, string[], string]>([
  ['a profile that is not there', {}, ['--profile', 'prod'], '--profile: '],
  ['the same by its variable', { TEMPORAL_PROFILE: 'prod' }, [], 'TEMPORAL_PROFILE: '],
  [
    'a file of profiles that is not there',
    {},
    ['--config-file', '/absent.toml'],
    '--config-file: /absent.toml cannot be read: no such file',
  ],
  [
    'an empty file of profiles',
    { TEMPORAL_CONFIG_FILE: '/dev/null' },
    [],
    'TEMPORAL_CONFIG_FILE: it has no profile: add [profile.default]',
  ],
  ['an empty address', {}, ['--address', ''], '--address is empty: give it a value, or leave it out'],
  [
    'a CA that is not there',
    {},
    ['--tls-ca-path', '/absent.pem'],
    '--tls-ca-path: /absent.pem cannot be read: no such file',
  ],
  [
    'a certificate without its key',
    {},
    ['--tls-cert-path', __filename],
    '--tls-cert-path: a client certificate and its key are used only together',
  ],
  ['a number that is none', {}, ['--groups', 'many'], '--groups is "many", but it must be an integer from 0 to 10000'],
  [
    'a number out of range',
    { TEMPORAL_MIGRATION_HUB_CONCURRENCY: '0' },
    [],
    'TEMPORAL_MIGRATION_HUB_CONCURRENCY is 0, but it must be an integer from 1 to 1000',
  ],
  [
    'a share out of range',
    {},
    ['--heartbeat-fraction', '0.9'],
    '--heartbeat-fraction is 0.9, but it must be a number from 0.1 to 0.8',
  ],
  ['what is no region', { AWS_REGION: 'us-west' }, [], 'AWS_REGION is "us-west", which is no AWS region: '],
  ['what is no URL', {}, ['--endpoint', 'me:secret@host'], '--endpoint is "host", but it must be an http or https URL'],
  [
    'half a version',
    { TEMPORAL_MIGRATION_HUB_BUILD_ID: '1.2' },
    [],
    'TEMPORAL_MIGRATION_HUB_BUILD_ID is set, but Worker Versioning needs a name and a build',
  ],
  [
    'a port that is none',
    {},
    ['--http-port', '70000'],
    '--http-port is 70000, but it must be an integer from 0 to 65535',
  ],
  [
    'a count that nobody could read',
    { TEMPORAL_MIGRATION_HUB_COUNT_TASKS_EVERY_SECONDS: '600' },
    ['--otlp-url', 'http://collector:4317'],
    'TEMPORAL_MIGRATION_HUB_COUNT_TASKS_EVERY_SECONDS is set, but only /metrics shows what is counted: set --http-port too',
  ],
  [
    'the address of nothing',
    {},
    ['--http-host', '0.0.0.0'],
    '--http-host is set, but nothing is served without --http-port',
  ],
])('%s is refused by the name that it was given with', async (_, variables, flags, message) => {
  for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value);
  const start = async () => {
    await temporalSettings(flagsOf(...flags));
    workerOptions(ownOf(...flags));
  };
  await expect(start()).rejects.toThrow(message);
});

it('what is off needs no port', () => {
  vi.stubEnv('TEMPORAL_MIGRATION_HUB_HTTP_HOST', '0.0.0.0');
  expect(() => workerOptions(ownOf('--count-tasks-every-seconds', '0'))).not.toThrow();
  expect(() => workerOptions(ownOf('--count-tasks-every-seconds', '600', '--http-port', '0'))).not.toThrow();
});
