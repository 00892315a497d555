import { randomUUID } from 'node:crypto';
import { fastify, type FastifyInstance } from 'fastify';
import { answerExpectations, wireErrorOptions } from './wire-errors';

/** In bytes; larger bodies are RequestEntityTooLargeException, 413. */
const BODY_LIMIT = 1024 * 1024;
/**
 * How long a connection may be idle. Go and Rust clients close one after 90 seconds, Java after 60; boto3 and Node keep
 * it as long as the server does. The server must not close first: it would lose a call that is being sent.
 */
const KEEP_ALIVE_MS = 3_600_000;

/**
 * The HTTP server of an emulator, without routes. Bodies are strings, whatever their Content-Type.
 * @param readTime called before each request is carried out
 */
export function createServer(readTime: () => Promise<void>): FastifyInstance {
  const app = fastify({
    bodyLimit: BODY_LIMIT,
    keepAliveTimeout: KEEP_ALIVE_MS,
    forceCloseConnections: true,
    genReqId: () => randomUUID(),
    ...wireErrorOptions,
  });
  answerExpectations(app.server);
  app.addHook('preHandler', readTime);
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => done(null, body));
  return app;
}
