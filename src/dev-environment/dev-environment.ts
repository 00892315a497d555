import { MigrationHubClient } from '@aws-sdk/client-migration-hub';
import { Client } from '@temporalio/client';
import { NativeConnection } from '@temporalio/worker';
import { startEmulator } from '../emulator';
import { ConfigurationError } from '../report/configuration-error';
import { cliRoutes } from '../temporal-cli/routes';
import type { Log } from '../temporal-cli/log';
import { firstExecutable } from '../temporal-cli/route';
import { createMigrationHubWorkers } from '../worker/workers';
import { serveBoard } from './board';
import { keptIn, type KeptFiles } from './kept-files';
import { installDevLog } from './log';
import { Parts } from './parts';
import { claimPorts, portError, type Ports } from './ports';
import { createSampleWorker, startSample } from './sample/run-sample';
import { SAMPLE_SERVERS, SAMPLE_STREAM } from './sample/servers';
import type { DevAddresses, DevEnvironment, DevSettings } from './settings';
import { TemporalServer } from './temporal-server';

/** What the emulator takes for credentials, and its home region. */
const AWS = { region: 'us-west-2', credentials: { accessKeyId: 'test', secretAccessKey: 'test' } };

/**
 * Starts the emulator, Temporal, our worker, the sample and the board; resolves when all of it answers. Installs the SDK's runtime for
 * the whole process.
 * @throws ConfigurationError, and SettingError of the emulator, for a wrong setting, any error when the signal is aborted; what was started
 * is stopped then
 */
export async function startDevEnvironment(
  settings: DevSettings,
  log: Log,
  signal: AbortSignal,
): Promise<DevEnvironment> {
  const parts = new Parts(log);
  try {
    const addresses = await startParts(settings, parts, log, signal);
    return { addresses, failed: parts.failed, stop: () => parts.stop() };
  } catch (error) {
    await parts.stop();
    throw error;
  }
}

async function startParts(settings: DevSettings, parts: Parts, log: Log, signal: AbortSignal): Promise<DevAddresses> {
  const { namespace, sample } = settings;
  const ports = await claimPorts(settings.ports);
  const files = await keptIn(settings.keep);
  installDevLog(log);
  const emulator = await startEmulator({ port: ports.emulator, stateFile: files.emulator }).catch((error: Error) => {
    if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE')
      throw portError('--emulator-port', ports.emulator, error);
    // With these settings only the state file can be wrong.
    throw error.name === 'SettingError' ? new ConfigurationError(`--keep ${settings.keep}: ${error.message}`) : error;
  });
  parts.add('the emulator', () => emulator.close());
  const temporal = await startTemporal(settings, ports, files, parts, log, signal);
  const { connection } = temporal;
  signal.throwIfAborted();
  log('starting the worker');
  await runWorkers(connection, namespace, emulator.url, parts);
  signal.throwIfAborted();
  const client = new Client({ connection, namespace });
  if (sample) await runSample(connection, client, parts, log);
  signal.throwIfAborted();
  const board = await serveBoard(client, ports.board, settings.boardHosts, log);
  if (board) parts.add('the board', () => board.close());
  return {
    temporal: { address: temporal.address, namespace, ui: temporal.uiUrl },
    migrationHub: emulator.url,
    board: board?.url,
    sample: sample ? { progressUpdateStream: SAMPLE_STREAM, servers: SAMPLE_SERVERS.length } : undefined,
    variables: {
      TEMPORAL_ADDRESS: temporal.address,
      TEMPORAL_NAMESPACE: namespace,
      AWS_ENDPOINT_URL_MIGRATION_HUB: emulator.url,
      AWS_REGION: AWS.region,
      AWS_ACCESS_KEY_ID: AWS.credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: AWS.credentials.secretAccessKey,
    },
  };
}

async function startTemporal(
  { given, namespace, plugins }: DevSettings,
  ports: Ports,
  { temporal: dbFilename }: KeptFiles,
  parts: Parts,
  log: Log,
  signal: AbortSignal,
): Promise<{ connection: NativeConnection; address: string; uiUrl?: string }> {
  if (given) {
    const connection = await NativeConnection.connect({ ...given, plugins }).catch((error: Error) => {
      throw new ConfigurationError(`no connection to Temporal at ${given.address}: ${error.message}`);
    });
    parts.add('the connection', () => connection.close());
    return { connection, address: given.address };
  }
  const executable = await firstExecutable('dev server', cliRoutes(), log, signal);
  const { temporal: port = 0, ui: uiPort = 0 } = ports;
  const server = new TemporalServer({ executable, port, uiPort, namespace, dbFilename });
  parts.add('the Temporal server', () => server.stop(), server.ended);
  log('starting Temporal');
  const connection = await server.connect(signal, plugins);
  parts.add('the connection', () => connection.close());
  return { connection, address: server.address, uiUrl: server.uiUrl };
}

async function runWorkers(connection: NativeConnection, namespace: string, endpoint: string, parts: Parts) {
  const client = new MigrationHubClient({ ...AWS, endpoint, maxAttempts: 1 });
  const workers = await createMigrationHubWorkers({ connection, namespace }, { client, shutdownGraceTime: '2s' });
  const running = workers.run();
  const stop = async () => {
    workers.shutdown();
    await running;
    client.destroy();
  };
  parts.add('the worker', stop, running);
}

async function runSample(connection: NativeConnection, client: Client, parts: Parts, log: Log): Promise<void> {
  log('starting the sample');
  const worker = await createSampleWorker(connection, client.options.namespace);
  const running = worker.run();
  const stop = async () => {
    if (worker.getState() === 'RUNNING') worker.shutdown();
    await running;
  };
  parts.add('the worker of the sample', stop, running);
  await startSample(client);
}
