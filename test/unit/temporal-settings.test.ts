import { execFileSync, spawn } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { temporalSettings } from '../../src/cli/temporal-settings';
import { cli } from '../cli/run-cli';
import { refusingServer } from './refusing-server';

const FOLDER = mkdtempSync(join(tmpdir(), 'temporal-settings-'));
const file = (name: string, text: string): string => {
  writeFileSync(join(FOLDER, name), text);
  return join(FOLDER, name);
};
afterAll(() => rmSync(FOLDER, { recursive: true }));
beforeEach(() => {
  for (const name of Object.keys(process.env)) if (name.startsWith('TEMPORAL')) vi.stubEnv(name, undefined);
  // No file of whoever runs the tests.
  vi.stubEnv('XDG_CONFIG_HOME', '/absent');
  vi.stubEnv('HOME', '/absent');
});
afterEach(() => vi.unstubAllEnvs());
const set = (variables: Record<string, string>) => {
  for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value);
};
const profile = (lines: string) => ({ TEMPORAL_CONFIG_FILE: file('temporal.toml', `[profile.default]\n${lines}\n`) });
/** Why the settings are refused. */
const refusal = (flags: Record<string, string> = {}) =>
  temporalSettings(flags).then(
    () => 'they were taken',
    (error: Error) => `${error.name}: ${error.message}`,
  );

describe('a secret that no header can carry is refused without being shown:', () => {
  const SECRET = 'a-very-secret-key';
  it.each<[what: string, variables: () => Record<string, string>, flags: Record<string, string>, said: string]>([
    [
      'a key with the line break of its file',
      () => ({ TEMPORAL_API_KEY: `${SECRET}\n` }),
      {},
      'TEMPORAL_API_KEY ends with a line break: remove it',
    ],
    [
      'a key with the line end of Windows',
      () => ({ TEMPORAL_API_KEY: `${SECRET}\r` }),
      {},
      'TEMPORAL_API_KEY ends with a line break: remove it',
    ],
    ['a key by its flag', () => ({}), { apiKey: `${SECRET}\n` }, '--api-key ends with a line break: remove it'],
    [
      'a key with a character of another alphabet',
      () => ({ TEMPORAL_API_KEY: `${SECRET}ü` }),
      {},
      'TEMPORAL_API_KEY has a character that is not printable ASCII: correct it',
    ],
    [
      'a key of the profile',
      () => profile(`api_key = "${SECRET}\\n"`),
      {},
      'profile default of temporal.toml: api_key ends with a line break: remove it',
    ],
    [
      'a header',
      () => ({ TEMPORAL_GRPC_META_X_TOKEN: `${SECRET}\r\n` }),
      {},
      'TEMPORAL_GRPC_META_X_TOKEN ends with a line break: remove it',
    ],
    [
      'a header of the profile',
      () => profile(`grpc_meta = { x_token = "${SECRET}\\u0007" }`),
      {},
      'profile default of temporal.toml: grpc_meta "x-token" has a character that is not printable ASCII: correct it',
    ],
    [
      'a key whose quote is not closed',
      () => profile(`api_key = "${SECRET}`),
      {},
      'TEMPORAL_CONFIG_FILE: line 2: Invalid TOML document: control characters are not allowed in strings',
    ],
  ])('%s', async (_, variables, flags, said) => {
    set(variables());
    expect(await refusal(flags)).toBe(`CliError: ${said}`);
  });

  it('by a command, and by doctor as JSON', async () => {
    set({ TEMPORAL_API_KEY: `${SECRET}\n` });
    for (const args of [['list'], ['doctor', '-o', 'json'], ['board', '--port', '0']]) {
      const { code, stdout, stderr } = await cli(...args);
      expect({ code, stdout, stderr }).toEqual({
        code: 2,
        stdout: '',
        stderr: 'TEMPORAL_API_KEY ends with a line break: remove it\n',
      });
    }
  });

  it('where a plugin gives it', async () => {
    const plugin = file(
      'key.cjs',
      `exports.plugins = [{ name: 'key', configureConnection: (options) => ({ ...options, apiKey: '${SECRET}\\n', tls: false }) }];`,
    );
    const address = await refusingServer('7');
    const { code, stderr } = await cli('list', '--plugins', plugin, '--address', address);
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: `Temporal at ${address} (--address): the API key or a header has a character that is not printable ASCII: correct it\n`,
    });
  });
});

