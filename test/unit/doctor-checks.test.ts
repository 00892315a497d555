import { expect, it } from 'vitest';
import { ConfigurationError } from '../../src/report/configuration-error';
import { ok, problem, warning, type Check, type Finding } from '../../src/doctor/check';
import { CHECKS } from '../../src/doctor/checks';
import { runChecks, type CheckFinding } from '../../src/doctor/run-checks';
import { Setup } from '../../src/doctor/setup';

const setup = () => new Setup({ temporal: {} as never });
const check = (
  name: string,
  needs: string[],
  ask: () => Promise<Finding> | Finding,
  more: Partial<Check> = {},
): Check => ({
  ...{ name, needs, ...more },
  ask: async () => ask(),
});
async function run(checks: Check[], totalMs?: number) {
  const told: string[] = [];
  const listener = {
    asking: (name: string) => told.push(`${name}?`),
    found: ({ check, result }: CheckFinding) => told.push(`${check}: ${result}`),
  };
  return { findings: await runChecks(checks, setup(), listener, totalMs), told };
}
const never = () => new Promise<Finding>(() => undefined);

it('what needs a check that found a problem is not asked, and names the cause, over several steps', async () => {
  let asked = 0;
  const count = () => (asked++, ok('fine'));
  const { findings, told } = await run([
    check('a', [], () => problem('broken', 'mend it')),
    check('b', ['a'], count),
    check('c', ['b'], count),
    check('d', [], count),
    check('e', ['d'], count),
  ]);
  expect(asked).toBe(2);
  expect(findings).toEqual([
    { check: 'a', result: 'problem', found: 'broken', mend: 'mend it' },
    { check: 'b', result: 'not checked', found: 'first fix "a"' },
    { check: 'c', result: 'not checked', found: 'first fix "a"' },
    { check: 'd', result: 'ok', found: 'fine' },
    { check: 'e', result: 'ok', found: 'fine' },
  ]);
  expect(told.slice(0, 4)).toEqual(['a?', 'a: problem', 'b?', 'b: not checked']);
});

it('a warning keeps nothing from being asked; later checks know whether there was a problem', async () => {
  const seen: boolean[] = [];
  const look: Check['ask'] = ({ hasProblem }) => (seen.push(hasProblem), Promise.resolve(warning('odd')));
  await run([
    { name: 'a', ask: look },
    { name: 'b', needs: ['a'], ask: look },
    check('c', [], () => problem('broken')),
    { name: 'd', ask: look },
  ]);
  expect(seen).toEqual([false, false, true]);
});

it('a check that does not end is given up after its own time, and one that throws is a problem in words', async () => {
  const { findings } = await run([
    check('slow', [], never, { limitSeconds: 0.05 }),
    check('setting', [], () => Promise.reject(new ConfigurationError('endpoint is "x", but it must be a URL'))),
    check('server', [], () => Promise.reject(Object.assign(new Error('7 PERMISSION_DENIED: no'), { code: 7 }))),
  ]);
  expect(findings.map(({ result, found }) => [result, found])).toEqual([
    ['problem', 'no answer within 0.05 s'],
    ['problem', 'endpoint is "x", but it must be a URL'],
    ['problem', 'the API key or certificate has no permission for this namespace'],
  ]);
});

it('when the time of all is over, what is left is not asked, and no problem', async () => {
  const { findings } = await run([check('slow', [], never), check('late', [], () => ok('fine'))], 50);
  expect(findings.map(({ check, result }) => [check, result])).toEqual([
    ['slow', 'not checked'],
    ['late', 'not checked'],
  ]);
});

it('each check has a name of its own, and comes after those that it needs', () => {
  const names = CHECKS.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  for (const [index, { name, needs = [] }] of CHECKS.entries())
    expect([name, needs.filter((each) => !names.slice(0, index).includes(each))]).toEqual([name, []]);
});
