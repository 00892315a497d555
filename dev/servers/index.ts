import { TestWorkflowEnvironment } from '@temporalio/testing';
import { setting } from '../../src/temporal-cli/cache';
import { reasonOf, type Log } from '../../src/temporal-cli/log';
import { devServerExecutable, timeSkippingExecutable } from './executables';
import { logToStderr } from './log';

export type { Log } from '../../src/temporal-cli/log';

/** How to start a dev server; `port` and `dbFilename` count only for a server started here. */
export interface DevServerOptions {
  /** A free port when absent. */
  port?: number;
  /** SQLite file to keep state in; memory when absent. */
  dbFilename?: string;
  /** Dynamic configuration by key, as `limit.maxIDLength`; a server with it is started here, whatever `TEMPORAL_ADDRESS` says. */
  dynamicConfig?: Record<string, number>;
  log?: Log;
}

/** A dev server that answers. */
export interface DevServer {
  env: TestWorkflowEnvironment;
  /** `host:port` of the gRPC frontend. */
  address: string;
  /** Closes the connections, and ends the server if it was started here. */
  close(): Promise<void>;
}

/** Connects to `TEMPORAL_ADDRESS` if that is set, else starts a dev server with the namespace `default`. */
export async function startDevServer(options: DevServerOptions = {}): Promise<DevServer> {
  const { dynamicConfig, log = logToStderr } = options;
  const given = dynamicConfig ? undefined : setting('TEMPORAL_ADDRESS');
  const env = given ? await connectTo(given, options, log) : await startLocal(options, log);
  log(`dev server: answers at ${env.address}`);
  return { env, address: env.address, close: () => env.teardown() };
}

/** Of starts of the time-skipping server: Temporal Core gives each 5 s, which is short for a JVM on a busy machine. */
const STARTS = 5;

/** Starts a time-skipping server. All its workflows share one clock: use it from one test at a time. */
export async function startTimeSkippingServer(log: Log = logToStderr): Promise<TestWorkflowEnvironment> {
  const executable = await timeSkippingExecutable(log);
  for (let start = 1; ; start++) {
    try {
      return await TestWorkflowEnvironment.createTimeSkipping({ server: { executable } });
    } catch (error) {
      const reason = reasonOf(error);
      if (start === STARTS || !reason.includes('did not start within'))
        throw new Error(`${executable.path} did not start: ${reason}. Run it by hand with a port to see why.`, {
          cause: error,
        });
      log(`time-skipping server: did not start in time, start ${start + 1} of ${STARTS}`);
    }
  }
}

async function connectTo(address: string, options: DevServerOptions, log: Log): Promise<TestWorkflowEnvironment> {
  const namespace = setting('TEMPORAL_NAMESPACE') ?? 'default';
  log(`dev server: TEMPORAL_ADDRESS is set, connecting to ${address}, namespace ${namespace}`);
  for (const name of ['port', 'dbFilename'] as const) {
    if (options[name] !== undefined)
      log(`dev server: ${name} is ignored, the server at ${address} is not started here`);
  }
  return TestWorkflowEnvironment.createFromExistingServer({ address, namespace }).catch((error: unknown) => {
    const mend = 'Start a server there, or unset TEMPORAL_ADDRESS to have one started.';
    throw new Error(`TEMPORAL_ADDRESS=${address} cannot be reached: ${reasonOf(error)}. ${mend}`);
  });
}

async function startLocal({ port, dbFilename, dynamicConfig = {} }: DevServerOptions, log: Log) {
  const executable = await devServerExecutable(log);
  const extraArgs = Object.entries(dynamicConfig).flatMap(([k, v]) => ['--dynamic-config-value', `${k}=${v}`]);
  const server = { executable, port, dbFilename, extraArgs, ui: false, namespace: 'default' };
  return TestWorkflowEnvironment.createLocal({
    server: { ...server, log: { format: 'pretty', level: 'error' } },
  }).catch((error: unknown) => {
    const where = port === undefined ? '' : ` on port ${port} (is the port free?)`;
    throw new Error(`${executable.path} did not start${where}: ${reasonOf(error)}`);
  });
}
