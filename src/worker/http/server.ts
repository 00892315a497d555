import { fastify } from 'fastify';
import { listen } from '../../http/listen';

/** What a route answers. */
export interface HttpAnswer {
  /** HTTP status. */
  status: number;
  /** Media type of the body. */
  contentType: string;
  /** All of it. */
  body: string;
}

/** One path that is answered to GET and HEAD. */
export interface HttpRoute {
  /** From the slash on. */
  path: string;
  /** Called for each request. */
  answer(): HttpAnswer | Promise<HttpAnswer>;
}

/** A server that listens. */
export interface HttpServer {
  /** Where it is reached from this machine. */
  url: string;
  /** Ends it, and all its connections. */
  close(): Promise<void>;
}

/** Bytes. Nobody has anything to send here. */
const MOST_HEADERS = 8 * 1024;
const MOST_BODY = 1024;
/** Whoever has not sent a whole request by then is told so and disconnected. */
const HEADERS_MS = 5_000;
const REQUEST_MS = 10_000;
const CHECK_MS = 1_000;
/** A probe comes anew; idle connections must not keep others out. */
const KEEP_ALIVE_MS = 5_000;
/** Probes of a machine or two. */
const MOST_CONNECTIONS = 250;

/** JSON that no cache keeps. */
export const json = (status: number, value: unknown): HttpAnswer => ({
  status,
  contentType: 'application/json; charset=utf-8',
  body: `${JSON.stringify(value)}\n`,
});

/**
 * Serves the routes on a port; 0: any that is free. Whatever else comes is answered with a status of 4xx, or disconnected.
 * @throws ConfigurationError where it cannot listen there
 */
export async function startHttpServer(settings: {
  port: number;
  host: string;
  routes: HttpRoute[];
}): Promise<HttpServer> {
  const { port, host, routes } = settings;
  const app = fastify({
    bodyLimit: MOST_BODY,
    requestTimeout: REQUEST_MS,
    keepAliveTimeout: KEEP_ALIVE_MS,
    forceCloseConnections: true,
    http: { maxHeaderSize: MOST_HEADERS, headersTimeout: HEADERS_MS, connectionsCheckingInterval: CHECK_MS },
  });
  app.server.maxConnections = MOST_CONNECTIONS;
  for (const { path, answer } of routes)
    app.get(path, async (_request, reply) => {
      const { status, contentType, body } = await answer();
      return reply.code(status).headers({ 'content-type': contentType, 'cache-control': 'no-store' }).send(body);
    });
  const { url } = await listen(app, { port, portFlag: '--http-port', host, hostFlag: '--http-host' });
  return { url, close: () => app.close() };
}
