import { spawnSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { program } from '../../src/cli/program';
import { cli } from '../cli/run-cli';

const NAME = 'temporal-migration-hub';
const has = (shell: string) => spawnSync(shell, ['--version']).status === 0;
/** Of the shells that this machine has; bash it must have. */
const CHECKS: [shell: string, flag: string][] = [
  ['bash', '-n'],
  ['zsh', '-n'],
  ['fish', '--no-execute'],
];

it.each(CHECKS.filter(([shell]) => shell === 'bash' || has(shell)))('%s can read its script', async (shell, flag) => {
  const { code, stdout } = await cli('completion', shell);
  expect(code).toBe(0);
  const file = join(mkdtempSync(join(tmpdir(), 'completion-')), 'script');
  writeFileSync(file, stdout);
  const { status, stderr } = spawnSync(shell, [flag, file], { encoding: 'utf8' });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
});

it.each(['bash', 'zsh', 'fish'])('the script of %s has each command and each of its options', async (shell) => {
  const { stdout } = await cli('completion', shell);
  for (const command of program().commands) {
    expect(stdout).toContain(command.name());
    for (const { long } of command.options) expect(stdout).toContain(shell === 'fish' ? `-l ${long?.slice(2)}` : long);
  }
});

it('zsh offers files for each file of import', async () => {
  const { stdout } = await cli('completion', 'zsh');
  expect(/^ +import\)\n.*?;;/ms.exec(stdout)?.[0]).toContain("'*:file:_files'");
});

/** What bash would offer after these words. */
async function offered(...words: string[]): Promise<string[]> {
  const { stdout: script } = await cli('completion', 'bash');
  const all = [NAME, ...words].map((word) => `'${word}'`).join(' ');
  const ask = `COMP_WORDS=(${all}); COMP_CWORD=${words.length}; _temporal_migration_hub; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const { stdout, stderr } = spawnSync('bash', ['--norc'], { input: `${script}\n${ask}`, encoding: 'utf8' });
  expect(stderr).toBe('');
  return stdout.split('\n').filter(Boolean);
}

it.each(['fish'].filter(has))('%s offers of a list what is not in it yet', async (shell) => {
  const { stdout: script } = await cli('completion', shell);
  const ask = `${script}\ncomplete -C "${NAME} list --freshness stale,"`;
  const { stdout } = spawnSync(shell, ['--no-config', '-c', ask], { encoding: 'utf8' });
  const found = stdout.split('\n').map((line) => line.split('\t')[0]);
  expect(found).toContain('stale,fresh');
  expect(found).not.toContain('stale,stale');
});

it.each<[string[], string[], string[]]>([
  [['li'], ['list'], ['status']],
  [[''], ['report', 'watch', 'completion'], ['--stale']],
  [['list', '--st'], ['--stale', '--streams'], ['list']],
  [['report', 'S', 'vm-1', 'COMP'], ['COMPLETED'], ['FAILED']],
  [['list', '-o', ''], ['table', 'json', 'jsonl'], ['--stale']],
  [['list', '--output', 'js'], ['json', 'jsonl'], ['table']],
  [['completion', ''], ['bash', 'zsh', 'fish'], []],
  [['list', '--freshness', ''], ['fresh', 'stale', 'unattended'], ['--stale']],
  [['list', '--freshness', 'st'], ['stale'], ['fresh']],
  [
    ['list', '--freshness', 'stale,at-risk,'],
    ['stale,at-risk,fresh'],
    ['stale,at-risk,stale', 'stale,at-risk,at-risk'],
  ],
  [['import', 'a.csv', 'package.js'], ['package.json'], []],
])('bash offers after %j', async (words, wanted, unwanted) => {
  const found = await offered(...words);
  expect(found).toEqual(expect.arrayContaining(wanted));
  for (const each of unwanted) expect(found).not.toContain(each);
});
