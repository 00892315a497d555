/** Where the `temporal` command goes by itself. */
const STANDARD_ADDRESS = 'localhost:7233';

/** The flags with which the `temporal` command reaches a namespace, for a command that somebody is to run. `address`: where it is known. */
export const temporalFlags = (namespace: string, address = STANDARD_ADDRESS): string =>
  `${address === STANDARD_ADDRESS ? '' : `--address ${address} `}--namespace ${namespace}`;
