#!/usr/bin/env node
import { parseArgs } from 'node:util';
import { setFlagsFromString } from 'node:v8';
import { loadClientConnectConfig } from '@temporalio/envconfig';
import { NativeConnection } from '@temporalio/worker';
import { DEADLINE_ATTRIBUTE } from '../report';
import { loadPlugins, type TemporalPlugin } from './load-plugins';
import { installLog, LOG_LEVELS } from './process-log';
import { createMigrationHubWorkers, type MigrationHubWorkerOptions } from './workers';

// The live heap is small, and V8 would let it grow to several times its size.
setFlagsFromString('--heap-growing-percent=70');

/** Variables for what Temporal and AWS have none for. */
const PLUGINS = 'TEMPORAL_MIGRATION_HUB_PLUGINS';
const NEXUS = 'TEMPORAL_MIGRATION_HUB_NEXUS';
const ATTRIBUTE = 'TEMPORAL_MIGRATION_HUB_DEADLINE_SEARCH_ATTRIBUTE';

const USAGE = `temporal-migration-hub worker [--groups N] [--region REGION] [--endpoint URL] [--profile NAME] [--plugins MODULE] [--nexus] [--deadline-search-attribute]
  Temporal: TEMPORAL_ADDRESS, TEMPORAL_NAMESPACE, TEMPORAL_API_KEY, TEMPORAL_TLS_*, or a profile of temporal.toml
  AWS: AWS_REGION (the home region), else the region of the AWS profile; the default credential chain; AWS_ENDPOINT_URL_MIGRATION_HUB
  Plugins: --plugins or ${PLUGINS}: a file or package that exports Temporal plugins (codecs, interceptors, secrets) for the connection and the workers
  Nexus: --nexus or ${NEXUS}=true serves the Nexus service migration-hub on the task queue migration-hub
  Lists: --deadline-search-attribute or ${ATTRIBUTE}=true keeps each heartbeat workflow's earliest deadline in the search attribute ${DEADLINE_ATTRIBUTE}
  Log: LOG_LEVEL, one of ${LOG_LEVELS.join(', ')} (default: info); JSON lines on stderr`;

/** One line, no stack trace: the setting is at fault, not the program. */
function refuse(message: string): never {
  process.stderr.write(`${message.split('\n')[0]}\n`);
  process.exit(2);
}

function readArguments() {
  try {
    const text = { type: 'string' } as const;
    const flag = { type: 'boolean' } as const;
    return parseArgs({
      options: {
        groups: text,
        region: text,
        endpoint: text,
        profile: text,
        plugins: text,
        nexus: flag,
        'deadline-search-attribute': flag,
        help: flag,
      },
    }).values;
  } catch (error) {
    return refuse(`${(error as Error).message} Try --help.`);
  }
}

/** The environment; a variable that is set to nothing is not set, but for gRPC headers: nothing takes one away. */
function setVariables(): Record<string, string> {
  const all = Object.entries(process.env) as [string, string][];
  return Object.fromEntries(all.filter(([name, value]) => value || name.startsWith('TEMPORAL_GRPC_META_')));
}

function numberOf(flag: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  return /^\d+$/.test(text) ? Number(text) : refuse(`${flag} is "${text}", but it must be an integer from 0 on`);
}

/** A variable that switches something on. */
function isSet(variable: string): boolean {
  const value = process.env[variable] || 'false';
  return ['true', 'false'].includes(value)
    ? value === 'true'
    : refuse(`${variable} is "${value}", but it must be true or false`);
}

function readProfile(profile: string | undefined) {
  try {
    return loadClientConnectConfig({ profile, overrideEnvVars: setVariables() });
  } catch (error) {
    return refuse(
      `${profile === undefined ? 'TEMPORAL_PROFILE' : '--profile'} or temporal.toml: ${(error as Error).message}`,
    );
  }
}

async function plugins(flag: string | undefined): Promise<TemporalPlugin[]> {
  const module = flag ?? process.env[PLUGINS];
  if (!module) return flag === undefined ? [] : refuse('--plugins is empty, but it must name a file or a package');
  return loadPlugins(flag === undefined ? PLUGINS : '--plugins', module).catch((error: Error) => refuse(error.message));
}

function logLevel(): string {
  const level = process.env['LOG_LEVEL'] || 'info';
  return LOG_LEVELS.includes(level)
    ? level
    : refuse(`LOG_LEVEL is ${level}, but it must be one of ${LOG_LEVELS.join(', ')}`);
}

async function main(): Promise<void> {
  const flags = readArguments();
  if (flags.help) return void process.stdout.write(`${USAGE}\n`);
  const groups = numberOf('--groups', flags.groups);
  const deadlineSearchAttribute = flags['deadline-search-attribute'] ?? isSet(ATTRIBUTE);
  const options: MigrationHubWorkerOptions = {
    region: flags.region,
    endpoint: flags.endpoint,
    groups,
    nexus: flags.nexus ?? isSet(NEXUS),
    heartbeat: { deadlineSearchAttribute },
  };
  const { connectionOptions, namespace = 'default' } = readProfile(flags.profile);
  const address = connectionOptions.address ?? 'localhost:7233';
  const { runtime, logger } = installLog(logLevel());
  // Whoever ends it while it starts must not have to kill it.
  let stop = (): void => process.exit(0);
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => stop());
  const loaded = await plugins(flags.plugins);
  if (loaded.length > 0) logger.info(`Temporal plugins: ${loaded.map(({ name }) => name).join(', ')}`);
  const connection = await NativeConnection.connect({ ...connectionOptions, plugins: loaded }).catch((error: Error) =>
    refuse(
      `cannot connect to Temporal at ${address} (TEMPORAL_ADDRESS, a profile of temporal.toml, or the default): ${error.message}`,
    ),
  );
  const workers = await createMigrationHubWorkers({ connection, namespace }, options).catch((error: Error) =>
    refuse(error.message),
  );
  stop = () => workers.shutdown();
  const running = workers.run();
  process.stdout.write(
    `serving ${workers.taskQueues.join(' and ')} of namespace ${namespace} at ${address}; Migration Hub: ${workers.endpoint}\n`,
  );
  try {
    await running;
  } catch (error) {
    logger.fatal({ error }, 'a worker has failed');
    process.exitCode = 1;
  }
  await connection.close();
  runtime.flushLogs();
  // Whatever credentials still wait for must not keep the process.
  process.exit();
}

main().catch((error: Error) => {
  process.stderr.write(`${error.stack ?? error.message}\n`);
  process.exit(1);
});
