import { randomUUID } from 'node:crypto';
import { Connection } from '@temporalio/client';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { DefaultLogger, makeTelemetryFilterString, Runtime, Worker } from '@temporalio/worker';
import { afterAll, beforeAll, inject } from 'vitest';
import { startDevServer, type DevServer, type DevServerOptions } from '../../dev/servers';
import { startEmulator, type Emulator, type EmulatorOptions } from '../../src/emulator';
import { BETWEEN_STEPS } from '../../src/report';
import type { MigrationHubWorkerOptions } from '../../src/worker/options';
import { createMigrationHubWorkers } from '../../src/worker/workers';
import { LOADED_MACHINE } from '../../src/worker/loaded-machine';
import { bundleOf, MIGRATIONS } from '../bundles';

process.env['AWS_ACCESS_KEY_ID'] ??= 'test';
process.env['AWS_SECRET_ACCESS_KEY'] ??= 'test';
/** Core takes one logger per process; a test that loads a second copy of the package loads this file again. */
const { harnessLog } = globalThis as { harnessLog?: string[] };
/** What was logged from warnings on; only errors are shown. */
export const logged: string[] = harnessLog ?? [];
if (!harnessLog) {
  Object.assign(globalThis, { harnessLog: logged });
  const shown = new DefaultLogger('ERROR');
  const logger = new DefaultLogger('WARN', ({ level, message, meta }) => {
    // The guard's own failures: whoever asked asks again.
    if (String((meta?.['error'] as Error | undefined)?.message).includes(BETWEEN_STEPS)) return;
    logged.push(message);
    shown.log(level, message, meta);
  });
  // Of a query that the guard failed Core warns by itself.
  const logging = { filter: makeTelemetryFilterString({ core: 'ERROR', other: 'ERROR' }) };
  Runtime.install({ logger, telemetryOptions: { logging } });
}

export interface Harness {
  server: DevServer;
  /** Of the server: no other file works in it. */
  namespace: string;
  emulator: Emulator;
  /** Starts the package's workers; ends with `stop`. */
  startHub(options?: MigrationHubWorkerOptions): Promise<{ stop(): Promise<void> }>;
  startUserWorker(
    plugins?: never[],
    taskQueue?: string,
    workflowsPath?: string,
  ): Promise<{ stop(): Promise<void>; ended: Promise<void> }>;
  /** Stops the workers that run. */
  stopAll(): Promise<void>;
  /** The same, and the servers. */
  close(): Promise<void>;
}

/** In a namespace of its own on the server of all files; with `temporal` in `default` of a server of its own. */
export async function startHarness(options: EmulatorOptions = {}, temporal?: DevServerOptions): Promise<Harness> {
  // Of another file in this process.
  logged.length = 0;
  const server = temporal ? await startDevServer(temporal) : await namespaceOfItsOwn(inject('temporal'));
  const emulator = await startEmulator(options);
  const connection = server.env.nativeConnection;
  const namespace = server.env.namespace ?? 'default';
  const started: (() => Promise<void>)[] = [];
  const run = (worker: { run(): Promise<void>; shutdown(): void }) => {
    const running = worker.run();
    let stopped = false;
    running.catch(() => (stopped = true));
    const stop = async () => {
      if (stopped) return;
      stopped = true;
      worker.shutdown();
      await running;
    };
    started.push(stop);
    return { stop, ended: running };
  };
  const stopAll = async () => {
    for (const stop of started.splice(0)) await stop();
  };
  return {
    server,
    namespace,
    emulator,
    startHub: async (options = {}) =>
      run(
        await createMigrationHubWorkers(
          { connection, namespace },
          { region: 'us-west-2', endpoint: emulator.url, ...options },
        ),
      ),
    startUserWorker: async (plugins = [], taskQueue = 'migrations', workflowsPath = MIGRATIONS) =>
      run(
        await Worker.create({
          connection,
          namespace,
          taskQueue,
          workflowBundle: await bundleOf(workflowsPath),
          ...LOADED_MACHINE,
          plugins,
        }),
      ),
    stopAll,
    async close() {
      await stopAll();
      await emulator.close();
      await server.close();
    },
  };
}

async function namespaceOfItsOwn(address: string): Promise<DevServer> {
  const namespace = `test-${randomUUID()}`;
  const connection = await Connection.connect({ address });
  await registerNamespace(connection, namespace);
  await connection.close();
  const env = await TestWorkflowEnvironment.createFromExistingServer({ address, namespace });
  return { env, address, close: () => env.teardown() };
}

/** Resolves once workers can poll in it. */
export async function registerNamespace({ workflowService }: Connection, namespace: string): Promise<void> {
  await workflowService.registerNamespace({
    namespace,
    workflowExecutionRetentionPeriod: { seconds: 86_400 as never },
  });
  const look = () => workflowService.describeTaskQueue({ namespace, taskQueue: { name: 'any' }, taskQueueType: 1 });
  await eventually(`the namespace ${namespace}`, look);
}

/** The same workers for all tests of a `describe`: each start costs about a second of CPU. */
export function served(h: () => Harness, options: MigrationHubWorkerOptions = {}): void {
  beforeAll(async () => {
    await h().startHub(options);
    await h().startUserWorker();
  });
  afterAll(() => h().stopAll());
}

/** Looks often at first, then less: most looks ask the server and a worker. */
export async function until(what: string, done: () => boolean | Promise<boolean>, seconds = 300): Promise<void> {
  const end = Date.now() + seconds * 1000;
  for (let pause = 100; !(await done()); pause = Math.min(600, pause * 1.25)) {
    if (Date.now() > end) throw new Error(`waited ${seconds} s in vain for: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
}

/** Gives what `work` gives once it no longer fails. */
export async function eventually<T>(what: string, work: () => Promise<T>): Promise<T> {
  let result: { value: T } | undefined;
  await until(what, async () => {
    result = await work().then(
      (value) => ({ value }),
      () => undefined,
    );
    return result !== undefined;
  });
  return (result as unknown as { value: T }).value;
}
