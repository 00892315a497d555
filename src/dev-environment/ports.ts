import { createServer, type AddressInfo, type Server } from 'node:net';
import { cannotListen } from '../report/cannot-listen';
import { ConfigurationError } from '../report/configuration-error';

/** Where the parts listen on 127.0.0.1; 0: any free port. */
export interface Ports {
  /** Temporal's gRPC; absent where a server is given. */
  temporal?: number;
  /** Temporal's UI; absent where a server is given. */
  ui?: number;
  /** The emulator. */
  emulator: number;
  /** The board. */
  board: number;
}
const HOST = '127.0.0.1';
const FLAGS: Record<keyof Ports, string> = {
  temporal: '--temporal-port',
  ui: '--ui-port',
  emulator: '--emulator-port',
  board: '--board-port',
};

/** Checks that the ports are free, and finds one for each 0. @throws ConfigurationError for one that is taken */
export async function claimPorts<T extends Ports>(wanted: T): Promise<T> {
  const named = Object.entries(wanted) as [keyof Ports, number][];
  for (const [name, port] of named)
    for (const [other, same] of named)
      if (port !== 0 && port === same && name !== other)
        throw new ConfigurationError(
          `${FLAGS[name]} and ${FLAGS[other]} are both ${port}: each part needs its own port`,
        );
  const held: Server[] = [];
  try {
    const claimed: [string, number][] = [];
    for (const [name, port] of named) {
      const server = await listenOn(name, port);
      held.push(server);
      claimed.push([name, (server.address() as AddressInfo).port]);
    }
    return Object.fromEntries(claimed) as unknown as T;
  } finally {
    await Promise.all(held.map((server) => new Promise((closed) => server.close(closed))));
  }
}

function listenOn(name: keyof Ports, port: number): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', (error) => reject(portError(FLAGS[name], port, error)));
    server.listen(port, HOST, () => resolve(server));
  });
}

/** Why nothing can listen on a port, with the flag that names another. */
export function portError(flag: string, port: number, error: NodeJS.ErrnoException): ConfigurationError {
  const { message } = cannotListen(error, { port, portFlag: flag, host: HOST });
  const other = flag === FLAGS.temporal ? `; if Temporal runs there, name it: --address localhost:${port}` : '';
  return new ConfigurationError(message + other);
}
