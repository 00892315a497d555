import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http2';
import type { AddressInfo, Server } from 'node:net';
import { onTestFinished } from 'vitest';

/** Where a server listens, until the test is over. */
export async function listening(server: Server): Promise<string> {
  await once(server.listen(0, '127.0.0.1'), 'listening');
  onTestFinished(() => void server.close());
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** A Temporal server that answers everything with this gRPC status, and notes what it was asked with. */
export async function refusingServer(grpcStatus: string, asked: IncomingHttpHeaders[] = []): Promise<string> {
  const server = createServer().on('stream', (stream, headers) => {
    asked.push(headers);
    stream.respond(
      { ':status': 200, 'content-type': 'application/grpc', 'grpc-status': grpcStatus },
      { endStream: true },
    );
  });
  return listening(server);
}
