import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { createServer as createTlsServer } from 'node:tls';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { temporalSettings } from '../../src/cli/temporal-settings';
import { connectToTemporal } from '../../src/worker/process/connect';
import { listening, refusingServer } from './refusing-server';

beforeEach(() => {
  for (const name of Object.keys(process.env)) if (name.startsWith('TEMPORAL')) vi.stubEnv(name, undefined);
  // No file of whoever runs the tests.
  vi.stubEnv('XDG_CONFIG_HOME', '/absent');
});
afterEach(() => {
  vi.unstubAllEnvs();
});

describe('where Temporal cannot be used, one line says why, and what to do:', () => {
  const TLS = join(__dirname, '../fixtures/tls');
  const pem = readFileSync(join(TLS, 'server.pem'));
  const withTls = () => listening(createTlsServer({ key: pem, cert: pem, ALPNProtocols: ['h2'] }));
  const silent = () => listening(createServer());

  it.each<[string, () => Promise<string>, Record<string, string>, string]>([
    [
      'a wrong API key',
      () => refusingServer('16'),
      { TEMPORAL_TLS: 'false', TEMPORAL_API_KEY: 'wrong' },
      'it does not accept the API key',
    ],
    [
      'a server without TLS',
      () => refusingServer('7'),
      { TEMPORAL_API_KEY: 'key' },
      'it does not use TLS: remove the TLS settings and the API key',
    ],
    ['a server with TLS', withTls, {}, 'it closed the connection: it may need TLS'],
    [
      'a port that is none',
      () => Promise.resolve('localhost:72333'),
      {},
      'the port must be an integer from 1 to 65535',
    ],
    [
      'a CA that nobody knows',
      withTls,
      { TEMPORAL_TLS: 'true' },
      'its certificate is not trusted: set --tls-ca-path to its CA',
    ],
    ['a URL', () => Promise.resolve('http://127.0.0.1:1'), {}, 'nothing listens there'],
    ['what is no address', () => Promise.resolve('localhost:port'), {}, 'it must be host:port, such as localhost:7233'],
    ['one that does not answer', silent, {}, 'it does not answer: check --address'],
    [
      'a host that is not there',
      () => Promise.resolve('temporal.invalid:7233'),
      {},
      'no such host: check --address and DNS',
    ],
  ])('%s', async (_, start, variables, words) => {
    for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value);
    const began = performance.now();
    const address = await start();
    const said = await connectToTemporal(await temporalSettings({ address }), []).catch(String);
    expect(said).toMatch(new RegExp(`^CliError: Temporal at ${address} \\(--address\\): ${words}`));
    expect(said).not.toMatch(/tonic|hyper|::|\n/);

    expect(performance.now() - began).toBeLessThan(60_000);
  });
});
