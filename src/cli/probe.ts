import { connect } from 'node:net';

/** With one of these set gRPC does not call the server itself. */
const PROXIES = ['grpc_proxy', 'https_proxy', 'http_proxy', 'HTTPS_PROXY', 'HTTP_PROXY'];

/** As the SDK has it. */
const DEFAULT_PORT = 7233;

/** For this long a host is looked up and connected to. */
export const CONNECT_MS = 5000;

/** Of `host:port`; undefined where gRPC calls a proxy, or for an address of another form. */
export function directAddress(address: string): { host: string; port: number } | undefined {
  const [, ipv6, name, port] = /^(?:\w+:\/\/\/?)?(?:\[([^\]]+)\]|([^:/]+))(?::(\d+))?$/.exec(address) ?? [];
  const host = ipv6 ?? name;
  if (!host || PROXIES.some((each) => process.env[each])) return undefined;
  return { host, port: Number(port ?? DEFAULT_PORT) };
}

/**
 * Why no connection can be made to `host:port`; undefined where one can, or where that is not known. gRPC tries on until its time is
 * over, and then does not say why.
 */
export function whyUnreachable(address: string): Promise<Error | undefined> {
  const direct = directAddress(address);
  if (!direct) return Promise.resolve(undefined);
  return new Promise<Error | undefined>((resolve) => {
    const socket = connect(direct);
    const end = (error?: Error) => {
      socket.destroy();
      resolve(error);
    };
    socket.setTimeout(CONNECT_MS, () => end());
    socket.once('connect', () => end());
    socket.once('error', (error) => end(firstOf(error)));
    // A port that is none is thrown at once.
  }).catch((error: Error) => error);
}

/** Of several addresses of a host each has an error of its own. */
export const firstOf = (error: Error): Error => ((error as AggregateError).errors?.[0] as Error | undefined) ?? error;
