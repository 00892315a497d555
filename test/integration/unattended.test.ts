import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Client } from '@temporalio/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MigrationHubClient } from '../../src';
import { groupFromHistory } from '../../src/client/history/group-from-history';
import type { TaskReport } from '../../src/report';
import { usableSettings, type TaskStateView } from '../../src/task-state';
import { devServerExecutable } from '../../dev/servers/executables';
import { startHarness, until, type Harness } from './harness';
import { tasksOf } from './listed';

let h: Harness;
let temporal: Client;
beforeAll(async () => {
  h = await startHarness();
  temporal = h.server.env.client;
  await h.startHub();
});
afterAll(() => h?.close());

const hubOf = (groups = 0, heartbeat = {}) => new MigrationHubClient({ client: temporal, groups, heartbeat });
const reportOf = (stream: string, name: string, more: Partial<TaskReport> = {}): TaskReport => ({
  progressUpdateStream: stream,
  migrationTaskName: name,
  status: 'IN_PROGRESS',
  progressPercent: 10,
  ...more,
});
const deliver = async (hub: MigrationHubClient, report: TaskReport) => hub.waitForDelivery(await hub.report(report));
const heartbeatOf = (stream: string, name: string) => temporal.workflow.getHandle(`mgh:${stream}:${name}`);
const ended = (handle: ReturnType<typeof heartbeatOf>, status: string) =>
  until(`its end as ${status}`, async () => (await handle.describe()).status.name === status);

/** How a heartbeat workflow ends while its task is open. */
const ENDS: { how: string; play(stream: string, name: string): Promise<unknown> }[] = [
  {
    how: 'was terminated',
    async play(stream, name) {
      await deliver(hubOf(), reportOf(stream, name));
      await heartbeatOf(stream, name).terminate();
    },
  },
  {
    how: 'timed out',
    async play(stream, name) {
      await temporal.workflow.start('migrationHeartbeat', {
        workflowId: `mgh:${stream}:${name}`,
        taskQueue: 'migration-hub',
        args: [{ settings: usableSettings({}), report: reportOf(stream, name) }],
        workflowExecutionTimeout: '25s',
      });
      await until(
        'its delivery',
        async () => (await hubOf().lastReportedState(stream, name))?.lastDelivered !== undefined,
      );
      await ended(heartbeatOf(stream, name), 'TIMED_OUT');
    },
  },
];

describe.concurrent('a task that is open while its heartbeat workflow', () => {
  it.each(ENDS)('$how is unattended: no heartbeat is promised', async ({ how, play }) => {
    const [stream, name] = ['Unattended', `vm-${how.length}`];
    await play(stream, name);
    const state = await hubOf().lastReportedState(stream, name);
    expect(state).toMatchObject({
      freshness: 'unattended',
      lastDelivered: { status: 'IN_PROGRESS', progressPercent: 10 },
      source: 'history',
    });
    expect(state).not.toHaveProperty('nextHeartbeatAt');
    const ofStream = async () =>
      (await tasksOf(hubOf(), stream)).find(({ migrationTaskName }) => migrationTaskName === name);
    await until('it to be listed', async () => (await ofStream()) !== undefined);
    expect(await ofStream()).toMatchObject({ freshness: 'unattended' });
    // Whoever reports starts a new one.
    await deliver(hubOf(), reportOf(stream, name, { progressPercent: 20 }));
    expect(await hubOf().lastReportedState(stream, name)).toMatchObject({ freshness: 'fresh', source: 'query' });
  });

  it('was cancelled is at its end', async () => {
    await deliver(hubOf(), reportOf('Unattended', 'cancelled'));
    const heartbeat = heartbeatOf('Unattended', 'cancelled');
    await heartbeat.cancel();
    await ended(heartbeat, 'CANCELLED');
    expect(await hubOf().lastReportedState('Unattended', 'cancelled')).toMatchObject({
      freshness: 'terminal',
      lastDelivered: { status: 'FAILED' },
    });
  });

  it('is open, though the task was given up, is stale, and its end by hand ends both', async () => {
    const hasty = hubOf(0, { lingerSeconds: 0, heartbeatFraction: 0.1 });
    const [stream, name] = ['Unattended', 'silent'];
    await deliver(hasty, reportOf(stream, name, { nextUpdateSeconds: 34, silenceLimitSeconds: 1 }));
    await until('it to be stale', async () => (await hubOf().lastReportedState(stream, name))?.freshness === 'stale');
    expect(await hubOf().lastReportedState(stream, name)).toMatchObject({
      abandoned: { reason: 'nothing was reported for 1 s, its silence limit' },
      source: 'query',
    });
    // Nothing wakes it: it waits for a report.
    expect((await groupFromHistory(temporal, heartbeatOf(stream, name).workflowId)).nextDueAt()).toBeUndefined();
    await deliver(hubOf(), reportOf(stream, name, { status: 'FAILED' }));
    await ended(heartbeatOf(stream, name), 'COMPLETED');
    expect(await hubOf().lastReportedState(stream, name)).toMatchObject({ freshness: 'terminal' });
  });

  it('was terminated before it took the last report: a wait for that report says so', async () => {
    const other = await hubOf().report(reportOf('Elsewhere', 'vm-1'));
    await hubOf().waitForDelivery(other);
    await heartbeatOf('Elsewhere', 'vm-1').terminate();
    await expect(hubOf().waitForDelivery({ ...other, sequence: 2 }, { timeoutSeconds: 120 })).rejects.toThrow(
      'its heartbeat workflow has ended: report it again',
    );
  });
});

