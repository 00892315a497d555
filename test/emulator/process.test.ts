import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { startEmulator } from '../../src/emulator/index';
import { emulatorAndClient, json, post } from './support';

const ROOT = resolve(__dirname, '../..');

function run(...flags: string[]) {
  const child = spawn(process.execPath, ['--import', 'tsx', 'src/emulator/process.ts', ...flags], { cwd: ROOT });
  return { child, stderr: text(child.stderr), exit: once(child, 'exit').then(([code]) => code as number | null) };
}

test('the process prints one line with its url and how to point a client at it, and ends on SIGTERM', async () => {
  const { child, stderr, exit } = run('--port', '0', '--home-region', 'eu-west-1');
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  const [, url = '', variable] = /on (\S+); .*(AWS_ENDPOINT_URL_MIGRATION_HUB)=\1\n$/.exec(line.toString()) ?? [];
  expect(variable).toBeDefined();
  const response = await post({ url } as never, 'AWSMigrationHubMultiAccountService.GetHomeRegion', {});
  expect(await json(response)).toEqual({ HomeRegion: 'eu-west-1' });
  child.kill('SIGTERM');
  expect([await exit, await stderr]).toEqual([0, '']);
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
  [['extra'], 'extra'],
])('the bad flags %j are one line, and exit code 2', async (flags, named) => {
  const { stderr, exit } = run(...flags);
  expect(await exit).toBe(2);
  const said = await stderr;
  expect(said).toContain(named);
  expect(said.trimEnd().split('\n')).toHaveLength(1);
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
