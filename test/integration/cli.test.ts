import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from '@temporalio/client';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { MigrationHubClient } from '../../src';
import type { TaskEvent } from '../../src/client';
import type { ReportedState } from '../../src/task-state';
import { widthOf } from '../../src/cli/table';
import { CLI } from '../built';
import { cli } from '../cli/run-cli';
import { encrypted } from './encrypting-codec';
import { startHarness, until, type Harness } from './harness';

let h: Harness;
let flags: string[];
let hub: MigrationHubClient;
beforeAll(async () => {
  h = await startHarness();
  const { namespace } = h;
  flags = ['--address', h.server.address, '--namespace', namespace];
  hub = new MigrationHubClient({ client: h.server.env.client });
});
afterAll(() => h?.close());

/** A command that reaches the server. */
const hubCli = (...args: string[]) => cli(...args, ...flags);
/** It must succeed, and say nothing but data. */
async function json<T>(...args: string[]): Promise<T> {
  const { code, stdout, stderr } = await hubCli(...args, '-o', 'json');
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return JSON.parse(stdout) as T;
}
const linesOf = (text: string) => text.split('\n').filter(Boolean);
const held = (name: string) => h.emulator.tasks().find(({ migrationTaskName }) => migrationTaskName === name);
const isListed = (stream: string, count: number) =>
  until(`${count} tasks to be listed`, async () => (await json<ReportedState[]>('list', stream)).length === count);

it('without a worker a report is accepted, shown as not delivered, and said to wait', async () => {
  const { code, stdout, stderr } = await hubCli('report', 'Early', 'vm-1', 'in-progress', '--percent', '10');
  expect(code).toBe(0);
  expect(stdout).toMatch(/^task +Early\/vm-1\naccepted +IN_PROGRESS, 10 %\ndelivered +not yet/);
  expect(linesOf(stderr)).toEqual([
    'Early/vm-1: accepted; asking whether it is delivered',
    'no Migration Hub worker answers: the report is kept until one delivers it',
  ]);
  const waiting = await hubCli('report', 'Early', 'vm-1', 'IN_PROGRESS', '--wait', '0');
  expect(waiting).toMatchObject({ code: 1, stdout: '' });
  expect(waiting.stderr).toMatch(
    /Early\/vm-1 was not delivered within 0 s.*; the report is kept, and sent as soon as it can be\n$/,
  );
  const events = await json<TaskEvent[]>('history', 'Early', 'vm-1');
  expect(events.map(({ what }) => what)).toEqual(['report', 'report']);
});

it('who waits for a delivery is told at once where no worker answers, and not only at the end', async () => {
  const { child, said } = start('report', 'Early', 'vm-2', 'IN_PROGRESS', '--wait', '600');
  await until('it says so', () => said.stderr.includes('no Migration Hub worker answers'));
  expect(linesOf(said.stderr)).toEqual([
    'Early/vm-2: accepted; waiting for Migration Hub, 600 s at most',
    expect.stringMatching(
      /^no Migration Hub worker answers \(.+\): the report is kept until one delivers it; still waiting$/,
    ),
  ]);
  expect(child.exitCode).toBeNull();
});

