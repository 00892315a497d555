import { readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readOptions } from '../../dev/recipes/options';
import { runInGroup } from '../../dev/recipes/process-group';
import { RECIPES } from '../../dev/recipes/recipes';
import { judge } from '../../dev/recipes/run-recipe';
import { tableOf } from '../../dev/recipes/table';

const names = RECIPES.map(({ name }) => name);
const recipe = (name: string) => RECIPES.find((each) => each.name === name) ?? expect.fail(`no recipe ${name}`);
const isThere = (pid: number) => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};
const sh = (script: string, timeoutMs = 60_000) =>
  runInGroup(['sh', '-c', script], { cwd: tmpdir(), env: process.env, timeoutMs });

it('npm run recipes runs each folder of examples/recipes', () => {
  expect([...names].sort()).toEqual(readdirSync(join(__dirname, '../../examples/recipes')).sort());
});

it('--only runs some of them, in their own order; without it all run', () => {
  const chosen = (...args: string[]) => readOptions(args).recipes.map(({ name }) => name);
  expect(chosen('--only', 'pytest,vitest')).toEqual(['vitest', 'pytest']);
  expect(chosen('--only', 'go', '--only', 'jest')).toEqual(['jest', 'go']);
  expect(chosen()).toEqual(names);
});

it.each([
  [['--only', 'mocha'], `--only must be of ${names.join(', ')}, not "mocha"`],
  [['--only', ''], 'not ""'],
  [['--onyl', 'go'], '--onyl'],
])('the bad flags %j are refused by name', (args, named) => {
  expect(() => readOptions(args)).toThrow(named);
});

it.each([
  ['vitest', '      Tests  3 passed (3)\n', 3],
  ['vitest', '      Tests  1 failed | 2 passed (3)\n', 0],
  ['jest', 'Tests:       3 passed, 3 total\n', 3],
  ['jest', 'Tests:       1 failed, 2 passed, 3 total\n', 0],
  ['wait-on', '# tests 5\n# pass 5\n# fail 0\n', 5],
  ['wait-on', 'ℹ tests 5\nℹ pass 5\n', 5],
  ['pytest', '===== 4 passed in 1.03s =====\n', 4],
  ['pytest', '===== 1 failed, 3 passed in 1.03s =====\n', 0],
  ['go', '--- PASS: TestOne (0.1s)\n--- PASS: TestTwo (0.1s)\nPASS\n', 2],
  ['go', 'ok  \trecipe\t0.01s [no tests to run]\n', 0],
])('the tests that passed are counted in what %s writes: %j', (name, output, passed) => {
  expect(recipe(name).passed(output)).toBe(passed);
});

it('a recipe is ok only where its command ends well, leaves nothing running and has run a test', () => {
  const good = { code: 0, output: 'Tests  3 passed (3)', hasLeftBehind: false };
  const vitest = recipe('vitest');
  expect(judge(vitest, good, true)).toBeUndefined();
  expect(judge(vitest, { ...good, code: 1 }, true)).toBe('failed with exit code 1');
  expect(judge(vitest, { ...good, hasLeftBehind: true }, true)).toBe('left a process running');
  expect(judge(vitest, { ...good, output: '' }, true)).toBe('ran no test');
  expect(judge(vitest, { ...good, output: '' }, false)).toBeUndefined();
});

it('a command that leaves a process behind is found out, and the process is ended', async () => {
  const ended = await sh('sleep 600 & echo $!');
  expect(ended).toMatchObject({ code: 0, hasLeftBehind: true });
  // It may wait a moment to be reaped.
  await expect.poll(() => isThere(Number(ended.output)), { timeout: 60_000 }).toBe(false);
});

it('a command that cleans up after itself leaves nothing behind', async () => {
  expect(await sh('sleep 600 & kill $!; wait; echo done; exit 3')).toEqual({
    code: 3,
    output: expect.stringContaining('done') as string,
    hasLeftBehind: false,
  });
});

it('a command that hangs is ended with all that it started', async () => {
  expect(await sh('sleep 600 & sleep 600', 200)).toMatchObject({ code: null, hasLeftBehind: false });
});

it('a command that does not exist is told', async () => {
  const ended = await runInGroup(['no-such-tool'], { cwd: tmpdir(), env: process.env, timeoutMs: 1000 });
  expect(ended).toMatchObject({ code: null, output: 'no-such-tool did not start' });
});

it('the table has a line for each recipe, after the end of what a failed one wrote', () => {
  const ok = { name: 'vitest', passed: 3, seconds: 12.34, verdict: 'ok', isBad: false, output: '' };
  const bad = {
    name: 'go',
    passed: 0,
    seconds: 1,
    verdict: 'failed with exit code 1',
    isBad: true,
    output: '$ go test',
  };
  expect(tableOf([ok, bad])).toEqual([
    '-- go',
    '$ go test',
    '',
    'recipe  tests  seconds  verdict',
    'vitest      3     12.3  ok',
    'go          0      1.0  failed with exit code 1',
  ]);
});
