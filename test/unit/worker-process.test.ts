import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingHttpHeaders } from 'node:http2';
import { createServer as createTcpServer, type AddressInfo, type Server } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it, onTestFinished } from 'vitest';

const PROCESS = join(__dirname, '../../src/worker/process.ts');

/** What the process says before it gives up: nobody listens on the address. */
async function complaintWith(variables: Record<string, string>, ...flags: string[]): Promise<string> {
  const env = { ...process.env, AWS_REGION: 'us-west-2', ...variables };
  const failed = await promisify(execFile)(process.execPath, ['--import', 'tsx', PROCESS, ...flags], { env }).then(
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

async function listening(server: Server): Promise<string> {
  await once(server.listen(0, '127.0.0.1'), 'listening');
  onTestFinished(() => void server.close());
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** A Temporal server that answers everything with this gRPC status, and notes what it was asked with. */
async function refusingServer(grpcStatus: string, asked: IncomingHttpHeaders[] = []): Promise<string> {
  const server = createServer().on('stream', (stream, headers) => {
    asked.push(headers);
    stream.respond(
      { ':status': 200, 'content-type': 'application/grpc', 'grpc-status': grpcStatus },
      { endStream: true },
    );
  });
  return listening(server);
}

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
    `Temporal at ${address} (profile default of temporal.toml): the API key or certificate has no permission for this namespace\n`,
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

describe('where Temporal cannot be used, one line says why, and what to do:', () => {
  const TLS = join(__dirname, '../fixtures/tls');
  const pem = readFileSync(join(TLS, 'server.pem'));
  const withTls = () => listening(createTlsServer({ key: pem, cert: pem, ALPNProtocols: ['h2'] }));
  const silent = () => listening(createTcpServer());

  it.each<[string, () => Promise<string>, Record<string, string>, string[], string]>([
    ['a wrong API key', () => refusingServer('16'), { TEMPORAL_TLS: 'false', TEMPORAL_API_KEY: 'wrong' }, [], 'it does not accept the API key'],
    ['a server without TLS', () => refusingServer('7'), { TEMPORAL_API_KEY: 'key' }, [], 'it does not speak TLS: leave the TLS settings and the API key out'],
    ['a server with TLS', withTls, {}, [], 'it closed the connection: does it need TLS'],
    ['a CA that nobody knows', withTls, { TEMPORAL_TLS: 'true' }, [], 'its certificate is not trusted: name its CA with --tls-ca-path'],
    ['one that does not answer', silent, {}, [], 'it does not answer: look at --address'],
    ['a host that is not there', () => Promise.resolve('temporal.invalid:7233'), {}, [], 'there is no host of that name: look at --address and DNS'],
  ])('%s', async (_, start, variables, flags, words) => {
    const began = performance.now();
    const address = await start();
    const said = await complaintWith({ ...NOTHING, ...variables }, '--address', address, ...flags);
    expect(said).toContain(`Temporal at ${address} (--address): ${words}`);
    expect(said.split('\n')).toHaveLength(2);
    expect(said).not.toMatch(/tonic|hyper|::/);
    expect(performance.now() - began).toBeLessThan(60_000);
  });
});

it.each<[string, Record<string, string>, string[], string]>([
  ['a profile that is not there', {}, ['--profile', 'prod'], '--profile: '],
  ['the same by its variable', { TEMPORAL_PROFILE: 'prod' }, [], 'TEMPORAL_PROFILE: '],
  ['a file of profiles that is not there', {}, ['--config-file', '/absent.toml'], '--config-file is /absent.toml, but there is no such file'],
  ['a CA that is not there', {}, ['--tls-ca-path', '/absent.pem'], '--tls-ca-path is /absent.pem, but there is no such file'],
  ['a certificate without its key', {}, ['--tls-cert-path', __filename], '--tls-cert-path is set, but a certificate of the client has two files'],
  ['a misspelt flag', {}, ['--adress', 'x'], "error: unknown option '--adress' (Did you mean --address?) Try --help."],
  ['a word too much', {}, ['now'], 'error: too many arguments'],
  ['a number that is none', {}, ['--groups', 'many'], '--groups is "many", but it must be an integer from 0 to 10000'],
  ['a number out of range', { TEMPORAL_MIGRATION_HUB_CONCURRENCY: '0' }, [], 'TEMPORAL_MIGRATION_HUB_CONCURRENCY is 0, but it must be an integer from 1 to 1000'],
  ['a share out of range', {}, ['--heartbeat-fraction', '0.9'], '--heartbeat-fraction is 0.9, but it must be a number from 0.1 to 0.8'],
  ['what is no region', { AWS_REGION: 'us-west' }, [], 'AWS_REGION is "us-west", which is no AWS region: '],
  ['what is no URL', {}, ['--endpoint', 'me:secret@host'], '--endpoint is "host", but it must be an http or https URL'],
  ['half a version', { TEMPORAL_MIGRATION_HUB_BUILD_ID: '1.2' }, [], 'TEMPORAL_MIGRATION_HUB_BUILD_ID is set, but Worker Versioning needs a name and a build'],
  ['a port that is none', {}, ['--http-port', '70000'], '--http-port is 70000, but it must be an integer from 0 to 65535'],
  ['an address that is not of this machine', {}, ['--http-port', '0', '--http-host', '192.0.2.1'], '--http-host is 192.0.2.1, which is no address of this machine'],
])('refuses %s in one line, by the name that it was given with', async (_, variables, flags, message) => {
  const said = await complaintWith({ ...NOTHING, TEMPORAL_ADDRESS: '127.0.0.1:1', ...variables }, ...flags);
  expect(said.slice(0, message.length)).toBe(message);
  expect(said.split('\n')).toHaveLength(2);
});

it('refuses a port that is taken, and names another way', async () => {
  const port = (await listening(createTcpServer())).split(':')[1] as string;
  expect(await complaintWith({ ...NOTHING }, '--http-port', port)).toBe(
    `--http-port is ${port}, but something listens there already: name another port (0: any that is free), or end it\n`,
  );
});
