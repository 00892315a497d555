import type { Server } from 'node:http';
import type { FastifyHttpOptions } from 'fastify';
import { MEDIA_TYPE } from '../calls/perform';
import { MigrationHubError, serialization } from '../hub/errors';

const tooLarge = (message: string) => new MigrationHubError('RequestEntityTooLargeException', message, 431);
const STATUS_LINE: Record<number, string> = { 400: '400 Bad Request', 431: '431 Request Header Fields Too Large' };

/** Fastify options: requests that Node or Fastify refuse themselves are answered with errors in the form of AWS. */
export const wireErrorOptions: FastifyHttpOptions<Server> = {
  // Otherwise Node answers a request without Host with an empty body.
  http: { requireHostHeader: false },
  frameworkErrors(error, _request, reply) {
    const body = serialization(error.message).body();
    // The types of this hook lack the reply of the server.
    const answer = reply as unknown as {
      code(status: number): { header(name: string, value: string): { send(body: Buffer): void } };
    };
    answer.code(400).header('content-type', MEDIA_TYPE).send(Buffer.from(body));
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
      `content-type: ${MEDIA_TYPE}`,
      `content-length: ${Buffer.byteLength(body)}`,
      'connection: close',
    ];
    socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
  },
};

/** Answers requests with an Expect header other than 100-continue as if they had none. */
export function answerExpectations(server: Server): void {
  server.on('checkExpectation', (request, response) => void server.emit('request', request, response));
}
