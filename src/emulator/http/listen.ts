import { createServer, type AddressInfo, type Server } from 'node:net';
import type { FastifyInstance } from 'fastify';

/** The errors of a system without IPv6, or with IPv6 switched off. */
const NO_IPV6 = ['EADDRNOTAVAIL', 'EAFNOSUPPORT', 'EINVAL'];
/** How many free ports are tried. */
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

/** A server on ::1 that passes its connections to the main server; undefined on a system without IPv6. */
async function ipv6Server(main: Server, port: number): Promise<Server | undefined> {
  const ipv6 = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => main.emit('connection', socket));
  try {
    await listening(ipv6, port, '::1');
    return ipv6;
  } catch (error) {
    if (NO_IPV6.includes(codeOf(error))) return undefined;
    throw error;
  }
}

const portOf = (server: Server) => (server.address() as AddressInfo).port;

/** The URL by which a client on the same machine reaches an address. */
function urlOf(host: string, port: number): string {
  const reachable = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host;
  return `http://${reachable.includes(':') ? `[${reachable}]` : reachable}:${port}`;
}

/** Where a server listens. */
export interface Listening {
  /** The base URL, without a slash at the end. */
  url: string;
  /** The TCP port. */
  port: number;
  /** Closes the server on ::1, which Fastify does not close. */
  stop: () => void;
}

async function listenOnBoth(app: FastifyInstance, port: number): Promise<Listening> {
  await app.ready();
  for (let attempt = 1; ; attempt++) {
    const ipv6 = await ipv6Server(app.server, port);
    try {
      await app.listen({ port: ipv6 ? portOf(ipv6) : port, host: '127.0.0.1' });
      const bound = portOf(app.server);
      return { url: urlOf('127.0.0.1', bound), port: bound, stop: () => ipv6?.close() };
    } catch (error) {
      ipv6?.close();
      // A free port of one address may be in use on the other: try the next one.
      if (port !== 0 || codeOf(error) !== 'EADDRINUSE' || attempt === ATTEMPTS) throw error;
    }
  }
}

/**
 * Begins to listen.
 * @param port 0 for any free one
 * @param host the address; `localhost`: 127.0.0.1 and ::1, since clients differ in which of the two it means
 * @default host 'localhost'
 * @throws Error of the system, with `code`
 */
export async function listen(app: FastifyInstance, port: number, host = 'localhost'): Promise<Listening> {
  if (host === 'localhost') return listenOnBoth(app, port);
  await app.listen({ port, host });
  return { url: urlOf(host, portOf(app.server)), port: portOf(app.server), stop: () => undefined };
}
