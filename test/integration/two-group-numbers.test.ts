import { join } from 'node:path';
import type { Client } from '@temporalio/client';
import { NativeConnection, Worker } from '@temporalio/worker';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { createReportActivities } from '../../src/activities';
import { createMigrationHubWorkers, MigrationHubClient, regroup } from '../../src';
import { groupsOf, heartbeatSettings } from '../../src/client/settings';
import { heartbeatWorkflowId, TASK_QUEUE } from '../../src/report';
import { journalOf } from './journal';
import { startHarness, type Harness } from './harness';

let h: Harness;
beforeAll(async () => {
  h = await startHarness();
});
afterEach(() => h.stopAll());
afterAll(() => h?.close());

const temporal = (): Client => h.server.env.client;
const clientOf = (groups: number) => new MigrationHubClient({ client: temporal(), groups });
const inProgress = (progressUpdateStream: string, migrationTaskName: string, progressPercent: number) => ({
  progressUpdateStream,
  migrationTaskName,
  status: 'IN_PROGRESS' as const,
  progressPercent,
  nextUpdateSeconds: 45,
});

it('workers and reporters with two numbers of groups make one writer of each task, and each of them learns of its delivery', async () => {
  // Nothing is open yet: neither start can be refused.
  await h.startHub({ groups: 0 });
  // One process may have one worker of a queue on a connection.
  const connection = await NativeConnection.connect({ address: h.server.address });
  const others = await createMigrationHubWorkers(
    { connection },
    { region: 'us-west-2', endpoint: h.emulator.url, groups: { Two: 3 } },
  );
  const running = others.run();
  const [one, other] = [clientOf(0), clientOf(3)];
  const names = Array.from({ length: 12 }, (_, i) => `vm-${i}`);
  // At once, so that both kinds of workflow meet a task at the same time.
  await Promise.all(names.flatMap((name) => [one, other].map((client) => client.report(inProgress('Two', name, 10)))));
  for (const [i, client] of [other, one, other].entries())
    await Promise.all(
      names.map(async (name) =>
        client.waitForDelivery(await client.report(inProgress('Two', name, 20 + i)), { timeoutSeconds: 40 }),
      ),
    );
  for (const name of names) {
    journalOf(h.emulator, 'Two', name).expectOneWriter(22);
    const [mine, theirs] = await Promise.all([one, other].map((client) => client.lastReportedState('Two', name)));
    expect(mine).toMatchObject({ lastDelivered: { progressPercent: 22 } });
    expect(theirs).toMatchObject({ lastDelivered: { progressPercent: 22 } });
  }
  others.shutdown();
  await running;
  await connection.close();
});

it('a migration whose worker has another number of groups than the holder of its task learns of its delivery', async () => {
  await h.startHub({ groups: { Two: 3, DatacenterExit: 2 } });
  const first = clientOf(0);
  await first.waitForDelivery(await first.report({ ...inProgress('DatacenterExit', 'web-01', 5) }));
  await h.startUserWorker();
  const migration = { taskQueue: 'migrations', workflowId: 'wrong-number', args: ['web-01', 100] };
  expect(await temporal().workflow.execute('migrate', migration)).toBe('COMPLETED');
  journalOf(h.emulator, 'DatacenterExit', 'web-01').expectOneWriter(100);
});

it('tasks whose hand-over is tried again after its answer was lost are taken once', async () => {
  const hub = await h.startHub({ groups: { Two: 3 } });
  const client = clientOf(0);
  const names = ['vm-1', 'vm-2', 'vm-3'];
  const report = (percent: number) =>
    Promise.all(names.map((name) => client.report(inProgress('Again', name, percent))));
  await Promise.all((await report(10)).map((each) => client.waitForDelivery(each)));
  await hub.stop();
  // A worker that does all, and whose word of it is lost each first time.
  const settings = { heartbeat: heartbeatSettings(), groupsOf: groupsOf(0) };
  const { handOverTasks, ...others } = createReportActivities(settings);
  const attempts: string[] = [];
  const forgetful: typeof handOverTasks = async (batches, given) => {
    await handOverTasks(batches, given);
    const key = JSON.stringify(batches.map(({ tasks }) => tasks.map((task) => task.key)));
    const isFirst = !attempts.includes(key);
    attempts.push(key);
    if (isFirst) throw new Error('the answer is lost');
  };
  const { connection, namespace } = { connection: h.server.env.nativeConnection, namespace: 'default' };
  const worker = await Worker.create({
    connection,
    namespace,
    taskQueue: TASK_QUEUE,
    workflowsPath: join(__dirname, '../../src/workflows'),
    activities: { ...others, handOverTasks: forgetful },
  });
  await worker.runUntil(async () => {
    const moving = regroup(temporal(), { progressUpdateStream: 'Again', groups: 1, timeoutSeconds: 60 });
    await report(20);
    expect(await moving).toMatchObject({ tasks: 3 });
  });
  expect(attempts.length).toBeGreaterThan(new Set(attempts).size);
  const again = await h.startHub({ groups: { Two: 3, Again: 1 } });
  await Promise.all((await report(30)).map((each) => client.waitForDelivery(each, { timeoutSeconds: 30 })));
  const id = heartbeatWorkflowId({ progressUpdateStream: 'Again', migrationTaskName: 'vm-1' }, 1);
  const views = await clientOf(1).lastReportedStates('Again');
  expect(views.map(({ migrationTaskName }) => migrationTaskName).sort()).toEqual(names);
  for (const view of views) {
    expect(view).toMatchObject({
      lastDelivered: { progressPercent: 30 },
      counters: { reports: 3, missedDeadlines: 0 },
    });
    journalOf(h.emulator, 'Again', view.migrationTaskName).expectOneWriter(30);
  }
  expect((await temporal().workflow.getHandle(id).describe()).status.name).toBe('RUNNING');
  await again.stop();
});

it('regroup that finds no worker says so when its time is over', async () => {
  const client = clientOf(0);
  await client.report(inProgress('Nobody', 'vm-1', 1));
  await expect(
    regroup(temporal(), { progressUpdateStream: 'Nobody', groups: 2, timeoutSeconds: 2 }),
  ).rejects.toMatchObject({
    name: 'RegroupTimeoutError',
    message: expect.stringContaining('does a worker serve the task queue migration-hub?'),
  });
  await expect(regroup(temporal(), { progressUpdateStream: 'Nobody', groups: -1 })).rejects.toThrow(
    'groups is -1, but it must be an integer from 0 to 10000',
  );
});
