import { existsSync } from 'node:fs';
import { loadClientConnectConfig } from '@temporalio/envconfig';
import type { ConnectionOptions } from '@temporalio/client';
import { CliError } from './cli-error';
import { givenByFlagsAndVariables, type TemporalFlags } from './temporal-options';

/** How the Temporal server is reached. */
export interface TemporalSettings {
  /** For a connection. */
  connectionOptions: ConnectionOptions;
  /** Host and port. */
  address: string;
  /** Where the address came from: a flag, a variable, a profile, the default. */
  addressFrom: string;
  /** The namespace. */
  namespace: string;
  /** Where that came from. */
  namespaceFrom: string;
}

/** Flags first, then variables, then the profile of `temporal.toml`, then defaults. @throws CliError for a profile or file that is wrong */
export function temporalSettings(flags: TemporalFlags): TemporalSettings {
  const given = givenByFlagsAndVariables(flags);
  const variables = Object.entries(process.env).filter(
    // Nothing takes a gRPC header away but a variable that is set to nothing.
    ([name, value]) => value || name.startsWith('TEMPORAL_GRPC_META_'),
  );
  const overrideEnvVars = {
    ...Object.fromEntries(variables as [string, string][]),
    ...Object.fromEntries([...given].map(([variable, { value }]) => [variable, value])),
  };
  const profile = given.get('TEMPORAL_PROFILE');
  const file = given.get('TEMPORAL_CONFIG_FILE');
  // The loader takes a file that is not there for an empty one.
  if (file && !existsSync(file.value)) throw new CliError(`${file.from} is ${file.value}, but there is no such file`);
  try {
    const { connectionOptions, namespace } = loadClientConnectConfig({ profile: profile?.value, overrideEnvVars });
    const inProfile = `profile ${profile?.value ?? 'default'} of temporal.toml`;
    const fromOf = (variable: string, value: string | undefined) =>
      given.get(variable)?.from ?? (value === undefined ? 'default' : inProfile);
    return {
      connectionOptions: connectionOptions as ConnectionOptions,
      address: connectionOptions.address ?? 'localhost:7233',
      addressFrom: fromOf('TEMPORAL_ADDRESS', connectionOptions.address),
      namespace: namespace ?? 'default',
      namespaceFrom: fromOf('TEMPORAL_NAMESPACE', namespace),
    };
  } catch (error) {
    throw new CliError(`${profile?.from ?? file?.from ?? 'temporal.toml'}: ${(error as Error).message}`);
  }
}
