import { createServer, type AddressInfo, type Server } from 'node:net';
import type { FastifyInstance } from 'fastify';

/** Where IPv6 is not there, or is switched off. */
const NO_IPV6 = ['EADDRNOTAVAIL', 'EAFNOSUPPORT', 'EINVAL'];
const ATTEMPTS = 20;

const codeOf = (error: unknown) => (error as NodeJS.ErrnoException).code ?? '';

function listening(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ port, host }, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

/** An entrance on ::1 that hands its connections to the main server; undefined where there is no IPv6. */
async function ipv6Entrance(main: Server, port: number): Promise<Server | undefined> {
  const entrance = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => main.emit('connection', socket));
  try {
    await listening(entrance, port, '::1');
    return entrance;
  } catch (error) {
    if (NO_IPV6.includes(codeOf(error))) return undefined;
    throw error;
  }
}

const portOf = (server: Server) => (server.address() as AddressInfo).port;

/** An address in a form that fits into a URL, and that a client can reach. */
function urlOf(host: string, port: number): string {
  const reachable = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host;
  return `http://${reachable.includes(':') ? `[${reachable}]` : reachable}:${port}`;
}

export interface Listening {
  url: string;
  port: number;
  /** Closes the entrance that Fastify does not know of. */
  stop: () => void;
}

async function listenOnBoth(app: FastifyInstance, port: number): Promise<Listening> {
  await app.ready();
  for (let attempt = 1; ; attempt++) {
    const entrance = await ipv6Entrance(app.server, port);
    try {
      await app.listen({ port: entrance ? portOf(entrance) : port, host: '127.0.0.1' });
      const bound = portOf(app.server);
      return { url: urlOf('127.0.0.1', bound), port: bound, stop: () => entrance?.close() };
    } catch (error) {
      entrance?.close();
      // A port that is free on the one address may be taken on the other: then any other will do.
      if (port !== 0 || codeOf(error) !== 'EADDRINUSE' || attempt === ATTEMPTS) throw error;
    }
  }
}

/**
 * Listens on `host`, or without one on 127.0.0.1 and ::1: which of the two `localhost` means differs between clients.
 * Rejects with the system's error.
 */
export async function listen(app: FastifyInstance, port: number, host = 'localhost'): Promise<Listening> {
  if (host === 'localhost') return listenOnBoth(app, port);
  await app.listen({ port, host });
  return { url: urlOf(host, portOf(app.server)), port: portOf(app.server), stop: () => undefined };
}
