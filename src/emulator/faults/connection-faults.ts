import { once } from 'node:events';
import type { FastifyReply, FastifyRequest } from 'fastify';

/** An answer as it goes out. */
export interface Answer {
  httpStatus: number;
  headers: Record<string, string>;
  body: string;
}

/** Cuts the connection so that the caller sees a reset. */
export function resetConnection(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  reply.hijack();
  request.raw.socket.resetAndDestroy();
  return reply;
}

/** Never answers; the connection stays open until the caller, or the emulator, closes it. */
export const hang = (reply: FastifyReply): FastifyReply => reply.hijack();

/** Promises the whole body in Content-Length, sends its first half and closes the connection. */
export async function truncate(reply: FastifyReply, { httpStatus, headers, body }: Answer): Promise<FastifyReply> {
  reply.hijack();
  const bytes = Buffer.from(body);
  const { raw } = reply;
  raw.writeHead(httpStatus, { ...headers, 'content-length': bytes.length });
  raw.write(bytes.subarray(0, Math.floor(bytes.length / 2)));
  if (raw.writableNeedDrain) await Promise.race([once(raw, 'drain'), once(raw, 'close')]);
  raw.socket?.end(); // what was written still goes out
  return reply;
}
