import { join } from 'node:path';
import { SimplePlugin, type SimplePluginOptions } from '@temporalio/plugin';
import { Client, Connection } from '@temporalio/client';
import { NativeConnection, Worker, type WorkerOptions, type WorkerPlugin } from '@temporalio/worker';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { createMigrationHubWorkers, MigrationHubClient, MigrationHubPlugin } from '../../src';
import { encrypted, textsIn } from './encrypting-codec';
import { startHarness, type Harness } from './harness';
import { statesTold } from './journal';
import { LOADED_MACHINE } from '../../src/worker/loaded-machine';
import { bundleOf, MIGRATIONS } from '../bundles';

let h: Harness;
beforeAll(async () => {
  h = await startHarness({}, {});
});
const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  await h.stopAll();
  for (const close of closers.splice(0).reverse()) await close();
});
afterAll(() => h?.close());

const pluginOf = () => new MigrationHubPlugin({ region: 'us-west-2', endpoint: h.emulator.url });
async function connect(...plugins: WorkerPlugin[]): Promise<NativeConnection> {
  const connection = await NativeConnection.connect({ address: h.server.address, plugins: plugins as never[] });
  closers.push(() => connection.close());
  return connection;
}
const workflowsPath = MIGRATIONS;
const workerOn = async (connection: NativeConnection, more: Partial<WorkerOptions> = {}) => {
  const workflowBundle = await bundleOf(workflowsPath);
  return Worker.create({ connection, taskQueue: 'migrations', workflowBundle, ...LOADED_MACHINE, ...more });
};
const migrate = (name: string, client: Client = h.server.env.client) =>
  client.workflow.execute('migrate', { taskQueue: 'migrations', workflowId: `refusals-${name}`, args: [name, 100] });

const ON_WORKER = 'the worker';
it.each(
  ['migration-hub', 'migration-hub-notify'].flatMap((queue) =>
    [ON_WORKER, 'the connection'].map((place) => [queue, place]),
  ),
)(
  'a worker of the user on the queue %s is refused before it is made, with the plugin on %s (R48)',
  async (taskQueue, place) => {
    const own = pluginOf();
    const connection = await connect(...(place === ON_WORKER ? [] : [own]));
    const making = workerOn(connection, { taskQueue, ...(place === ON_WORKER && { plugins: [own] as never[] }) });
    await expect(making).rejects.toThrow(
      `taskQueue is ${taskQueue}, which only the workers of temporal-migration-hub may serve: give your worker another, such as migrations`,
    );
  },
);

it('a worker that a later plugin puts on a queue of ours ends at once, and frees its connection (R48)', async () => {
  const mover: WorkerPlugin = { name: 'mover', configureWorker: (o) => ({ ...o, taskQueue: 'migration-hub' }) };
  const worker = await workerOn(await connect(), { plugins: [pluginOf(), mover] as never[] });
  await expect(worker.run()).rejects.toThrow('taskQueue is migration-hub, which only the workers of');
});

const reportTaskState = () => Promise.reject(new Error('not ours'));
const theirs: Omit<SimplePluginOptions, 'name'>[] = [
  { workflowsPath },
  { activities: { reportTaskState, notifyTaskStates: reportTaskState, more: reportTaskState } },
  { workerInterceptors: { workflowModules: [join(__dirname, '../fixtures/reports.ts')] } },
];
const nameOf = (options: object) => Object.keys(options).join();
it.each(theirs.map((options) => [nameOf(options), options] as const))(
  'a plugin of the connection that brings %s leaves ours as they are (R54)',
  async (name, options) => {
    const others = { name, ...options, ...(name === 'workerInterceptors' && { workflowsPath: undefined }) };
    const connection = await connect(new SimplePlugin(others), pluginOf());
    // Their workflows and interceptors, where they bring some: a bundle would be taken before those.
    const unbundled = name === 'activities' ? {} : { workflowBundle: undefined, workflowsPath };
    const worker = await workerOn(connection, unbundled);
    expect(await worker.runUntil(migrate(name))).toBe('COMPLETED');
  },
);

it('so do a bundle, a tuner, another queue and a bundler of such a plugin, also without our plugin (R54)', async () => {
  const workflowBundle = await bundleOf(workflowsPath);
  const slots = { type: 'fixed-size', numSlots: 2 } as const;
  const tuner = {
    workflowTaskSlotSupplier: slots,
    activityTaskSlotSupplier: slots,
    localActivityTaskSlotSupplier: slots,
    nexusTaskSlotSupplier: slots,
  };
  const change: WorkerPlugin & { configureBundler: unknown } = {
    name: 'change',
    configureWorker: (o) => ({
      ...o,
      workflowBundle,
      tuner,
      maxConcurrentWorkflowTaskExecutions: undefined,
      taskQueue: 'elsewhere',
    }),
    configureBundler: (o: object) => ({ ...o, workflowsPath }),
  };
  const connection = await connect(change);
  const workers = await createMigrationHubWorkers({ connection }, { region: 'us-west-2', endpoint: h.emulator.url });
  const running = workers.run();
  await h.startUserWorker();
  expect(await migrate('changed')).toBe('COMPLETED');
  workers.shutdown();
  await running;
});