it.each(['TEMPORAL_ADDRESS', 'TEMPORAL_NAMESPACE', 'TEMPORAL_PROFILE', 'TEMPORAL_TLS_SERVER_NAME'])(
  '%s of a file with line ends of Windows is refused by name',
  async (name) => {
    set({ [name]: 'value\r' });
    expect(await refusal()).toBe(`CliError: ${name} ends with a line break: remove it`);
  },
);

it('a namespace that no header can carry is refused by name', async () => {
  expect(await refusal({ namespace: 'größe' })).toBe(
    'CliError: --namespace has a character that is not printable ASCII: correct it',
  );
});

it('TLS is not turned off by a word that is not true', async () => {
  set({ TEMPORAL_TLS: 'True' });
  expect(await refusal()).toBe('CliError: TEMPORAL_TLS is "True", but it must be true or false');
});

describe('headers', () => {
  it('have a hyphen for each underscore, as those of the temporal command', async () => {
    set({
      ...profile('grpc_meta = { X_OF_THE_PROFILE = "1", x_taken_away = "2", x_by_both = "3" }'),
      TEMPORAL_GRPC_META_CF_ACCESS_CLIENT_ID: 'id',
      TEMPORAL_GRPC_META_X_TAKEN_AWAY: '',
      TEMPORAL_GRPC_META_X_BY_BOTH: '4',
    });
    const { connectionOptions } = await temporalSettings({});
    expect(connectionOptions.metadata).toEqual({
      'cf-access-client-id': 'id',
      'x-of-the-profile': '1',
      'x-by-both': '4',
    });
  });

  it('of a name that none can have are refused', async () => {
    set(profile('grpc_meta = { "x y" = "1" }'));
    expect(await refusal()).toMatch(/: grpc_meta "x y" is no name of a gRPC header: correct it$/);
  });
});

describe('what would be left out in silence is refused:', () => {
  const CODEC = / is set, but codec servers are not supported, .* set --plugins to the module/;
  const HOST = / is set, but the certificate of the server is always verified: remove it, and set --tls-ca-path/;
  it.each<[from: string, variables: () => Record<string, string>, said: RegExp]>([
    ['TEMPORAL_CODEC_ENDPOINT', () => ({ TEMPORAL_CODEC_ENDPOINT: 'http://codec:8888' }), CODEC],
    ['TEMPORAL_CODEC_AUTH', () => ({ TEMPORAL_CODEC_AUTH: 'Bearer secret' }), CODEC],
    [
      'profile default of temporal.toml: codec',
      () => profile('[profile.default.codec]\nendpoint = "http://codec:8888"'),
      CODEC,
    ],
    [
      'TEMPORAL_TLS_DISABLE_HOST_VERIFICATION',
      () => ({ TEMPORAL_TLS: 'true', TEMPORAL_TLS_DISABLE_HOST_VERIFICATION: 'true' }),
      HOST,
    ],
    [
      'profile default of temporal.toml: tls.disable_host_verification',
      () => profile('[profile.default.tls]\ndisable_host_verification = true'),
      HOST,
    ],
  ])('%s', async (from, variables, said) => {
    set(variables());
    const refused = await refusal();
    expect(refused).toMatch(said);
    expect(refused).toMatch(new RegExp(`^CliError: ${from.replaceAll('.', '\\.')} `));
    expect(refused).not.toContain('secret');
  });

  it('not a codec where a plugin gives one, or where another profile has it', async () => {
    const toml = '[profile.default]\naddress = "a:1"\n[profile.other.codec]\nendpoint = "http://codec:8888"\n';
    set({ TEMPORAL_CONFIG_FILE: file('two.toml', toml) });
    expect((await temporalSettings({})).address).toBe('a:1');
    expect(await refusal({ profile: 'other' })).toMatch(CODEC);
    expect(await refusal({ profile: 'other', plugins: './codec.js' })).toBe('they were taken');
    set({ TEMPORAL_MIGRATION_HUB_PLUGINS: './codec.js', TEMPORAL_CODEC_ENDPOINT: 'http://codec:8888' });
    expect(await refusal()).toBe('they were taken');
  });

  it('not what is switched off, also over a profile', async () => {
    set({
      ...profile('[profile.default.tls]\ndisable_host_verification = true'),
      ...{ TEMPORAL_TLS_DISABLE_HOST_VERIFICATION: 'false', TEMPORAL_CODEC_ENDPOINT: '' },
    });
    expect(await refusal()).toBe('they were taken');
  });

  it.each<[off: string, variables: () => Record<string, string>]>([
    ['TEMPORAL_TLS', () => ({ TEMPORAL_TLS: 'false' })],
    ['profile default of temporal.toml: tls.disabled', () => profile('[profile.default.tls]\ndisabled = true')],
  ])('settings of TLS where %s turns it off', async (off, variables) => {
    set(variables());
    expect(await refusal()).toBe('they were taken');
    expect(await refusal({ tlsCertPath: 'none.pem', tlsKeyPath: 'none.pem' })).toBe(
      `CliError: --tls-cert-path is set, but ${off} turns TLS off: remove one of them`,
    );
    set({ ...variables(), TEMPORAL_TLS_SERVER_NAME: 'temporal' });
    expect(await refusal()).toBe(
      `CliError: TEMPORAL_TLS_SERVER_NAME is set, but ${off} turns TLS off: remove one of them`,
    );
  });
});

