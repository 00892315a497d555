import { createServer, type AddressInfo } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { cannotListen, type ListenAddress } from '../report/cannot-listen';

const LOOPBACK = ['127.0.0.1', '::1'];
const ANY = ['0.0.0.0', '::'];

/** Where a server listens. */
export interface Listening {
  /** By which this machine reaches it, without a slash at the end. */
  url: string;
  /** The TCP port. */
  port: number;
}

/**
 * Begins to listen, and gives where. A port of `localhost` must be free on 127.0.0.1 and on ::1: browsers differ in which of the two they
 * call, and Fastify is content with one.
 * @throws ConfigurationError where it cannot listen there; the server is then closed
 */
export async function listen(app: FastifyInstance, address: ListenAddress): Promise<Listening> {
  const { host, port } = address;
  try {
    if (host === 'localhost' && port !== 0) await Promise.all(LOOPBACK.map((each) => checkFree(each, port)));
    await app.listen({ host, port });
  } catch (error) {
    await app.close();
    throw cannotListen(error as Error, address);
  }
  const { address: bound, port: boundPort } = app.server.address() as AddressInfo;
  // Not every system, nor every browser, opens a connection to 0.0.0.0.
  const name = ANY.includes(bound) ? 'localhost' : host.includes(':') ? `[${host}]` : host;
  return { url: `http://${name}:${boundPort}`, port: boundPort };
}

/** Rejects where something listens there; a machine without the address says nothing of that. */
function checkFree(host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => (error.code === 'EADDRINUSE' ? reject(error) : resolve()));
    server.listen({ host, port }, () => server.close(() => resolve()));
  });
}
