import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, test, vi } from 'vitest';
import { startEmulator } from '../../src/emulator';
import { killRounds } from '../../dev/emulator/kill-rounds';
import { CLI } from '../built';
import { admin, emulatorAndClient, json, post } from './support';

const ROOT = resolve(__dirname, '../..');

function run(...flags: string[]) {
  const child = spawn(process.execPath, [CLI, 'emulator', ...flags], { cwd: ROOT });
  return { child, stderr: text(child.stderr), exit: once(child, 'exit').then(([code]) => code as number | null) };
}

test('the process prints one line with its url and how to point a client at it, and ends on SIGTERM', async () => {
  const { child, stderr, exit } = run('--port', '0', '--home-region', 'eu-west-1');
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  const [, url = '', variable] = /on (\S+); .*(AWS_ENDPOINT_URL_MIGRATION_HUB)=\1\n$/.exec(line.toString()) ?? [];
  expect(variable).toBeDefined();
  const response = await post({ url }, 'AWSMigrationHubMultiAccountService.GetHomeRegion', {});
  expect(await json(response)).toEqual({ HomeRegion: 'eu-west-1' });
  child.kill('SIGTERM');
  expect([await exit, await stderr]).toEqual([0, '']);
});

test('a signal that ends npx, which passes it to the shell between the two only, ends the process, too', async () => {
  // As npm starts us.
  const command = `"${process.execPath}" "${CLI}" emulator --port 0; true`;
  const npm = { npm_lifecycle_event: 'npx', npm_lifecycle_script: 'temporal-migration-hub' };
  const shell = spawn('sh', ['-c', command], { cwd: ROOT, env: { ...process.env, ...npm } });
  const [line] = (await once(shell.stdout, 'data')) as [Buffer];
  const url = /on (\S+);/.exec(line.toString())?.[1] ?? '';
  expect((await fetch(`${url}/_mgh/health`)).status).toBe(200);
  shell.kill('SIGTERM');
  const isGone = () =>
    fetch(`${url}/_mgh/health`).then(
      () => false,
      () => true,
    );
  await vi.waitUntil(isGone, { timeout: 60_000, interval: 100 });
  expect(await text(shell.stderr)).toBe('');
});

test('a busy port is one line that names --port, and exit code 2', async () => {
  const { hub } = await emulatorAndClient();
  const { stderr, exit } = run('--port', String(hub.port));
  expect(await exit).toBe(2);
  expect(await stderr).toMatch(/^emulator: port \d+ is in use: choose another with --port.*\n$/);
});

test.each([
  [['--prot', '1'], '--prot'],
  [['--port', '70000'], '--port'],
  [['--home-region', 'mars'], 'homeRegion'],
  [['--journal-size', '0'], '--journal-size'],
  [['--journal-size', ''], '--journal-size'],
  [['--throttle-rate', 'fast'], '--throttle-rate'],
  [['--throttle-rate', '0'], '--throttle-rate'],
  [['--throttle-burst', '5'], '--throttle-burst needs --throttle-rate'],
  [['--throttle-rate', '5', '--throttle-burst', '1.5'], '--throttle-burst'],
  [['--state', '/nowhere/hub.jsonl'], 'The directory /nowhere of the state file'],
  [['extra'], 'extra'],
])('the bad flags %j are one line, and exit code 2', async (flags, named) => {
  const { stderr, exit } = run(...flags);
  expect(await exit).toBe(2);
  const said = await stderr;
  expect(said).toContain(named);
  expect(said.trimEnd().split('\n')).toHaveLength(1);
});

test('journal size and throttle are as the flags say', async () => {
  const flags = ['--journal-size', '1', '--throttle-rate', '0.001', '--throttle-burst', '2'];
  const { child, exit } = run('--port', '0', ...flags);
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  const url = /on (\S+);/.exec(line.toString())?.[1] ?? '';
  const statuses: number[] = [];
  for (let i = 0; i < 3; i++) statuses.push((await post({ url }, 'ListMigrationTasks', {})).status);
  expect(statuses).toEqual([200, 200, 400]);
  expect(await admin({ url }, 'GET', 'health')).toMatchObject([200, { requests: 1, droppedRequests: 2 }]);
  child.kill('SIGINT');
  expect(await exit).toBe(0);
});

test('Ctrl-C closes the state file, and the next process begins with it', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'mgh-process-'));
  const flags = ['--port', '0', '--state', join(directory, 'hub.jsonl')];
  const urlOf = async (child: ReturnType<typeof run>['child']) => {
    const [line] = (await once(child.stdout, 'data')) as [Buffer];
    return { url: /on (\S+);/.exec(line.toString())?.[1] ?? '' };
  };
  const first = run(...flags);
  const hub = await urlOf(first.child);
  await post(hub, 'CreateProgressUpdateStream', { ProgressUpdateStreamName: 'S' });
  const inTheWay = run(...flags);
  expect(await inTheWay.exit).toBe(2);
  expect(await inTheWay.stderr).toMatch(/^emulator: .*hub\.jsonl is in use by the emulator with process id \d+: .*\n$/);
  first.child.kill('SIGINT');
  expect([await first.exit, await first.stderr]).toEqual([0, '']);
  expect(readdirSync(directory)).toEqual(['hub.jsonl']);
  const second = run(...flags);
  const health = await admin(await urlOf(second.child), 'GET', 'health');
  expect(health).toMatchObject([200, { streams: 1 }]);
  second.child.kill('SIGINT');
  await second.exit;
  rmSync(directory, { recursive: true });
});

test('what was answered is still there when the process is killed right after, three times out of three', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'mgh-kill-'));
  const rounds = await killRounds(3, join(directory, 'hub.jsonl'));
  expect(rounds.map(({ lost }) => lost)).toEqual([0, 0, 0]);
  for (const { answered } of rounds) expect(answered).toBeGreaterThan(0);
  rmSync(directory, { recursive: true });
});

test('startEmulator on a busy port rejects with EADDRINUSE', async () => {
  const { hub } = await emulatorAndClient();
  await expect(startEmulator({ port: hub.port })).rejects.toMatchObject({ code: 'EADDRINUSE' });
});

test.runIf(Symbol.asyncDispose)('await using closes the emulator', async () => {
  let url: string;
  {
    await using hub = await startEmulator();
    url = hub.url;
    expect((await fetch(`${url}/_mgh/health`)).status).toBe(200);
  }
  await expect(fetch(`${url}/_mgh/health`)).rejects.toThrow();
});
