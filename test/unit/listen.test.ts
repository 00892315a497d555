import { createServer, type AddressInfo } from 'node:net';
import { once } from 'node:events';
import { fastify } from 'fastify';
import { expect, it } from 'vitest';
import { listen } from '../../src/http/listen';

const at = (host: string, port: number) => ({ host, port, portFlag: '--port', hostFlag: '--host' });

it.each(['127.0.0.1', '::1'])('a port of localhost that is in use on %s is refused', async (address) => {
  const other = createServer();
  other.listen({ host: address, port: 0 });
  const isThere = await Promise.race([
    once(other, 'listening').then(() => true),
    once(other, 'error').then(() => false),
  ]);
  // A machine without IPv6 has only one of the two.
  if (!isThere) return expect(address).toBe('::1');
  const { port } = other.address() as AddressInfo;
  await expect(listen(fastify(), at('localhost', port))).rejects.toThrow(
    `--port is ${port}, but something listens there already`,
  );
  await new Promise((resolve) => other.close(resolve));
  const app = fastify();
  await listen(app, at('localhost', port));
  await app.close();
});

it.each([
  ['127.0.0.1', '127.0.0.1'],
  ['localhost', 'localhost'],
  ['0.0.0.0', 'localhost'],
  ['::', 'localhost'],
  ['::1', '[::1]'],
])('of a server on %s the URL is one that this machine can open: its host is %s', async (host, name) => {
  const app = fastify();
  app.get('/', () => 'here');
  const listening = listen(app, at(host, 0));
  // A machine without IPv6 has no such address.
  if (
    host.includes(':') &&
    (await listening.then(
      () => false,
      () => true,
    ))
  )
    return;
  const { url, port } = await listening;
  expect(url).toBe(`http://${name}:${port}`);
  expect(await (await fetch(url)).text()).toBe('here');
  await app.close();
});
