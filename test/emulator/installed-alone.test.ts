import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { CLI } from '../built';
import { admin } from './support';

const ROOT = resolve(__dirname, '../..');

/** A command where nothing of Temporal and AWS is installed. */
function run(...command: string[]) {
  const flags = ['--require', join(ROOT, 'test/fixtures/only-emulator.cjs')];
  const child = spawn(process.execPath, [...flags, CLI, ...command], { cwd: ROOT });
  return { child, stderr: text(child.stderr), exit: once(child, 'exit').then(([code]) => code as number | null) };
}

test('the command emulator starts where neither Temporal’s packages nor an AWS client are installed', async () => {
  const { child, stderr, exit } = run('emulator', '--port', '0');
  const [line] = (await Promise.race([once(child.stdout, 'data'), exit.then(() => [''])])) as [Buffer | string];
  const url = /on (\S+);/.exec(line.toString())?.[1];
  expect(url, await Promise.race([stderr, 'no error'])).toBeDefined();
  expect(await admin({ url: url ?? '' }, 'GET', 'health')).toMatchObject([200, { status: 'ok' }]);
  child.kill('SIGTERM');
  expect([await exit, await stderr]).toEqual([0, '']);
});

test('so do its --help, and the list of commands', async () => {
  for (const command of [['emulator', '--help'], ['--help']]) {
    const { child, exit } = run(...command);
    const said = text(child.stdout);
    expect(await exit).toBe(0);
    expect(await said).toContain('emulator');
  }
});

test.each(['worker', 'list'])(
  'the command %s says in one line which package it needs, and how to have it',
  async (name) => {
    const { stderr, exit } = run(name);
    expect([await exit, await stderr]).toEqual([
      2,
      expect.stringMatching(
        new RegExp(
          `^${name} needs the package (@temporalio/[a-z-]+): npm install \\1, or npx -p temporal-migration-hub -p \\1 temporal-migration-hub ${name}\n$`,
        ),
      ),
    ]);
  },
);