describe('with a worker', () => {
  beforeAll(() => h.startHub());

  it('a task goes its way by hand: report, status, close, refusal, reopen, and its history tells all of it', async () => {
    const task = ['By-hand', 'web-01'];
    const first = await hubCli('report', ...task, 'IN_PROGRESS', ...reportFlags, '--wait', '-o', 'json');
    expect(first).toMatchObject({
      code: 0,
      stderr: 'By-hand/web-01: accepted; waiting for Migration Hub, 300 s at most\n',
    });
    expect(JSON.parse(first.stdout)).toMatchObject({ status: 'IN_PROGRESS', progressPercent: 40, delivered: true });
    expect(held('web-01')).toMatchObject({ status: 'IN_PROGRESS', progressPercent: 40, statusDetail: 'Replicating' });
    expect(await json<ReportedState>('status', ...task)).toMatchObject({
      labels: { wave: '7', application: 'a=b' },
      lastDelivered: { nextUpdateSeconds: 600 },
      freshness: 'fresh',
    });
    expect((await hubCli('status', ...task)).stdout).toMatch(/^last delivered +IN_PROGRESS, 40 %, Replicating$/m);
    const less = await hubCli('report', ...task, 'IN_PROGRESS', '--percent', '30', '--detail', 'Replicating', '--wait');
    expect(less.stderr).toContain('the percent is 40, not 30: it does not fall within an attempt, unless with --allow');
    expect(await hubCli('close', ...task, '--detail', 'disk full', '--wait', '300')).toMatchObject({ code: 0 });
    expect(held('web-01')).toMatchObject({ status: 'FAILED', statusDetail: 'disk full' });
    expect(await hubCli('close', ...task)).toMatchObject({
      code: 1,
      stdout: '',
      stderr: 'By-hand/web-01 is already FAILED\n',
    });
    const late = await hubCli('report', ...task, 'IN_PROGRESS');
    expect(late).toMatchObject({ code: 1, stdout: '' });
    expect(late.stderr).toMatch(/was refused: the task is already FAILED.*\(here: --reopen\)\n$/);
    expect(await hubCli('reopen', ...task, '--percent', '5', '--wait', '300')).toMatchObject({ code: 0 });
    expect(held('web-01')).toMatchObject({ status: 'IN_PROGRESS', progressPercent: 5 });
    expect(await hubCli('reopen', ...task)).toMatchObject({ code: 1, stdout: '' });
    expect(await hubCli('close', ...task, '--completed', '--wait', '300')).toMatchObject({ code: 0 });
    expect(held('web-01')).toMatchObject({ status: 'COMPLETED', progressPercent: 100 });
    const events = await json<TaskEvent[]>('history', ...task);
    expect(events.map(({ what, status }) => `${what} ${status}`)).toEqual([
      'report IN_PROGRESS',
      'notification IN_PROGRESS',
      'report IN_PROGRESS',
      'notification IN_PROGRESS',
      'report FAILED',
      'notification FAILED',
      'refused IN_PROGRESS',
      'report IN_PROGRESS',
      'notification IN_PROGRESS',
      'report COMPLETED',
      'notification COMPLETED',
    ]);
    const table = linesOf((await hubCli('history', ...task, '--time-format', 'iso', '--limit', '2')).stdout);
    expect(table).toHaveLength(3);
    expect(table[2]).toMatch(/^20\d\d-\S+Z +notification +COMPLETED +100 %/);
  });

  const reportFlags = [
    ...['--percent', '40', '--detail', 'Replicating', '--next-update-seconds', '600'],
    ...['--label', 'wave=7', '--label', 'application=a=b'],
  ];

  it('of what nobody has reported each command says so, with 1, and makes nothing of it', async () => {
    const task = ['By-hand', 'nobody'];
    for (const args of [
      ['status', ...task],
      ['history', ...task],
      ['close', ...task],
      ['reopen', ...task],
      ['status', 'No-such'],
    ])
      expect(await hubCli(...args)).toMatchObject({
        code: 1,
        stdout: '',
        stderr: expect.stringMatching(new RegExp(`nobody has reported .* to namespace ${flags[3]} `)),
      });
    expect(held('nobody')).toBeUndefined();
  });

  it('history goes on over runs that continued as new and workflows that were terminated, and names who reported', async () => {
    const few = new MigrationHubClient({ client: h.server.env.client, heartbeat: { maxHistoryEvents: 50 } });
    const workflow = h.server.env.client.workflow.getHandle('mgh:Long:vm-1');
    const owner = { ownerId: 'run-1', workflowId: 'migrate-vm-1', runId: 'run-1' };
    const report = (sequence: number) =>
      few.report({
        ...{
          progressUpdateStream: 'Long',
          migrationTaskName: 'vm-1',
          status: 'IN_PROGRESS',
          progressPercent: sequence,
        },
        owner: { ...owner, sequence },
      });
    let sent = 0;
    const { runId } = (await report(++sent), await workflow.describe());
    await until('the next run', async () => {
      await few.waitForDelivery(await report(++sent));
      return (await workflow.describe()).runId !== runId || sent > 60;
    });
    await workflow.terminate();
    await few.waitForDelivery(await report(++sent));
    await until('the earlier chain to be listed', async () => {
      const events = await json<TaskEvent[]>('history', 'Long', 'vm-1');
      return events.filter(({ what }) => what === 'report').length === sent;
    });
    const events = await json<TaskEvent[]>('history', 'Long', 'vm-1');
    const reports = events.filter(({ what }) => what === 'report');
    expect(reports.map(({ progressPercent }) => progressPercent)).toEqual(
      Array.from({ length: sent }, (_, i) => i + 1),
    );
    expect(reports.every(({ by }) => by?.workflowId === 'migrate-vm-1')).toBe(true);
    expect(events.some(({ what }) => what === 'heartbeats-ended')).toBe(true);
  });

  it('lists by label and freshness, sorted, aligned, one JSON object per line, and streams by name', async () => {
    const names = ['vm-10', 'vm-2', 'データ 1', `x\u001b[31m${'y'.repeat(240)}`];
    for (const [i, name] of names.entries())
      expect(await hubCli('report', 'Listed-by-cli', name, 'IN_PROGRESS', '--label', `wave=${i % 2}`)).toMatchObject({
        code: 0,
      });
    await isListed('Listed-by-cli', names.length);
    const table = linesOf((await hubCli('list', 'Listed-by-cli')).stdout);
    expect(table.map((line) => line.split(/ +/)[1]).slice(1, 3)).toEqual(['vm-2', 'vm-10']);
    expect(new Set(table.map((line) => widthOf(line.slice(0, line.search(/STATUS|IN_PROGRESS/)))))).toHaveProperty(
      'size',
      1,
    );
    expect(table.join()).not.toContain('\u001b');
    const lines = linesOf((await hubCli('list', 'Listed-by-cli', '--label', 'wave=1', '-o', 'jsonl')).stdout);
    expect(lines.map((line) => (JSON.parse(line) as ReportedState).migrationTaskName).sort()).toEqual(
      [names[1], names[3]].sort(),
    );
    const either = await json<unknown[]>(
      'list',
      'Listed-by-cli',
      '--label',
      'wave=0',
      '--label',
      'wave=1',
      '--freshness',
      'fresh,never-delivered',
    );
    expect(either).toHaveLength(names.length);
    expect(await hubCli('list', 'Listed-by-cli', '--stale')).toEqual({
      code: 0,
      stdout: '',
      stderr: `no matching tasks in namespace ${flags[3]}\n`,
    });
    expect(await json('list', 'Listed-by-cli', '--at-risk')).toEqual([]);
    expect(linesOf((await hubCli('list', '--streams')).stdout)).toEqual(
      expect.arrayContaining(['STREAM', 'Listed-by-cli', 'Early']),
    );
  });

  it('what is encrypted is read with the codec of the workers, and without it the mend is named', async () => {
    const { connection, namespace } = h.server.env.client.options;
    const secret = new Client({ connection, namespace, dataConverter: { payloadCodecs: [encrypted] } });
    const task = { progressUpdateStream: 'Secret', migrationTaskName: 'vm-1', status: 'IN_PROGRESS' } as const;
    await new MigrationHubClient({ client: secret }).report(task);
    const module = join(__dirname, '../fixtures/our-plugins.cjs');
    const told = await json<ReportedState>('status', 'Secret', 'vm-1', '--plugins', module);
    expect(told).toMatchObject({ pending: { status: 'IN_PROGRESS' } });
    const { code, stdout, stderr } = await hubCli('status', 'Secret', 'vm-1');
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/--plugins .*codec of your workers\n$/);
    expect(linesOf(stderr)).toHaveLength(1);
    // Of all tasks the others are listed.
    await until('the list to have it', async () => (await hubCli('list')).code === 1);
    const partial = await hubCli('list', '-o', 'json');
    expect((JSON.parse(partial.stdout) as ReportedState[]).map((each) => each.migrationTaskName)).toContain('vm-2');
    expect(partial.stderr).toMatch(
      /^the tasks of mgh:Secret:vm-1 are missing in the list: the history of mgh:Secret:vm-1 cannot .*--plugins .*\n$/,
    );
    expect(await hubCli('list', 'Secret')).toMatchObject({ code: 2, stdout: '' });
  });

  it('a namespace that is not there is named, with where it came from', async () => {
    const { code, stderr } = await cli('list', '--address', h.server.address, '--namespace', 'nowhere');
    expect(code).toBe(2);
    expect(stderr).toMatch(/has no namespace nowhere \(--namespace\)/);
  });
});