describe('a file of TLS that is of no use is refused by the setting that names it:', () => {
  const PEM = readFileSync(join(__dirname, '../fixtures/tls/server.pem'), 'utf8');
  const [KEY = '', CERTIFICATE = ''] = [
    /-----BEGIN EC PRIVATE.*END EC PRIVATE KEY-----/s,
    /-----BEGIN CERT.*CERTIFICATE-----/s,
  ].map((pattern) => pattern.exec(PEM)?.[0] ?? '');
  const certificate = file('certificate.pem', CERTIFICATE);
  const key = file('key.pem', KEY);
  const other = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
  const otherKey = file('other.pem', String(other.export({ type: 'pkcs8', format: 'pem' })));
  const locked = file(
    'locked.pem',
    String(other.export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'x' })),
  );
  const noPem = file('no-pem.txt', 'this is no certificate');

  it.each<[what: string, flags: Record<string, string>, said: string]>([
    ['a folder as CA', { tlsCaPath: FOLDER }, `--tls-ca-path: ${FOLDER} cannot be read: it is a folder`],
    ['a CA that is none', { tlsCaPath: noPem }, '--tls-ca-path: there is no certificate in PEM format in it'],
    ['a key as CA', { tlsCaPath: key }, '--tls-ca-path: there is no certificate in PEM format in it'],
    ['a folder as profiles', { configFile: FOLDER }, `--config-file: ${FOLDER} cannot be read: it is a folder`],
    [
      'a certificate and its key that are swapped',
      { tlsCertPath: key, tlsKeyPath: certificate },
      '--tls-cert-path and --tls-key-path: one of them is not in PEM format, or they are swapped',
    ],
    [
      'a key that is none',
      { tlsCertPath: certificate, tlsKeyPath: noPem },
      '--tls-cert-path and --tls-key-path: one of them is not in PEM format, or they are swapped',
    ],
    [
      'the key of another certificate',
      { tlsCertPath: certificate, tlsKeyPath: otherKey },
      '--tls-cert-path and --tls-key-path: the key is not that of the certificate',
    ],
    [
      'a key with a passphrase',
      { tlsCertPath: certificate, tlsKeyPath: locked },
      '--tls-cert-path and --tls-key-path: the key has a passphrase: decrypt it (openssl pkey -in FILE -out FILE)',
    ],
  ])('%s', async (_, flags, said) => {
    expect(await refusal(flags)).toBe(`CliError: ${said}`);
    const args = Object.entries(flags).flatMap(([name, value]) => [
      `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`,
      value,
    ]);
    expect(await cli('status', 'S', 'T', ...args)).toEqual({ code: 2, stdout: '', stderr: `${said}\n` });
  });

  it('by its variable, with what is in it, or by the profile', async () => {
    set({ TEMPORAL_TLS_CLIENT_CERT_DATA: CERTIFICATE, TEMPORAL_TLS_CLIENT_KEY_PATH: otherKey });
    expect(await refusal()).toBe(
      'CliError: TEMPORAL_TLS_CLIENT_CERT_DATA and TEMPORAL_TLS_CLIENT_KEY_PATH: the key is not that of the certificate',
    );
    set({ TEMPORAL_TLS_CLIENT_CERT_DATA: '' });
    expect(await refusal()).toMatch(
      /^CliError: TEMPORAL_TLS_CLIENT_KEY_PATH: a client certificate and its key are used only together/,
    );
    set({
      TEMPORAL_TLS_CLIENT_KEY_PATH: '',
      ...profile('[profile.default.tls]\nclient_cert_path = "/absent/cert.pem"\nclient_key_path = "/absent/key.pem"'),
    });
    expect(await refusal()).toBe(
      'CliError: profile default of temporal.toml: /absent/cert.pem cannot be read: no such file',
    );
  });

  it('one of a flag replaces that of a variable, and one of either that of the profile, in a file or not', async () => {
    const pair = { tlsCertPath: certificate, tlsKeyPath: key };
    const inProfile = profile(
      '[profile.default.tls]\nclient_cert_data = "x"\nclient_key_data = "x"\nserver_name = "s"',
    );
    set({ ...inProfile, TEMPORAL_TLS_CLIENT_CERT_DATA: 'y', TEMPORAL_TLS_CLIENT_KEY_DATA: 'y' });
    const { connectionOptions } = await temporalSettings(pair);
    const { clientCertPair, serverNameOverride } = connectionOptions.tls as Record<string, unknown>;
    expect(clientCertPair).toEqual({ crt: Buffer.from(CERTIFICATE), key: Buffer.from(KEY) });
    expect(serverNameOverride).toBe('s');
    set({ TEMPORAL_TLS_CLIENT_CERT_DATA: '', TEMPORAL_TLS_CLIENT_KEY_DATA: '' });
    set({ TEMPORAL_TLS_CLIENT_CERT_PATH: certificate, TEMPORAL_TLS_CLIENT_KEY_PATH: otherKey });
    expect(await refusal()).toBe(
      'CliError: TEMPORAL_TLS_CLIENT_CERT_PATH and TEMPORAL_TLS_CLIENT_KEY_PATH: the key is not that of the certificate',
    );
    set({ TEMPORAL_TLS_CLIENT_CERT_DATA: CERTIFICATE });
    expect(await refusal()).toBe(
      'CliError: flags and variables: TEMPORAL_TLS_CLIENT_CERT_PATH and TEMPORAL_TLS_CLIENT_CERT_DATA are both set: leave one out',
    );
  });

  it('not one that is right, also where it can be read only once', async () => {
    const { connectionOptions } = await temporalSettings({ tlsCertPath: certificate, tlsKeyPath: key });
    const { clientCertPair } = connectionOptions.tls as { clientCertPair?: { crt: Buffer; key: Buffer } };
    expect([clientCertPair?.crt, clientCertPair?.key].map(String)).toEqual([CERTIFICATE, KEY]);
    const pipe = join(FOLDER, 'pipe');
    execFileSync('sh', ['-c', 'mkfifo "$0"', pipe]);
    spawn('sh', ['-c', `cat ${certificate} > ${pipe}`], { stdio: 'ignore' });
    const { connectionOptions: piped } = await temporalSettings({ tlsCaPath: pipe });
    expect(String((piped.tls as { serverRootCACertificate?: Buffer }).serverRootCACertificate)).toBe(CERTIFICATE);
  });
});
