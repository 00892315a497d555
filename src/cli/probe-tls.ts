import { readFileSync } from 'node:fs';
import { connect as connectPlain, isIP, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { ConnectionOptions } from '@temporalio/client';
import { cannotRead } from './cli-error';
import { CONNECT_MS, directAddress, firstOf, whyUnreachable } from './probe';
import type { TemporalSettings } from './temporal-settings';

const ANSWER_MS = 3000;
/** With which every client of gRPC begins: its preface, and settings without a setting. */
const PREFACE = Buffer.concat([
  Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'),
  Buffer.from([0, 0, 0, 4, 0, 0, 0, 0, 0]),
]);
/** The first byte of what a server says that wants TLS, and has got something else. */
const TLS_ALERT = 0x15;

/**
 * Why no connection can be made; undefined where one can, or where that is not known. gRPC tries on until its time is over, and then
 * does not say why. @throws CliError for a file of roots that cannot be read
 */
export async function whyNotReached({
  address,
  connectionOptions,
}: Pick<TemporalSettings, 'address' | 'connectionOptions'>): Promise<Error | undefined> {
  const place = directAddress(address);
  if (!place) return undefined;
  const tls = connectionOptions.tls ?? connectionOptions.apiKey !== undefined;
  if (!tls) return whyNoAnswer(connectPlain(place), 'connect');
  return whyNoAnswer(tlsSocket(place, tls === true ? {} : tls), 'secureConnect');
}

/**
 * Connects, and where that fails says why. With plugins the address is tried only for that: they may set TLS, or another address.
 * @throws Error of the probe, else of the connection; CliError for a file of roots that cannot be read
 */
export async function connecting<T>(
  settings: Pick<TemporalSettings, 'address' | 'connectionOptions'>,
  plugins: readonly unknown[],
  connect: () => Promise<T>,
): Promise<T> {
  if (plugins.length === 0) {
    const why = await whyNotReached(settings);
    if (why) throw why;
    return connect();
  }
  const probing = whyUnreachable(settings.address);
  try {
    return await connect();
  } catch (error) {
    // Where it is more than a time that was over, it says more than the probe.
    const isOver = /before the deadline|no answer within/i.test((error as Error).message);
    throw (isOver && (await probing)) || error;
  }
}

function tlsSocket(
  { host, port }: { host: string; port: number },
  {
    serverNameOverride,
    serverRootCACertificate,
    clientCertPair,
  }: Exclude<ConnectionOptions['tls'], boolean | null | undefined>,
): Socket {
  const servername = serverNameOverride ?? (isIP(host) ? undefined : host);
  const ca = serverRootCACertificate ? Buffer.from(serverRootCACertificate) : rootsOfGrpc();
  return connectTls({
    ...{ host, port, servername, ALPNProtocols: ['h2'] },
    ...(ca && { ca }),
    ...(clientCertPair && { cert: Buffer.from(clientCertPair.crt), key: Buffer.from(clientCertPair.key) }),
  });
}

/** gRPC trusts these where no CA is given. */
function rootsOfGrpc(): Buffer | undefined {
  const variable = 'GRPC_DEFAULT_SSL_ROOTS_FILE_PATH';
  const path = process.env[variable];
  if (!path) return undefined;
  try {
    return readFileSync(path);
  } catch (error) {
    throw cannotRead(`${variable}: ${path}`, error);
  }
}

/** `ready`: when the server is to be spoken to. Under TLS 1.3 it refuses a client certificate only after that. */
function whyNoAnswer(socket: Socket, ready: 'connect' | 'secureConnect'): Promise<Error | undefined> {
  return new Promise((resolve) => {
    const end = (error?: Error) => {
      socket.destroy();
      resolve(error);
    };
    socket.setTimeout(CONNECT_MS, () => end());
    socket.once('connect', () => socket.setTimeout(ANSWER_MS));
    socket.once(ready, () => socket.write(PREFACE));
    socket.once('data', (said: Buffer) => end(whyRefused(said)));
    socket.once('error', (error) => end(firstOf(error)));
    socket.once('close', () => end(closed()));
  });
}

const closed = () => new Error('Connection dropped');

function whyRefused(said: Buffer): Error | undefined {
  if (said[0] === TLS_ALERT) return closed();
  return said.toString('latin1').startsWith('HTTP/1') ? new Error('HTTP/1') : undefined;
}
