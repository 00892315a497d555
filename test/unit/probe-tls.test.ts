import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { createServer as createHttpServer } from 'node:https';
import { createSecureServer, type SecureServerOptions } from 'node:http2';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { inWords } from '../../src/cli/error-words';
import { connecting, whyNotReached } from '../../src/cli/probe-tls';
import { listening } from './refusing-server';

const TLS = join(__dirname, '../fixtures/tls');
const CA = join(TLS, 'ca.pem');
const ca = readFileSync(CA);
const pem = readFileSync(join(TLS, 'server.pem'));
const clientCertPair = { crt: pem, key: pem };
beforeEach(() => {
  for (const name of ['grpc_proxy', 'https_proxy', 'http_proxy', 'HTTPS_PROXY', 'HTTP_PROXY'])
    vi.stubEnv(name, undefined);
});
afterEach(() => vi.unstubAllEnvs());

const serving = (options: SecureServerOptions = {}) =>
  listening(createSecureServer({ key: pem, cert: pem, ...options }));
/** In words why it cannot be reached; undefined where it can. */
async function why(address: string, tls: object | boolean | undefined): Promise<string | undefined> {
  const error = await whyNotReached({ address, connectionOptions: { tls } });
  return error && inWords(error);
}

describe.each(['TLSv1.2', 'TLSv1.3'] as const)('a server of %s that asks for a client certificate', (version) => {
  const asking = (trusted: Buffer) =>
    serving({ requestCert: true, rejectUnauthorized: true, ca: trusted, minVersion: version, maxVersion: version });

  it('is reached with one that it trusts', async () => {
    expect(await why(await asking(ca), { serverRootCACertificate: ca, clientCertPair })).toBeUndefined();
  });

  it.each<[string, Buffer, object]>([
    ['without one', ca, {}],
    ['with one of another CA', pem, { clientCertPair }],
  ])('is not reached %s, which is said at once', async (_, trusted, more) => {
    const began = performance.now();
    expect(await why(await asking(trusted), { serverRootCACertificate: ca, ...more })).toMatch(/client certificate/);
    // It would wait 10 s for gRPC.
    expect(performance.now() - began).toBeLessThan(9000);
  });
});

describe('with a plugin, which may connect to another address', () => {
  const nowhere = { address: '127.0.0.1:1', connectionOptions: {} };

  it('the connection is tried all the same', async () => {
    expect(await connecting(nowhere, [{}], () => Promise.resolve('connected'))).toBe('connected');
    await expect(connecting(nowhere, [], () => Promise.resolve('connected'))).rejects.toThrow(/ECONNREFUSED/);
  });

  it('only where that fails it is said why the address cannot be reached', async () => {
    const fails = () => Promise.reject(new Error('Failed to connect before the deadline'));
    await expect(connecting(nowhere, [{}], fails)).rejects.toThrow(/ECONNREFUSED/);
    await expect(connecting(nowhere, [{}], () => Promise.reject(new Error('UNAUTHENTICATED')))).rejects.toThrow(
      'UNAUTH',
    );
    const there = { address: await listening(createServer()), connectionOptions: {} };
    await expect(connecting(there, [{}], fails)).rejects.toThrow('before the deadline');
  });
});

it('the roots that gRPC trusts are trusted', async () => {
  const address = await serving();
  expect(await why(address, true)).toMatch(/^its certificate is not trusted: set --tls-ca-path to its CA$/);
  vi.stubEnv('GRPC_DEFAULT_SSL_ROOTS_FILE_PATH', CA);
  expect(await why(address, true)).toBeUndefined();
  vi.stubEnv('GRPC_DEFAULT_SSL_ROOTS_FILE_PATH', '/absent.pem');
  await expect(why(address, true)).rejects.toThrow(
    'GRPC_DEFAULT_SSL_ROOTS_FILE_PATH: /absent.pem cannot be read: no such file',
  );
});

it('a name that is not in the certificate, a web server, and what says nothing, are told from each other', async () => {
  const address = await serving();
  expect(await why(address, { serverRootCACertificate: ca, serverNameOverride: 'other.example' })).toBe(
    'its certificate is for another name: set --tls-server-name',
  );
  const web = await listening(createHttpServer({ key: pem, cert: pem }, (_, answer) => answer.end()));
  expect(await why(web, { serverRootCACertificate: ca })).toMatch(/^a web server answers there, not Temporal/);
  expect(await why(await listening(createServer()), { serverRootCACertificate: ca })).toBeUndefined();
  expect(await why('127.0.0.1:1', true)).toMatch(/^nothing listens there/);
});

it.each([
  [
    'ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED',
    'tlsv13 alert certificate required',
    /^it requires a client certificate/,
  ],
  ['ERR_SSL_TLSV1_ALERT_UNKNOWN_CA', 'tlsv1 alert unknown ca', /^it refuses the client certificate/],
  ['ERR_SSL_SSLV3_ALERT_BAD_CERTIFICATE', 'ssl/tls alert bad certificate', /^it refuses the client certificate/],
  ['ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE', 'sslv3 alert handshake failure', /^it refuses the client certificate/],
  ['', 'received fatal alert: CertificateExpired', /^it refuses the client certificate/],
  ['', 'invalid peer certificate: Expired', /^its certificate has expired/],
  ['CERT_HAS_EXPIRED', 'certificate has expired', /^its certificate has expired/],
  ['SELF_SIGNED_CERT_IN_CHAIN', 'self-signed certificate in certificate chain', /^its certificate is not trusted/],
  [
    '',
    'Metadata string value "Bearer secret\n" contains illegal characters',
    /^the API key or a header has a character/,
  ],
])('%s %s is put in words', (code, message, words) => {
  const said = inWords(Object.assign(new Error(message), { code }));
  expect(said).toMatch(words);
  expect(said).not.toContain('secret');
});
