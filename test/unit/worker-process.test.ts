import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import type { IncomingHttpHeaders } from 'node:http2';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it, onTestFinished } from 'vitest';
import { CLI } from '../built';
import { listening, refusingServer } from './refusing-server';

/** What the process says before it gives up: nobody listens on the address. */
async function complaintWith(variables: Record<string, string>, ...flags: string[]): Promise<string> {
  const env = { ...process.env, AWS_REGION: 'us-west-2', ...variables };
  const failed = await promisify(execFile)(process.execPath, [CLI, 'worker', ...flags], { env }).then(
    () => Promise.reject(new Error('it started')),
    (error: { code: number; stderr: string }) => error,
  );
  expect(failed.code).toBe(2);
  return failed.stderr;
}

it('says in one line which address of a Temporal server does not answer', async () => {
  const said = await complaintWith({ TEMPORAL_ADDRESS: '127.0.0.1:1' });
  expect(said).toMatch(/^Temporal at 127\.0\.0\.1:1 \(TEMPORAL_ADDRESS\): nothing listens there: .*\n$/);
});

/** A Temporal server that lets nobody in: what a client would have told it. */
async function headersOf(config: string, variables: Record<string, string>): Promise<IncomingHttpHeaders> {
  const dir = await mkdtemp(join(tmpdir(), 'temporal-config-'));
  onTestFinished(() => rm(dir, { recursive: true }));
  const asked: IncomingHttpHeaders[] = [];
  const address = await refusingServer('7', asked);
  const TEMPORAL_CONFIG_FILE = join(dir, 'temporal.toml');
  await writeFile(TEMPORAL_CONFIG_FILE, `[profile.default]\naddress = "${address}"\n${config}`);
  const said = await complaintWith({ TEMPORAL_CONFIG_FILE, ...variables });
  expect(said).toBe(
    `Temporal at ${address} (profile default of temporal.toml): the API key or certificate has no permission for this namespace: grant it, or use another namespace\n`,
  );
  expect(asked).not.toHaveLength(0);
  return asked[0] as IncomingHttpHeaders;
}

const NOTHING = {
  LOG_LEVEL: '',
  TEMPORAL_ADDRESS: '',
  TEMPORAL_NAMESPACE: '',
  TEMPORAL_API_KEY: '',
  TEMPORAL_TLS: '',
  TEMPORAL_TLS_SERVER_NAME: '',
  TEMPORAL_PROFILE: '',
};

it('takes variables that are set to nothing for not set: the profile holds', async () => {
  const headers = await headersOf('api_key = "key-of-the-profile"\n[profile.default.tls]\ndisabled = true\n', NOTHING);
  expect(headers['authorization']).toBe('Bearer key-of-the-profile');
});

it('a header of the profile is left out when its variable is set to nothing, as with every Temporal client', async () => {
  const config = '[profile.default.grpc_meta]\nteam = "red"\nsite = "north"\n';
  const headers = await headersOf(config, { ...NOTHING, TEMPORAL_GRPC_META_TEAM: '' });
  expect([headers['team'], headers['site']]).toEqual([undefined, 'north']);
});

it('refuses a value of its own variable that is neither true nor false', async () => {
  expect(await complaintWith({ TEMPORAL_MIGRATION_HUB_DEADLINE_SEARCH_ATTRIBUTE: 'yes' })).toBe(
    'TEMPORAL_MIGRATION_HUB_DEADLINE_SEARCH_ATTRIBUTE is "yes", but it must be true or false\n',
  );
});

it('refuses a log level that does not exist, with those that do', async () => {
  expect(await complaintWith({ LOG_LEVEL: 'loud' })).toContain('LOG_LEVEL is loud, but it must be one of trace');
});

it.each<[string, Record<string, string>, string[], string]>([
  [
    'a module that is not there',
    {},
    ['--plugins', './absent.js'],
    '--plugins is "./absent.js", but neither the file /',
  ],
  [
    'a module that is not there, named by the variable',
    { TEMPORAL_MIGRATION_HUB_PLUGINS: 'absent-one' },
    [],
    'TEMPORAL_MIGRATION_HUB_PLUGINS is "absent-one", but neither the file /',
  ],
  ['a module without plugins', {}, ['--plugins', 'node:path'], '--plugins is "node:path", which exports '],
  ['no module', {}, ['--plugins', ''], '--plugins is empty, but it must name a file or a package'],
  ['a switch that is none', { TEMPORAL_MIGRATION_HUB_NEXUS: 'yes' }, [], 'TEMPORAL_MIGRATION_HUB_NEXUS is "yes", but'],
])('refuses %s in one line', async (_, variables, flags, message) => {
  const said = await complaintWith({ ...NOTHING, ...variables }, ...flags);
  expect(said.slice(0, message.length)).toBe(message);
  expect(said.split('\n')).toHaveLength(2);
});

it('refuses an API key with a line break without showing it, and a codec server that it would not call', async () => {
  expect(await complaintWith({ ...NOTHING, TEMPORAL_API_KEY: 'secret\r' })).toBe(
    'TEMPORAL_API_KEY ends with a line break: remove it\n',
  );
  expect(await complaintWith({ ...NOTHING, TEMPORAL_CODEC_ENDPOINT: 'http://codec' })).toMatch(
    /^TEMPORAL_CODEC_ENDPOINT is set, but codec servers are not supported.*\n$/,
  );
});

it.each(['LOG_LEVEL', 'AWS_REGION', 'TEMPORAL_MIGRATION_HUB_BUILD_ID', 'TEMPORAL_MIGRATION_HUB_NEXUS'])(
  'refuses %s with the line end of a file of Windows, in one line',
  async (name) => {
    expect(await complaintWith({ ...NOTHING, [name]: 'info\r' })).toBe(`${name} ends with a line break: remove it\n`);
  },
);

it('refuses a flag that is misspelt in one line, with the one that was meant', async () => {
  expect(await complaintWith(NOTHING, '--adress', 'x')).toBe(
    "error: unknown option '--adress' (Did you mean --address?) Try --help.\n",
  );
});

it('refuses a port that is taken, and names another way', async () => {
  const port = (await listening(createServer())).split(':')[1] as string;
  expect(await complaintWith(NOTHING, '--http-port', port)).toBe(
    `--http-port is ${port}, but something listens there already: name another port (0: any that is free), or end it\n`,
  );
});
