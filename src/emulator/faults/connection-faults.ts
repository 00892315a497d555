import { once } from 'node:events';
import type { FastifyReply, FastifyRequest } from 'fastify';

/** An HTTP answer. */
export interface Answer {
  /** The status. */
  httpStatus: number;
  /** The headers, without Content-Length. */
  headers: Record<string, string>;
  /** The body. */
  body: string;
}

/** Resets the connection (TCP RST). */
export function resetConnection(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  reply.hijack();
  request.raw.socket.resetAndDestroy();
  return reply;
}

/** Never answers. The connection stays open until the caller or the emulator closes it. */
export const hang = (reply: FastifyReply): FastifyReply => reply.hijack();

/** Sends the Content-Length of the whole body, but only its first half, and closes the connection. */
export async function truncate(reply: FastifyReply, { httpStatus, headers, body }: Answer): Promise<FastifyReply> {
  reply.hijack();
  const bytes = Buffer.from(body);
  const { raw } = reply;
  raw.writeHead(httpStatus, { ...headers, 'content-length': bytes.length });
  raw.write(bytes.subarray(0, Math.floor(bytes.length / 2)));
  if (raw.writableNeedDrain) await Promise.race([once(raw, 'drain'), once(raw, 'close')]);
  raw.socket?.end(); // after what was written
  return reply;
}
