import {
  loadClientConfigProfile,
  toClientOptions,
  type ClientConfigProfile,
  type LoadClientProfileOptions,
} from '@temporalio/envconfig';
import type { ConnectionOptions } from '@temporalio/client';
import { lineBreakIn } from '../report/line-break';
import { CliError } from './cli-error';
import { hasPlugins } from './plugins';
import { readTemporalFile, wholeProfileOf, type TemporalFile } from './temporal-file';
import { checkHeaderValue, HEADER_VARIABLE, headersOf } from './temporal-headers';
import { refuseCodec, refuseUnverified } from './temporal-left-out';
import { givenByFlagsAndVariables, type Given, type TemporalFlags } from './temporal-options';
import { readTls } from './temporal-tls';

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

/** What the loader takes where nobody has a file: one without a profile. */
const NO_FILE = '[profile]';

/** Flags first, then variables, then the profile of `temporal.toml`, then defaults. @throws CliError naming the setting that is wrong */
export async function temporalSettings(flags: TemporalFlags): Promise<TemporalSettings> {
  const given = givenByFlagsAndVariables(flags);
  checkGiven(given);
  const name = given.get('TEMPORAL_PROFILE')?.value ?? 'default';
  const inProfile = `profile ${name} of temporal.toml`;
  const fromOf = (variable: string, value: unknown) =>
    given.get(variable)?.from ?? (process.env[variable] ? variable : value === undefined ? 'default' : inProfile);
  const file = readTemporalFile(given.get('TEMPORAL_CONFIG_FILE'));
  const leftOut = { profile: file && (await wholeProfileOf(file, name)), inProfile };
  const loaded = profileOf(given, file);
  const { connectionOptions, namespace } = toClientOptions({
    ...loaded,
    grpcMeta: headersOf(loaded.grpcMeta, inProfile),
    tls: loaded.tls && readTls(loaded.tls, fromOf),
  });
  const { address, apiKey, tls } = connectionOptions;
  // Both are sent in a header.
  for (const [key, value] of Object.entries({ api_key: apiKey, namespace })) {
    const from = fromOf(`TEMPORAL_${key.toUpperCase()}`, value);
    if (typeof value === 'string') checkHeaderValue({ value, from: from === inProfile ? `${from}: ${key}` : from });
  }
  if (!hasPlugins(flags)) refuseCodec(leftOut);
  if (tls) refuseUnverified(leftOut);
  return {
    connectionOptions: connectionOptions as ConnectionOptions,
    address: address ?? 'localhost:7233',
    addressFrom: fromOf('TEMPORAL_ADDRESS', address),
    namespace: namespace ?? 'default',
    namespaceFrom: fromOf('TEMPORAL_NAMESPACE', namespace),
    given,
    fromOf,
  };
}

/** A file of variables with line ends of Windows leaves one in each value. The loader takes what is not true for false. */
function checkGiven(given: ReadonlyMap<string, Given>): void {
  for (const { value, from } of given.values()) {
    if (value === '') throw new CliError(`${from} is empty: give it a value, or leave it out`);
    const saying = lineBreakIn(from, value);
    if (saying) throw new CliError(saying);
  }
  const { TEMPORAL_TLS: tls } = process.env;
  if (tls && !['true', 'false', '1', '0'].includes(tls))
    throw new CliError(`TEMPORAL_TLS is ${JSON.stringify(tls)}, but it must be true or false`);
}

/** What flags, variables and the profile say; of headers what the profile says. Each is read by itself: a path of a flag replaces data of a profile, too. */
function profileOf(given: ReadonlyMap<string, Given>, file: TemporalFile | undefined): ClientConfigProfile {
  const profile = given.get('TEMPORAL_PROFILE');
  const inFile = load(profile?.from ?? file?.from ?? 'temporal.toml', (field) => field, {
    profile: profile?.value,
    configSource: { data: file?.text ?? NO_FILE },
    disableEnv: true,
    overrideEnvVars: {},
  });
  const over = load('flags and variables', (field) => `TEMPORAL_TLS_${field.toUpperCase()}`, {
    disableFile: true,
    overrideEnvVars: variablesWith(given),
  });
  return { ...inFile, ...over, tls: inFile.tls || over.tls ? { ...inFile.tls, ...over.tls } : undefined };
}

/** The variables, with what flags say in their place. */
function variablesWith(given: ReadonlyMap<string, Given>): Record<string, string> {
  const variables = Object.entries(process.env).filter(([name, value]) => value && !name.startsWith(HEADER_VARIABLE));
  const all = Object.fromEntries(variables as [string, string][]);
  for (const [variable, { value, from }] of given) {
    if (from.startsWith('--')) delete all[variable.replace(/_PATH$/, '_DATA')];
    all[variable] = value;
  }
  return all;
}

/** `from`, `named`: for errors. */
function load(from: string, named: (field: string) => string, options: LoadClientProfileOptions): ClientConfigProfile {
  try {
    return loadClientConfigProfile(options);
  } catch (error) {
    const { message } = error as Error;
    const [, path, data] = /^Cannot specify both (\w+) and (\w+)$/.exec(message) ?? [];
    const both = path && data && `${named(path)} and ${named(data)} are both set: leave one out`;
    throw new CliError(`${from}: ${both ?? message}`);
  }
}
