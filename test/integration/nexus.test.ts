import { join } from 'node:path';
import { Client } from '@temporalio/client';
import { bundleWorkflowCode, Worker } from '@temporalio/worker';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { MigrationHubClient } from '../../src';
import { LOADED_MACHINE } from '../../src/worker/loaded-machine';
import { aliveIn, hasty } from './alive';
import { eventually, registerNamespace, startHarness, until, type Harness } from './harness';

const ROOT = join(__dirname, '../..');
const NAMESPACE = 'elsewhere';
let h: Harness;
let client: MigrationHubClient;
let elsewhere: Client;
let stopCaller: () => Promise<void>;

beforeAll(async () => {
  h = await startHarness();
  const { client: home, nativeConnection: connection } = h.server.env;
  client = new MigrationHubClient({ client: home });
  await registerNamespace(h.server.env.connection, NAMESPACE);
  elsewhere = new Client({ connection: home.connection, namespace: NAMESPACE });
  // As `temporal operator nexus endpoint create` makes it.
  await h.server.env.createNexusEndpoint('migration-hub', 'migration-hub');
  await h.startHub({ ...hasty, nexus: true });
  const alias = { 'temporal-migration-hub/nexus': join(ROOT, 'src/nexus.ts') };
  const workflowBundle = await bundleWorkflowCode({
    workflowsPath: join(ROOT, 'test/fixtures/elsewhere.ts'),
    webpackConfigHook: (config) => ({
      ...config,
      resolve: { ...config.resolve, alias: { ...config.resolve?.alias, ...alias } },
    }),
  });
  const on = { connection, namespace: NAMESPACE, taskQueue: 'migrations' };
  const worker = await Worker.create({ ...on, workflowBundle, ...LOADED_MACHINE });
  const running = worker.run();
  stopCaller = async () => {
    worker.shutdown();
    await running;
  };
  await eventually('an endpoint that the server knows', () => execute('askFromElsewhere', 'Nobody', 'nothing'));
});
afterAll(async () => {
  await stopCaller();
  await h.stopAll();
  await h.close();
});

let number = 0;
const start = (type: string, ...args: unknown[]) =>
  elsewhere.workflow.start(type, { taskQueue: 'migrations', workflowId: `${type}-${++number}`, args });
const execute = async (type: string, ...args: unknown[]) => (await start(type, ...args)).result() as Promise<unknown>;
const reportOf = (migrationTaskName: string, more = {}) => ({
  progressUpdateStream: 'Elsewhere',
  migrationTaskName,
  status: 'IN_PROGRESS',
  nextUpdateSeconds: 45,
  ...more,
});
const { viewOf, expectAlive, untilGivenUp } = aliveIn('Elsewhere', () => client);

it('a workflow of another namespace reports to its end through Nexus, and is the owner of the task', async () => {
  const migration = await start('migrateFromElsewhere', { name: 'vm-1' });
  await migration.result();
  await until('the end', async () =>
    h.emulator.tasks().some((t) => t.migrationTaskName === 'vm-1' && t.status === 'COMPLETED'),
  );
  expect(await client.lastReportedState('DatacenterExit', 'vm-1')).toMatchObject({
    lastDelivered: { status: 'COMPLETED', progressPercent: 100 },
    owner: { workflowId: migration.workflowId, runId: migration.firstExecutionRunId },
    counters: { reports: 2, refused: 0 },
  });
  // Without a worker of ours it must not wait for ever.
  const { events } = await migration.fetchHistory();
  const limits = events?.flatMap(({ nexusOperationScheduledEventAttributes: scheduled }) =>
    scheduled ? Number(scheduled.scheduleToCloseTimeout?.seconds ?? 0) : [],
  );
  expect(limits).toEqual([60, 3600]);
});

it('heartbeats go on while it is open; once it was terminated the task is FAILED', async () => {
  const migration = await start('reportAndStay', reportOf('open', { progressPercent: 20 }));
  await until('the report', async () => (await viewOf('open'))?.lastDelivered !== undefined);
  expect((await viewOf('open'))?.owners).toMatchObject([{ workflowId: migration.workflowId, namespace: NAMESPACE }]);
  await expectAlive('open');
  await migration.signal('report', reportOf('open', { progressPercent: 40 }));
  await until('the next report', async () => (await viewOf('open'))?.lastDelivered?.progressPercent === 40);
  await migration.terminate();
  await until('FAILED', async () => (await viewOf('open'))?.lastDelivered?.status === 'FAILED');
  expect((await viewOf('open'))?.lastDelivered?.statusDetail).toBe(
    `The workflow ${migration.workflowId} was terminated`,
  );
});

it('heartbeats end when it completes without reporting an end', async () => {
  await execute('reportFromElsewhere', reportOf('unfinished'));
  await untilGivenUp('unfinished');
});

it('the same migration started again begins a new attempt after its end', async () => {
  for (const status of ['FAILED', 'COMPLETED']) {
    await execute('reportFromElsewhere', reportOf('again', { status }));
    await until(status, async () => (await viewOf('again'))?.lastDelivered?.status === status);
  }
  expect((await viewOf('again'))?.counters.refused).toBe(0);
});

it('the operation lastReportedState answers as the client does, null for a task that nobody reported', async () => {
  await execute('reportFromElsewhere', reportOf('asked', { progressPercent: 30 }));
  await until('the report', async () => (await viewOf('asked'))?.lastDelivered !== undefined);
  expect(await execute('askFromElsewhere', 'Elsewhere', 'asked')).toMatchObject({
    lastDelivered: { progressPercent: 30 },
    source: 'query',
  });
  expect(await execute('askFromElsewhere', 'Elsewhere', 'never was')).toBeNull();
});

it('artifacts are given and taken away, and a wrong one fails the call at once', async () => {
  const artifact = {
    ...{ progressUpdateStream: 'Elsewhere', migrationTaskName: 'attached' },
    name: 'arn:aws:ec2:us-west-2::image/ami-1',
  };
  const its = async () => (await viewOf('attached'))?.attachments?.[0]?.state;
  expect(await execute('attachFromElsewhere', artifact)).toBe('accepted');
  await until('the artifact', async () => (await its()) === 'associated');
  expect(await execute('attachFromElsewhere', artifact, true)).toBe('accepted');
  await until('its end', async () => (await its()) === 'disassociated');
  const causes = (await execute('attachFromElsewhere', { ...artifact, name: 'ami-1' })) as string[];
  expect(causes.at(-1)).toContain('name is "ami-1", but it must be an ARN');
});

it.each([
  ['a percent out of range', reportOf('wrong', { progressPercent: 120 }), 'progressPercent is 120, but it must be'],
  ['a misspelt field', reportOf('wrong', { progressPercentage: 1 }), 'did you mean progressPercent?'],
  ['no report', null, 'report is null'],
])('%s fails the call at once, with field, value and rule', async (_, report, message) => {
  const causes = (await execute('reportFromElsewhere', report)) as string[];
  expect(causes.join('\n')).toContain('InvalidReport: ');
  expect(causes.at(-1)).toContain(message);
});

it('a question with a wrong name fails the call at once', async () => {
  expect(((await execute('askFromElsewhere', 'Else/where', 'vm-1')) as string[]).at(-1)).toContain(
    'progressUpdateStream is "Else/where", but it must not contain',
  );
});
