import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { directAddress, whyUnreachable } from '../../src/cli/probe';

beforeEach(() => {
  for (const name of ['grpc_proxy', 'https_proxy', 'http_proxy', 'HTTPS_PROXY', 'HTTP_PROXY'])
    vi.stubEnv(name, undefined);
});
afterEach(() => vi.unstubAllEnvs());

it.each([
  ['localhost:7233', { host: 'localhost', port: 7233 }],
  ['my-namespace.a1b2c.tmprl.cloud:7233', { host: 'my-namespace.a1b2c.tmprl.cloud', port: 7233 }],
  ['temporal', { host: 'temporal', port: 7233 }],
  ['[::1]:17233', { host: '::1', port: 17233 }],
  ['https://temporal:443', { host: 'temporal', port: 443 }],
  ['dns:///temporal:7233', { host: 'temporal', port: 7233 }],
  ['::1', undefined],
  ['', undefined],
  ['https://temporal:443/path', undefined],
])('the address %j is asked at %j', (address, direct) => {
  expect(directAddress(address)).toEqual(direct);
});

it('behind a proxy nothing is asked: gRPC calls that', () => {
  vi.stubEnv('https_proxy', 'http://proxy:3128');
  expect(directAddress('localhost:7233')).toBeUndefined();
});

it('a port that is none is an answer, as any other reason', async () => {
  expect(String(await whyUnreachable('localhost:72333'))).toMatch(/Port should be /);
});
