import { Option, type Command } from 'commander';

/** How the Temporal server is reached: flags as the `temporal` command has them. Each stands for a variable of Temporal's. */
const FLAGS: [flag: string, about: string, variable: string][] = [
  ['--address <host:port>', 'Temporal server; default localhost:7233', 'TEMPORAL_ADDRESS'],
  ['-n, --namespace <name>', 'namespace of the workers; default: the namespace "default"', 'TEMPORAL_NAMESPACE'],
  ['--api-key <key>', 'safer as a variable: other users can see flags', 'TEMPORAL_API_KEY'],
  ['--tls-ca-path <file>', 'CA of the server', 'TEMPORAL_TLS_SERVER_CA_CERT_PATH'],
  ['--tls-cert-path <file>', 'client certificate', 'TEMPORAL_TLS_CLIENT_CERT_PATH'],
  ['--tls-key-path <file>', 'client key', 'TEMPORAL_TLS_CLIENT_KEY_PATH'],
  ['--tls-server-name <name>', 'name in the certificate of the server', 'TEMPORAL_TLS_SERVER_NAME'],
  ['--profile <name>', 'profile of temporal.toml', 'TEMPORAL_PROFILE'],
  ['--config-file <file>', 'path of temporal.toml; default: that of your user', 'TEMPORAL_CONFIG_FILE'],
];
const GROUP = 'Temporal:';

/** The value of each flag, by its name in camelCase. */
export type TemporalFlags = Record<string, unknown>;

/** Adds the flags to a command. */
export function addTemporalOptions(command: Command): Command {
  for (const [flag, about, variable] of FLAGS)
    command.addOption(new Option(flag, `${about} (${variable})`).helpGroup(GROUP));
  return command;
}

/** A setting, and where it came from. */
export interface Given {
  /** Its value. */
  value: string;
  /** `--address`, `TEMPORAL_ADDRESS`, … */
  from: string;
}

/** Where a setting came from, by its variable: what neither a flag nor a variable gives is of the profile, or, without a value, the default. */
export type FromOf = (variable: string, value: unknown) => string;

/** What is given by flags and, where not, by variables; by the variable's name. A variable that is set to nothing is not set. */
export function givenByFlagsAndVariables(flags: TemporalFlags): Map<string, Given> {
  const given = new Map<string, Given>();
  for (const [flag, , variable] of FLAGS) {
    const option = new Option(flag);
    const value = flags[option.attributeName()] as string | undefined;
    const inEnvironment = process.env[variable];
    if (value !== undefined) given.set(variable, { value, from: option.long ?? flag });
    else if (inEnvironment) given.set(variable, { value: inEnvironment, from: variable });
  }
  return given;
}
