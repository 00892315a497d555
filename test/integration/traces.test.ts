import { context, propagation, trace } from '@opentelemetry/api';
import { Resource } from '@opentelemetry/resources';
import { InMemorySpanExporter, NodeTracerProvider, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-node';
import { Client } from '@temporalio/client';
import { OpenTelemetryPlugin } from '@temporalio/interceptors-opentelemetry';
import { NativeConnection, Worker } from '@temporalio/worker';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { MigrationHubClient } from '../../src';
import { createAwsMigrationHub } from '../../src/migration-hub/aws-migration-hub';
import { createMigrationHubWorkers } from '../../src/worker/workers';
import { LOADED_MACHINE } from '../../src/worker/loaded-machine';
import { MIGRATIONS } from '../bundles';
import { startHarness, until, type Harness } from './harness';

let h: Harness;
let connection: NativeConnection;
const exporter = new InMemorySpanExporter();
const spanProcessor = new SimpleSpanProcessor(exporter);
const provider = new NodeTracerProvider({ spanProcessors: [spanProcessor] });
const plugin = new OpenTelemetryPlugin({ resource: Resource.empty(), spanProcessor });
/** The traces in which calls of Migration Hub were made, in order, by task and status. */
const tracesOfCalls: Record<string, (string | undefined)[]> = {};
const started: { worker: { shutdown(): void }; running: Promise<void> }[] = [];

function start(worker: { run(): Promise<void>; shutdown(): void }): void {
  started.push({ worker, running: worker.run() });
}

beforeAll(async () => {
  h = await startHarness();
  provider.register();
  connection = await NativeConnection.connect({ address: h.server.address, plugins: [plugin] });
  const { namespace } = h;
  const aws = createAwsMigrationHub({ region: 'us-west-2', endpoint: h.emulator.url });
  const hub: typeof aws = {
    ...aws,
    notifyMigrationTaskState(n, options) {
      (tracesOfCalls[`${n.migrationTaskName} ${n.status}`] ??= []).push(trace.getActiveSpan()?.spanContext().traceId);
      return aws.notifyMigrationTaskState(n, options);
    },
  };
  start(await createMigrationHubWorkers({ connection, namespace }, { hub, heartbeat: { heartbeatFraction: 0.1 } }));
});
afterEach(() => exporter.reset());
afterAll(async () => {
  for (const { worker, running } of started) {
    worker.shutdown();
    await running;
  }
  await provider.shutdown();
  // Other files of this process are not traced.
  for (const each of [trace, context, propagation]) each.disable();
  await connection?.close();
  await h?.close();
});

const namesOf = (traceId: string) =>
  exporter
    .getFinishedSpans()
    .filter((span) => span.spanContext().traceId === traceId)
    .map(({ name }) => name);

it('a report of a client and the call of Migration Hub that sends it are one trace; its heartbeats are in none', async () => {
  const { connection: own, namespace } = h.server.env.client.options;
  const client = new MigrationHubClient({
    client: new Client({ connection: own, namespace, plugins: [plugin] }),
    heartbeat: { heartbeatFraction: 0.1 },
  });
  const task = { progressUpdateStream: 'Traced', migrationTaskName: 'vm-1', nextUpdateSeconds: 45 };
  const traceOf = (status: 'IN_PROGRESS' | 'COMPLETED') =>
    trace.getTracer('test').startActiveSpan('report', async (span) => {
      const report = await client.report({ ...task, status });
      span.end();
      await client.waitForDelivery(report);
      return span.spanContext().traceId;
    });
  // The first comes with the start of the heartbeat workflow, the other as its signal.
  const first = await traceOf('IN_PROGRESS');
  await until('the activity to end', () => namesOf(first).includes('RunActivity:notifyTaskStates'));
  expect(namesOf(first)).toEqual(expect.arrayContaining(['report', 'StartWorkflow:migrationHeartbeat']));
  await until('a heartbeat', () => h.emulator.tasks().some(({ notifications }) => notifications > 1));
  const [call, ...heartbeats] = tracesOfCalls['vm-1 IN_PROGRESS'] ?? [];
  expect(call).toBe(first);
  expect(heartbeats).not.toContain(first);
  const last = await traceOf('COMPLETED');
  expect(tracesOfCalls['vm-1 COMPLETED']).toEqual([last]);
});

it('a migration workflow, its report and the call of Migration Hub are one trace', async () => {
  const { namespace } = h;
  start(
    await Worker.create({
      ...LOADED_MACHINE,
      connection,
      namespace,
      taskQueue: 'migrations',
      workflowsPath: MIGRATIONS,
    }),
  );
  const { connection: own } = h.server.env.client.options;
  const client = new Client({ connection: own, namespace, plugins: [plugin] });
  const args = ['vm-2', 100];
  const traceId = await trace.getTracer('test').startActiveSpan('wave', async (span) => {
    await client.workflow.execute('migrate', { taskQueue: 'migrations', workflowId: 'traced', args });
    span.end();
    return span.spanContext().traceId;
  });
  expect(tracesOfCalls['vm-2 COMPLETED']).toEqual([traceId]);
  const way = ['wave', 'StartWorkflow:migrate', 'RunActivity:reportTaskState', 'RunActivity:notifyTaskStates'];
  await until('its spans', () => way.every((name) => namesOf(traceId).includes(name)));
});
