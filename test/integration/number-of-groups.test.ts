import type { Client } from '@temporalio/client';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { MigrationHubClient } from '../../src';
import { query } from '../../src/client/heartbeat-workflows';
import { heartbeatWorkflowId } from '../../src/client/heartbeat-workflow-id';
import { GROUPS_HOLD_AFTER_SECONDS } from '../../src/report';
import type { TaskStateView } from '../../src/task-state';
import { logged, startHarness, until, type Harness } from './harness';
import { journalOf } from './journal';
import { tasksOf } from './listed';

let h: Harness;
beforeAll(async () => {
  h = await startHarness();
});
afterEach(() => h.stopAll());
afterAll(() => h?.close());

const temporal = (): Client => h.server.env.client;
const clientOf = (groups?: number) => new MigrationHubClient({ client: temporal(), groups });
const namesOf = (prefix: string, count: number) => Array.from({ length: count }, (_, i) => `${prefix}-${i}`);
const inProgress = (progressUpdateStream: string, migrationTaskName: string, progressPercent: number) => ({
  progressUpdateStream,
  migrationTaskName,
  status: 'IN_PROGRESS' as const,
  progressPercent,
  nextUpdateSeconds: 600,
});
let runs = 0;
/** By a migration workflow, so by the worker. */
const migrate = (stream: string, name: string, percents: number[], completes = false) =>
  temporal().workflow.execute('reportSteps', {
    taskQueue: 'migrations',
    workflowId: `steps-${stream}-${name}-${runs++}`,
    args: [stream, name, percents, completes],
  });

/** The heartbeat workflows that hold each task of a stream. */
async function holdersOf(stream: string): Promise<Map<string, string[]>> {
  const holders = new Map<string, string[]>();
  const ids: string[] = [];
  for await (const { workflowId, type } of temporal().workflow.list({ query: `ExecutionStatus = 'Running'` }))
    if (type === 'migrationHeartbeat' && workflowId.split(':')[1] === stream) ids.push(workflowId);
  for (const id of ids)
    for (const { migrationTaskName } of await query<TaskStateView[]>(temporal(), id, null))
      holders.set(migrationTaskName, [...(holders.get(migrationTaskName) ?? []), id]);
  return holders;
}
/** All heartbeat workflows are listed, and each task is in one. */
async function expectOneHolder(stream: string, names: string[]): Promise<void> {
  let holders = new Map<string, string[]>();
  await until('all tasks to be listed', async () => {
    holders = await holdersOf(stream);
    // Each look asks every heartbeat workflow: not too often.
    return holders.size === names.length || new Promise((resolve) => setTimeout(resolve, 1000, false));
  });
  for (const name of names) expect([name, holders.get(name)?.length]).toEqual([name, 1]);
}

it('a client with one number of groups and a worker with another make one writer of each task, from an empty namespace on', async () => {
  await h.startHub({ groups: { Two: 3 } });
  await h.startUserWorker();
  const client = clientOf(0);
  const names = namesOf('vm', 6);
  await Promise.all(names.map((name) => client.report(inProgress('Two', name, 10))));
  await Promise.all(names.map((name) => migrate('Two', name, [20, 30])));
  const inTurn = async (by: MigrationHubClient, name: string) =>
    by.waitForDelivery(await by.report(inProgress('Two', name, 40)));
  await Promise.all(names.map((name) => inTurn(client, name)));
  // New tasks that both report at once, while the worker's number comes to hold.
  const more = namesOf('late', 24);
  const another = clientOf(0);
  const begun = Date.now();
  for (let i = 0; i < more.length; i += 2) {
    const two = more.slice(i, i + 2);
    const byClients = [client, another].flatMap((by) => two.map((name) => by.report(inProgress('Two', name, 20))));
    await Promise.all([...byClients, ...two.map((name) => migrate('Two', name, [30]))]);
    const next = begun + ((i + 2) / more.length) * (GROUPS_HOLD_AFTER_SECONDS + 5) * 1000;
    await new Promise((resolve) => setTimeout(resolve, Math.max(0, next - Date.now())));
  }
  expect(new Set([...(await holdersOf('Two')).values()].flat().map((id) => id.split(':')[0]))).toEqual(
    new Set(['mgh', 'mgh-group']),
  );
  await Promise.all([...names, ...more].map((name) => inTurn(another, name)));
  await expectOneHolder('Two', [...names, ...more]);
  for (const name of [...names, ...more]) {
    journalOf(h.emulator, 'Two', name).expectOneWriter(40);
    expect(await another.lastReportedState('Two', name)).toMatchObject({ lastDelivered: { progressPercent: 40 } });
  }
});

