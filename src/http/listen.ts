import { createServer } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { cannotListen, type ListenAddress } from '../report/cannot-listen';

const LOOPBACK = ['127.0.0.1', '::1'];

/**
 * Begins to listen. A port of `localhost` must be free on 127.0.0.1 and on ::1: browsers differ in which of the two they call, and
 * Fastify is content with one.
 * @throws ConfigurationError where it cannot listen there; the server is then closed
 */
export async function listen(app: FastifyInstance, address: ListenAddress): Promise<void> {
  const { host, port } = address;
  try {
    if (host === 'localhost' && port !== 0) await Promise.all(LOOPBACK.map((each) => checkFree(each, port)));
    await app.listen({ host, port });
  } catch (error) {
    await app.close();
    throw cannotListen(error as Error, address);
  }
}

/** Rejects where something listens there; a machine without the address says nothing of that. */
function checkFree(host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => (error.code === 'EADDRINUSE' ? reject(error) : resolve()));
    server.listen({ host, port }, () => server.close(() => resolve()));
  });
}