/** The command as a process of its own. */
function start(...args: string[]) {
  const command = [CLI, ...args, ...flags];
  const child = spawn(process.execPath, command, { stdio: ['ignore', 'pipe', 'pipe'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  const said = { stdout: '', stderr: '' };
  child.stdout.on('data', (data: Buffer) => (said.stdout += data.toString()));
  child.stderr.on('data', (data: Buffer) => (said.stderr += data.toString()));
  return { child, said, exit: once(child, 'exit') as Promise<[number | null, string | null]> };
}

it('a watch that is piped writes a line for each change, and Ctrl-C ends it without an error', async () => {
  const { child, said, exit } = start('watch', 'Watched-by-cli', '--interval', '1', '-o', 'jsonl');
  for (const percent of [10, 20]) {
    await hub.report({ ...watched, progressPercent: percent });
    await until(`${percent} %`, () => said.stdout.includes(`"progressPercent":${percent}`));
  }
  child.kill('SIGINT');
  // npm passes it on once more.
  await sleep(20);
  child.kill('SIGINT');
  expect(await exit).toEqual([0, null]);
  expect(said.stderr).toBe('');
  for (const line of linesOf(said.stdout)) expect(JSON.parse(line)).toMatchObject({ migrationTaskName: 'vm-1' });
});
const watched = { progressUpdateStream: 'Watched-by-cli', migrationTaskName: 'vm-1', status: 'IN_PROGRESS' as const };

it('a command that has said all ends, whatever a plugin still waits for', async () => {
  const { said, exit } = start('list', '--streams', '--plugins', join(__dirname, '../fixtures/holding-plugin.cjs'));
  expect(await exit).toEqual([0, null]);
  expect(said.stdout).toContain('STREAM');
});

it('a reader that goes away ends the command quietly', async () => {
  await hub.report(watched);
  const { child, said, exit } = start('watch', 'Watched-by-cli', '--interval', '1');
  await until('the first line', () => said.stdout.includes('Watched-by-cli/vm-1'));
  child.stdout.destroy();
  let percent = 20;
  await until('its end', async () => {
    await hub.report({ ...watched, progressPercent: ++percent });
    return child.exitCode !== null;
  });
  expect(await exit).toEqual([0, null]);
  expect(said.stderr).toBe('');
});