it('several clients and the worker that meet a new stream at once agree on its number of groups', async () => {
  await h.startHub();
  const clients = [2, 5, undefined, 7].map(clientOf);
  const names = namesOf('vm', 8);
  await Promise.all(names.flatMap((name) => clients.map((client) => client.report(inProgress('First', name, 10)))));
  await until('all tasks', async () => (await tasksOf(clientOf(), 'First')).length === 8);
  await expectOneHolder('First', names);
});

it('a worker restarted with another number keeps open tasks where they are, sends new ones to the new groups, and says so in one line', async () => {
  await h.startUserWorker();
  const first = await h.startHub({ groups: { Changed: 2 }, heartbeat: { lingerSeconds: 0 } });
  const old = namesOf('old', 6);
  await Promise.all(old.map((name) => migrate('Changed', name, [10])));
  await first.stop();
  logged.length = 0;
  await h.startHub({ groups: { Changed: 5 }, heartbeat: { lingerSeconds: 0 } });
  expect(logged.filter((line) => line.includes('groups'))).toEqual([
    'the stream Changed has 2 groups, and groups is 5 in this worker: it changes the stream at the first report that it gets. New tasks use 5 groups from 30 s after that; the others stay in their groups until they end',
  ]);

  await Promise.all(old.map((name) => migrate('Changed', name, [40])));
  await new Promise((resolve) => setTimeout(resolve, (GROUPS_HOLD_AFTER_SECONDS + 1) * 1000));
  const added = namesOf('new', 6);
  await Promise.all([...old, ...added].map((name) => migrate('Changed', name, [50])));
  const idOf = (name: string, groups: number) =>
    heartbeatWorkflowId({ progressUpdateStream: 'Changed', migrationTaskName: name }, groups);
  await expectOneHolder('Changed', [...old, ...added]);
  const holders = await holdersOf('Changed');
  for (const name of old) expect(holders.get(name)).toEqual([idOf(name, 2)]);
  for (const name of added) expect(holders.get(name)).toEqual([idOf(name, 5)]);
  const reader = clientOf();
  const states = await tasksOf(reader, 'Changed');
  expect(states.map(({ migrationTaskName }) => migrationTaskName).sort()).toEqual([...added, ...old].sort());
  for (const name of [...old, ...added]) {
    expect(await reader.lastReportedState('Changed', name)).toMatchObject({ lastDelivered: { progressPercent: 50 } });
    journalOf(h.emulator, 'Changed', name).expectOneWriter(50);
  }

  // To their end: then nobody holds them there any more.
  expect(await Promise.all(old.map((name) => migrate('Changed', name, [60], true)))).toEqual(
    Array(6).fill('COMPLETED 100'),
  );
  for (const id of new Set(old.map((name) => idOf(name, 2)))) await temporal().workflow.getHandle(id).result();
  for (const name of old)
    expect(await reader.lastReportedState('Changed', name)).toMatchObject({ lastDelivered: { status: 'COMPLETED' } });
});

it('after a change of the number a late report of the run that ended a task is refused, and reports need no worker', async () => {
  await h.startUserWorker();
  const first = await h.startHub({ groups: { Later: 1 }, heartbeat: { lingerSeconds: 0 } });
  const ended = { progressUpdateStream: 'Later', migrationTaskName: 'ended' };
  const byRun = (sequence: number) => ({ ownerId: 'r1', workflowId: 'w', runId: 'r1', attempt: 'r1/1', sequence });
  const end = await clientOf(1).report({ ...ended, status: 'COMPLETED', progressPercent: 100, owner: byRun(1) });
  await clientOf().waitForDelivery(end);
  await temporal().workflow.getHandle(heartbeatWorkflowId(ended, 1)).result();
  await migrate('Later', 'open', [10]);
  await first.stop();
  const second = await h.startHub({ groups: { Later: 3 } });
  await migrate('Later', 'open', [20]);
  await new Promise((resolve) => setTimeout(resolve, (GROUPS_HOLD_AFTER_SECONDS + 1) * 1000));
  const late = await clientOf().report({ ...inProgress('Later', 'ended', 50), owner: byRun(2) });
  await expect(clientOf().waitForDelivery(late)).rejects.toThrow(/already holds COMPLETED/);

  await second.stop();
  // The group of the earlier number is asked whether it holds the task: nobody answers, so its history tells.
  const report = await clientOf().report(inProgress('Later', 'open', 30));
  await h.startHub({ groups: { Later: 3 } });
  expect(await clientOf().waitForDelivery(report)).toMatchObject({ lastDelivered: { progressPercent: 30 } });
  await expectOneHolder('Later', ['ended', 'open']);
});
