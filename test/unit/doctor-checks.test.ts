import { describe, expect, it } from 'vitest';
import { ConfigurationError } from '../../src/report/configuration-error';
import { ok, problem, warning, type Check, type Finding } from '../../src/doctor/check';
import { CHECKS } from '../../src/doctor/checks';
import { owners } from '../../src/doctor/checks/owners';
import { task } from '../../src/doctor/checks/task';
import { tasks } from '../../src/doctor/checks/tasks';
import { readTasks } from '../../src/doctor/read-tasks';
import { runChecks, type CheckFinding } from '../../src/doctor/run-checks';
import { Setup } from '../../src/doctor/setup';
import type { Outcome, ReportedState, TaskGroup, TaskStateView } from '../../src/task-state';
import { failure, groupOf, reportOf } from './tasks';

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

const AMI = 'arn:aws:ec2:us-west-2:123456789012:image/ami-1';
const artifact = { progressUpdateStream: 'S', migrationTaskName: 'vm-1', kind: 'createdArtifact', name: AMI } as const;

/** What the checks of its task, and of its stream, find. */
async function findingsOf(group: TaskGroup): Promise<Finding[]> {
  const state: ReportedState = { ...(group.view('vm-1', 1000) as TaskStateView), source: 'query' };
  const hub = {
    lastReportedState: () => Promise.resolve(state),
    list: async function* () {
      yield await Promise.resolve(state);
    },
  };
  const setup = Object.assign(new Setup({ temporal: {} as never, stream: 'S', task: 'vm-1' }), {
    hub: hub as never,
    state,
  });
  const { signal } = new AbortController();
  return Promise.all([task, tasks, owners].map((each) => each.ask(setup, signal)));
}

/** Settles all that is due: one task, by `outcome`. */
const settle = (group: TaskGroup, now: number, outcome: Outcome = {}) =>
  group.settle(group.takeDue(now), { stampedAt: now, others: { 0: outcome } }, now);

describe('a task that only has an artifact yet', () => {
  async function findingsAfter(outcome?: Outcome): Promise<Finding[]> {
    const group = groupOf();
    group.attach(artifact, 1000);
    if (outcome) settle(group, 1000, outcome);
    return findingsOf(group);
  }

  it.each([
    ['it waits', undefined],
    ['Migration Hub has it', {}],
  ])('is no problem while %s', async (_what, outcome) => {
    expect((await findingsAfter(outcome)).slice(0, 2)).toEqual([
      ok('not reported yet: it has only artifacts or source resources, which may come first'),
      ok('1 read: 1 not reported yet'),
    ]);
  });

  it('is one to look at where Migration Hub does not take it', async () => {
    const [ofTask, ofStream] = await findingsAfter({ attachmentFailures: { 0: failure('operator') } });
    expect(ofTask).toEqual(
      warning(
        `not reported yet: it has only artifacts or source resources, which may come first; Migration Hub did not accept artifact ${AMI}: X: x`,
      ),
    );
    expect(ofStream).toMatchObject({
      result: 'warning',
      found: expect.stringContaining('vm-1; Migration Hub did not') as string,
    });
  });
});

describe('a task whose status is delivered, but not its artifact', () => {
  const refusedArtifact = (status: 'COMPLETED' | 'IN_PROGRESS') => {
    const now = Math.floor(Date.now() / 1000);
    const group = groupOf();
    group.take(reportOf(1, { status }), now);
    settle(group, now);
    group.attach(artifact, now);
    settle(group, now, { attachmentFailures: { 0: failure('operator', { message: 'no; ask for mgh:*' }) } });
    return group;
  };

  it.each([
    ['COMPLETED', /^COMPLETED delivered: the task has ended; Migration Hub did not accept artifact arn:.+: X: no/],
    ['IN_PROGRESS', /^IN_PROGRESS delivered, fresh for .+; Migration Hub did not accept artifact arn:.+: X: no/],
  ] as const)('%s is one to look at, and no problem', async (status, found) => {
    const [ofTask, ofStream] = await findingsOf(refusedArtifact(status));
    expect(ofTask).toMatchObject({ result: 'warning', found: expect.stringMatching(found) as string });
    expect(ofStream).toMatchObject({
      result: 'warning',
      found: expect.stringMatching(
        /^1 read: .+; not all that was attached is accepted: vm-1; Migration Hub did not accept artifact/,
      ) as string,
    });
  });
});

describe('a task that is reported again after its end', () => {
  const again = (acceptedSecondsAgo: number) => {
    const now = Math.floor(Date.now() / 1000) - acceptedSecondsAgo;
    const group = groupOf();
    group.take(reportOf(1, { status: 'FAILED', owner: { ownerId: 'first', sequence: 1 } }), now);
    settle(group, now);
    group.take(reportOf(1, { owner: { ownerId: 'second', sequence: 1 }, reopen: true }), now);
    return { group, now };
  };

  it('is on its way at first, and its reporters are looked at', async () => {
    const [ofTask, ofStream, ofOwners] = await findingsOf(again(0).group);
    expect(ofTask).toMatchObject({
      result: 'ok',
      found: expect.stringMatching(/^FAILED delivered; IN_PROGRESS was accepted .+ ago and is on its way$/) as string,
    });
    expect([ofStream, ofOwners?.found]).not.toContainEqual(expect.stringContaining('ended'));
    expect(ofStream).toEqual(ok('1 read: 1 terminal'));
  });

  it('is a problem where Migration Hub does not take it', async () => {
    const { group, now } = again(30);
    settle(group, now + 2, { failure: failure('operator') });
    const [ofTask, ofStream] = await findingsOf(group);
    expect(ofTask).toMatchObject({
      result: 'problem',
      found: 'terminal: FAILED delivered; IN_PROGRESS is not delivered yet; X: x',
    });
    expect(ofStream).toMatchObject({
      result: 'warning',
      found: '1 read: 1 terminal; reported again after the end, which is not delivered yet: vm-1; X: x',
    });
  });
});

it('tasks that take too long to read are not waited for, and no problem', async () => {
  const never = { [Symbol.asyncIterator]: () => ({ next: () => new Promise(() => undefined) }) };
  const setup = { hub: { list: () => never }, asked: { stream: 'S' } } as never;
  expect(await readTasks(setup, 50, () => false)).toBe(false);
});
