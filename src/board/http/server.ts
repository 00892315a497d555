import helmet from '@fastify/helmet';
import { fastify, type FastifyError, type FastifyInstance } from 'fastify';
import type { Access } from './access';
import { gate } from './gate';
import type { HostNames } from './host-names';
import { serveFiles } from './page-files';

/** All that the page needs is from here; nothing is inline. */
const CONTENT_SECURITY_POLICY = {
  useDefaults: false,
  directives: {
    defaultSrc: ["'none'"],
    scriptSrc: ["'self'"],
    styleSrc: ["'self'"],
    connectSrc: ["'self'"],
    imgSrc: ["'self'"],
    baseUri: ["'none'"],
    formAction: ["'none'"],
    frameAncestors: ["'none'"],
    requireTrustedTypesFor: ["'script'"],
  },
};

/** In bytes: a request of the page has none. */
const BODY_LIMIT = 1024;
const REQUEST_MS = 15_000;

/** The board's HTTP server with the files of the page, without routes for data. */
export async function createServer(page: string, hosts: HostNames, access: Access): Promise<FastifyInstance> {
  const app = fastify({
    bodyLimit: BODY_LIMIT,
    requestTimeout: REQUEST_MS,
    // Streams of events do not end by themselves.
    forceCloseConnections: true,
    frameworkErrors: (error, _request, reply) => {
      // The types of this hook lack the reply of the server.
      const answer = reply as unknown as { code(status: number): { send(body: object): void } };
      answer.code(error.statusCode ?? 400).send({ error: error.message });
    },
  });
  await app.register(helmet, {
    contentSecurityPolicy: CONTENT_SECURITY_POLICY,
    // Whether the board is behind TLS is for whoever puts it there.
    strictTransportSecurity: false,
    xFrameOptions: { action: 'deny' },
  });
  app.addHook('onRequest', gate(hosts, access));
  app.setNotFoundHandler((_request, reply) => reply.code(404).send({ error: 'there is nothing here' }));
  app.setErrorHandler((error: FastifyError, _request, reply) =>
    reply.code(error.statusCode ?? 502).send({ error: error.message }),
  );
  await serveFiles(app, page);
  return app;
}