describe.concurrent('tasks of a group that was terminated and started again for one of them', () => {
  it.each([
    ['', 'Regrouped', 500],
    [', after it had continued as new', 'Renewed', 50],
    [', of a stream with quotation marks', `It's "ours"`, 500],
  ])('are answered from the run before, as unattended%s', async (_when, stream, maxHistoryEvents) => {
    const hub = hubOf(1, { maxHistoryEvents });
    const group = temporal.workflow.getHandle(`mgh-group:${stream}:1:0`);
    const names = ['a', 'b', 'c'];
    await Promise.all(names.map((name) => deliver(hub, reportOf(stream, name))));
    await deliver(hub, reportOf(stream, 'done', { status: 'COMPLETED', progressPercent: 100 }));
    const { runId } = await group.describe();
    if (maxHistoryEvents === 50) {
      await Promise.all(
        Array.from({ length: 50 }, (_, i) => hub.report(reportOf(stream, 'c', { progressPercent: i }))),
      );
      await until('the next run', async () => (await group.describe()).runId !== runId);
    }
    const freshness = async () => {
      const states = await tasksOf(hub, stream);
      return Object.fromEntries(states.map((state) => [state.migrationTaskName, state.freshness]));
    };
    const expectAll = async (expected: Record<string, string>) => {
      const count = Object.keys(expected).length;
      await until('all to be listed', async () => Object.keys(await freshness()).length === count);
      for (const [name, each] of Object.entries(expected))
        expect([name, (await hub.lastReportedState(stream, name))?.freshness]).toEqual([name, each]);
      expect(await freshness()).toEqual(expected);
    };
    await group.terminate();
    await expectAll({ a: 'unattended', b: 'unattended', c: 'unattended', done: 'terminal' });
    await deliver(hub, reportOf(stream, 'a', { progressPercent: 50 }));
    await expectAll({ a: 'fresh', b: 'unattended', c: 'unattended', done: 'terminal' });
    // Once more: now two runs before.
    await group.terminate();
    await deliver(hub, reportOf(stream, 'b', { progressPercent: 60 }));
    await expectAll({ a: 'unattended', b: 'fresh', c: 'unattended', done: 'terminal' });
    expect(await hub.lastReportedState(stream, 'a')).toMatchObject({ lastDelivered: { progressPercent: 50 } });
    expect(await hub.lastReportedState(stream, 'nobody')).toBeNull();
  });
});

it('a namespace that does not exist is an error that names it, for every question', async () => {
  const client = new Client({ connection: h.server.env.connection, namespace: 'no-such-namespace' });
  const hub = new MigrationHubClient({ client });
  const task = { progressUpdateStream: 'Anywhere', migrationTaskName: 'vm-1' };
  const questions = [
    () => hub.lastReportedState(task.progressUpdateStream, task.migrationTaskName),
    () => tasksOf(hub, task.progressUpdateStream),
    () => hub.report({ ...task, status: 'IN_PROGRESS' }),
    () => hub.waitForDelivery({ ...task, ownerId: 'x', sequence: 1 }, { timeoutSeconds: 600 }),
  ];
  for (const ask of questions)
    await expect(ask()).rejects.toMatchObject({
      name: 'NamespaceNotFoundError',
      message: expect.stringContaining('no-such-namespace'),
    });
});

describe('from a shell', () => {
  const commands = ['docs/guide/freshness.md', 'docs/design.md', 'README.md'].map((page) => {
    const text = readFileSync(join(__dirname, '../..', page), 'utf8');
    return /temporal workflow query .*--input.*$/m.exec(text)?.[0] ?? page;
  });
  const [documented = ''] = commands;
  const shell = async (command: string) => {
    const { path } = await devServerExecutable(() => undefined);
    const script = `temporal() { "${path}" "$@" --address ${h.server.address} --namespace ${temporal.options.namespace} -o json; }; ${command}`;
    return promisify(execFile)('bash', ['-c', script]);
  };
  const refusal = (command: string) => shell(command).then(String, (error: { stderr: string }) => error.stderr);

  it('the documented command judges by the clock of who asks', async () => {
    expect(commands).toEqual(commands.map(() => documented));
    const slow = hubOf(0, { heartbeatFraction: 0.1 });
    await deliver(slow, reportOf('DatacenterExit', 'web-01', { nextUpdateSeconds: 3600 }));
    const before = Math.floor(Date.now() / 1000);
    const { queryResult } = JSON.parse((await shell(documented)).stdout) as { queryResult: TaskStateView[] };
    const view = [queryResult].flat()[0];
    expect(view).toMatchObject({ migrationTaskName: 'web-01', freshness: 'fresh' });
    expect(view?.judgedAt).toBeGreaterThanOrEqual(before);
    const late = documented.replace('$(date +%s)', '$(($(date +%s) + 7200))');
    const { queryResult: stale } = JSON.parse((await shell(late)).stdout) as { queryResult: TaskStateView[] };
    expect([stale].flat()[0]).toMatchObject({ freshness: 'stale' });
  });

  it.each([
    ['only the time', `--input $(date +%s)`, 'migrationTaskName, the first argument, is 1'],
    ['milliseconds', `--input '"web-01"' --input $(date +%s)000`, 'now, the second argument, is 1'],
    [
      'another task',
      `--input '"web-02"' --input $(date +%s)`,
      'mgh:DatacenterExit:web-01 is not its heartbeat workflow',
    ],
  ])('%s is refused, with the right form', async (_what, input, said) => {
    const wrong = documented.replace(/--input.*/, input);
    expect(wrong).not.toBe(documented);
    const told = await refusal(wrong);
    expect(told).toContain(said);
    expect(told).toContain('--input $(date +%s)');
  });

  it('the documented command gives no answer for a heartbeat workflow that has ended, and says so', async () => {
    await heartbeatOf('DatacenterExit', 'web-01').terminate();
    expect(await refusal(documented)).toMatch(/rejected.*Terminated/i);
  });
});
