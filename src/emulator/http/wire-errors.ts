import type { Server } from 'node:http';
import type { FastifyHttpOptions } from 'fastify';
import { MigrationHubError, serialization } from '../hub/errors';

const CONTENT_TYPE = 'application/x-amz-json-1.1';
const tooLarge = (message: string) => new MigrationHubError('RequestEntityTooLargeException', message, 431);
const STATUS_LINE: Record<number, string> = { 400: '400 Bad Request', 431: '431 Request Header Fields Too Large' };

/** What Node and Fastify would answer in their own words, before a request is one, is answered as AWS services do. */
export const wireErrorOptions: FastifyHttpOptions<Server> = {
  // Node would refuse a request without Host with an empty body.
  http: { requireHostHeader: false },
  frameworkErrors(error, _request, reply) {
    const body = serialization(error.message).body();
    // The types of this hook know no server yet.
    const answer = reply as unknown as {
      code(status: number): { header(name: string, value: string): { send(body: Buffer): void } };
    };
    answer.code(400).header('content-type', CONTENT_TYPE).send(Buffer.from(body));
  },
  clientErrorHandler(error, socket) {
    if (!socket.writable || socket.destroyed) return;
    const refusal =
      error.code === 'HPE_HEADER_OVERFLOW'
        ? tooLarge('The headers are too large.')
        : serialization('The request is not HTTP.');
    const body = refusal.body();
    const head = [
      `HTTP/1.1 ${STATUS_LINE[refusal.httpStatus]}`,
      `content-type: ${CONTENT_TYPE}`,
      `content-length: ${Buffer.byteLength(body)}`,
      'connection: close',
    ];
    socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
  },
};

/** Whatever a client expects beside 100-continue, it gets an answer to its request. */
export function answerExpectations(server: Server): void {
  server.on('checkExpectation', (request, response) => void server.emit('request', request, response));
}
