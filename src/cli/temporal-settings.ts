import { existsSync } from 'node:fs';
import { loadClientConnectConfig } from '@temporalio/envconfig';
import type { ConnectionOptions } from '@temporalio/client';
import { CliError } from './cli-error';
import { givenByFlagsAndVariables, type Given, type TemporalFlags } from './temporal-options';

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
  /** What flags and variables give, by the variable. */
  given: ReadonlyMap<string, Given>;
  /** Where a setting came from, by its variable: what neither a flag nor a variable gives is of the profile, if it is there. */
  fromOf(variable: string, value: unknown): string;
}

/** One is of no use without the other. */
const PAIR = ['TEMPORAL_TLS_CLIENT_CERT_PATH', 'TEMPORAL_TLS_CLIENT_KEY_PATH'];
/** Settings that name a file. */
const FILES = ['TEMPORAL_CONFIG_FILE', 'TEMPORAL_TLS_SERVER_CA_CERT_PATH', ...PAIR];

/** The loader passes over a certificate without its key. @throws CliError */
function checkCertificate(given: Map<string, Given>, tls: ConnectionOptions['tls']): void {
  if (typeof tls === 'object' && tls?.clientCertPair) return;
  for (const { from } of PAIR.flatMap((name) => given.get(name) ?? []))
    throw new CliError(
      `${from} is set, but a client certificate needs its key: set both --tls-cert-path and --tls-key-path, or neither`,
    );
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
  for (const { value, from } of given.values())
    if (value === '') throw new CliError(`${from} is empty: give it a value, or leave it out`);
  // The loader takes a profile file that is not there for an empty one.
  for (const { value, from } of FILES.flatMap((name) => given.get(name) ?? []))
    if (!existsSync(value)) throw new CliError(`${from} is ${value}, but there is no such file`);
  try {
    const { connectionOptions, namespace } = loadClientConnectConfig({ profile: profile?.value, overrideEnvVars });
    checkCertificate(given, connectionOptions.tls);
    const inProfile = `profile ${profile?.value ?? 'default'} of temporal.toml`;
    const fromOf = (variable: string, value: unknown) =>
      given.get(variable)?.from ?? (process.env[variable] ? variable : value === undefined ? 'default' : inProfile);
    return {
      connectionOptions: connectionOptions as ConnectionOptions,
      address: connectionOptions.address ?? 'localhost:7233',
      addressFrom: fromOf('TEMPORAL_ADDRESS', connectionOptions.address),
      namespace: namespace ?? 'default',
      namespaceFrom: fromOf('TEMPORAL_NAMESPACE', namespace),
      given,
      fromOf,
    };
  } catch (error) {
    if (error instanceof CliError) throw error;
    const from = profile?.from ?? given.get('TEMPORAL_CONFIG_FILE')?.from ?? 'temporal.toml';
    // What the loader makes of an empty file.
    const isEmpty = error instanceof TypeError;
    throw new CliError(`${from}: ${isEmpty ? 'it has no profile: add [profile.default]' : (error as Error).message}`);
  }
}
