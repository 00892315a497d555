import { connect as connectPlain, isIP, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { ConnectionOptions } from '@temporalio/client';
import { directAddress, whyUnreachable } from './probe';
import type { TemporalSettings } from './temporal-settings';

const ANSWER_MS = 3000;
/** With which every client of gRPC begins: its preface, and settings without a setting. */
const PREFACE = Buffer.concat([
  Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'),
  Buffer.from([0, 0, 0, 4, 0, 0, 0, 0, 0]),
]);
/** The first byte of what a server says that wants TLS, and has got something else. */
const TLS_ALERT = 0x15;

/** Why no connection can be made; undefined where one can, or where that is not known. `plugins`: they may set TLS. */
export async function whyNotReached(
  { address, connectionOptions }: Pick<TemporalSettings, 'address' | 'connectionOptions'>,
  plugins: readonly unknown[] = [],
): Promise<Error | undefined> {
  const unreachable = await whyUnreachable(address);
  if (unreachable || plugins.length > 0) return unreachable;
  return whyNotSpoken(address, connectionOptions.tls ?? connectionOptions.apiKey !== undefined);
}

/**
 * Why TLS, or doing without, does not go with the server at `host:port`; undefined where it does, or where that is not known. gRPC tries
 * on until its time is over, and then does not say why.
 */
async function whyNotSpoken(address: string, tls: ConnectionOptions['tls']): Promise<Error | undefined> {
  const direct = directAddress(address);
  if (!direct) return undefined;
  return tls ? whyNoTls(direct, tls === true ? {} : tls) : whyNotPlain(direct);
}

interface Place {
  host: string;
  port: number;
}

function whyNoTls(
  { host, port }: Place,
  {
    serverNameOverride,
    serverRootCACertificate,
    clientCertPair,
  }: Exclude<ConnectionOptions['tls'], boolean | null | undefined>,
): Promise<Error | undefined> {
  const servername = serverNameOverride ?? (isIP(host) ? undefined : host);
  const socket = connectTls({
    ...{ host, port, servername, ALPNProtocols: ['h2'] },
    ...(serverRootCACertificate && { ca: Buffer.from(serverRootCACertificate) }),
    ...(clientCertPair && { cert: Buffer.from(clientCertPair.crt), key: Buffer.from(clientCertPair.key) }),
  });
  return answerOf(socket, (end) => socket.once('secureConnect', () => end()));
}

function whyNotPlain(place: Place): Promise<Error | undefined> {
  const socket = connectPlain(place);
  const closed = () => new Error('Connection dropped');
  return answerOf(socket, (end) => {
    socket.once('connect', () => socket.write(PREFACE));
    socket.once('data', (said: Buffer) => {
      const isWeb = said.toString('latin1').startsWith('HTTP/1');
      end(said[0] === TLS_ALERT ? closed() : isWeb ? new Error('HTTP/1') : undefined);
    });
    socket.once('close', () => end(closed()));
  });
}

function answerOf(socket: Socket, listen: (end: (error?: Error) => void) => void): Promise<Error | undefined> {
  return new Promise((resolve) => {
    const end = (error?: Error) => {
      socket.destroy();
      resolve(error);
    };
    socket.setTimeout(ANSWER_MS, () => end());
    socket.once('error', (error) => end(error));
    listen(end);
  });
}
