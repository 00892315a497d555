import { ConfigurationError } from './configuration-error';

/** Where something was to listen, and the flags that say where. */
export interface ListenAddress {
  /** TCP port. */
  port: number;
  /** The flag of the port. */
  portFlag: string;
  /** An address or a name. */
  host: string;
  /** The flag of the host; absent where there is none. */
  hostFlag?: string;
}

const NO_ADDRESS = ['EADDRNOTAVAIL', 'ENOTFOUND', 'EAI_AGAIN'];

/** Why nothing can listen there, and what to do. `error`: of the system. */
export function cannotListen(
  { code = '', message }: { code?: string; message: string },
  { port, portFlag, host, hostFlag }: ListenAddress,
): ConfigurationError {
  if (code === 'EADDRINUSE')
    return new ConfigurationError(
      `${portFlag} is ${port}, but something listens there already: name another port (0: any that is free), or end it`,
    );
  if (code === 'EACCES')
    return new ConfigurationError(`${portFlag} is ${port}, which this user may not use: name one from 1024 on`);
  if (hostFlag && NO_ADDRESS.includes(code))
    return new ConfigurationError(
      `${hostFlag} is ${host}, which is no address of this machine: name one, such as 127.0.0.1 or 0.0.0.0`,
    );
  const where = hostFlag ? `${hostFlag} ${host}` : host;
  return new ConfigurationError(`${portFlag} ${port} on ${where} cannot be used: ${message}`);
}