it('a codec that a plugin of the connection adds is used by ours, too', async () => {
  const dataConverter = { payloadCodecs: [encrypted] };
  const connection = await Connection.connect({ address: h.server.address });
  closers.push(() => connection.close());
  const brings = new SimplePlugin({ name: 'codec', dataConverter });
  const worker = await workerOn(await connect(brings, pluginOf()));
  const client = new Client({ connection, dataConverter });
  expect(await worker.runUntil(migrate('codec', client))).toBe('COMPLETED');
});

it('a payload converter that a plugin of the connection adds is part of our workflows, too, without our plugin', async () => {
  const dataConverter = { payloadConverterPath: join(__dirname, '../fixtures/marking-converter.cjs') };
  const brings = new SimplePlugin({ name: 'converter', dataConverter });
  const connection = await connect(brings);
  const workers = await createMigrationHubWorkers({ connection }, { region: 'us-west-2', endpoint: h.emulator.url });
  const running = workers.run();
  await h.startUserWorker([brings] as never[], 'migrations');
  const client = new Client({ connection: h.server.env.connection, dataConverter });
  expect(await migrate('converter', client)).toBe('COMPLETED');
  const { events = [] } = await client.workflow.getHandle('mgh:DatacenterExit:converter').fetchHistory();
  const scheduled = events?.find((event) => event.activityTaskScheduledEventAttributes);
  const [payload] = scheduled?.activityTaskScheduledEventAttributes?.input?.payloads ?? [];
  expect(Buffer.from(payload?.metadata?.['marked'] ?? []).toString()).toBe('yes');
  workers.shutdown();
  await running;
});

const hashing = { dataConverter: { payloadConverterPath: join(__dirname, '../fixtures/hashing-converter.cjs') } };
const needed = { bundlerOptions: { ignoreModules: ['crypto'] } };
/** The user's worker, which bundles its workflows with its data converter. */
const bundling = async (more: Partial<WorkerOptions>) =>
  workerOn(await connect(pluginOf()), { workflowBundle: undefined, workflowsPath, ...more });

it('a payload converter that needs ignoreModules is part of ours, too, as the worker has them (R51)', async () => {
  const worker = await bundling({ ...hashing, ...needed });
  const client = new Client({ connection: h.server.env.connection, ...hashing });
  expect(await worker.runUntil(migrate('hashed', client))).toBe('COMPLETED');
});

it('or as our options have them; where nobody has, the error names the module and the setting (R51)', async () => {
  const connection = await connect();
  const ours = { region: 'us-west-2', endpoint: h.emulator.url };
  const refused = createMigrationHubWorkers({ connection, ...hashing }, ours);
  await expect(refused).rejects.toThrow(/'crypto'[^]*bundlerOptions\.ignoreModules/);
  const workers = await createMigrationHubWorkers({ connection, ...hashing }, { ...ours, ...needed });
  const running = workers.run();
  const hub = new MigrationHubClient({ client: new Client({ connection: h.server.env.connection, ...hashing }) });
  const task = { progressUpdateStream: 'Hashed', migrationTaskName: 'vm-1', status: 'IN_PROGRESS' } as const;
  await hub.waitForDelivery(await hub.report(task));
  workers.shutdown();
  await running;
});

it('with a codec, and failures encoded by it, a failed migration arrives, and no history shows why it failed (R63)', async () => {
  const failureConverterPath = join(__dirname, '../fixtures/encoding-failures.cjs');
  const dataConverter = { payloadCodecs: [encrypted], failureConverterPath };
  const worker = await bundling({ dataConverter });
  const connection = await Connection.connect({ address: h.server.address });
  closers.push(() => connection.close());
  const { workflow } = new Client({ connection, dataConverter });
  const runs = { taskQueue: 'migrations', workflowId: 'encoded', args: ['encoded'], retry: { maximumAttempts: 2 } };
  expect(await worker.runUntil(workflow.execute('failOnce', runs))).toBe('COMPLETED');
  expect(statesTold(h.emulator, 'encoded')).toContain('FAILED 80');
  const first = await workflow.getHandle('encoded').describe();
  for (const [id, runId] of [
    ['encoded', first.raw.workflowExecutionInfo?.firstRunId],
    ['encoded'],
    ['mgh:Again:encoded'],
  ]) {
    const text = textsIn(await workflow.getHandle(id as string, runId as string).fetchHistory()).join(' ');
    expect(text).toContain('binary/encrypted');
    expect(text).not.toContain('no space left');
  }
});

it('a plugin that changes ours even so is refused in one line, with the mend (R54)', async () => {
  const last: WorkerPlugin = { name: 'last', configureWorker: (o) => ({ ...o, workflowsPath }) };
  const late: WorkerPlugin = {
    name: 'late',
    configureWorker: (o) => {
      o.plugins?.push(last);
      return o;
    },
  };
  const connection = await NativeConnection.connect({ address: h.server.address, plugins: [late] as never[] });
  await expect(
    createMigrationHubWorkers({ connection }, { region: 'us-west-2', endpoint: h.emulator.url }),
  ).rejects.toThrow(/^plugins of the connection \(late\) replace what the worker of migration-hub runs: list .*$/);
});
