import { describe, expect, it } from 'vitest';
import { heartbeatWorkflowId } from '../../src/client/heartbeat-workflow-id';
import { answer } from '../../src/task-state';
import { groupOf, reportOf } from './tasks';

const LAST_STEP = 1000;
const FORM = `--input '"web-01"' --input $(date +%s)`;
const ONE = 'mgh:S:vm-1';
const ask = (args: unknown[], workflowId = ONE, names = ['vm-1']) => {
  const group = groupOf();
  for (const migrationTaskName of names) group.take(reportOf(1, { migrationTaskName }), LAST_STEP);
  return answer(group, args, workflowId, LAST_STEP);
};

describe('the query lastReportedState', () => {
  it.each([
    ['nothing', []],
    ['null for all', [null]],
    ['null for both', [null, null]],
    ['what the client sends', [null, null, false]],
  ])('with %s answers all tasks, judged at the last step', (_what, args) => {
    expect(ask(args)).toMatchObject([{ migrationTaskName: 'vm-1', judgedAt: LAST_STEP }]);
  });

  it.each([
    ['the name', ['vm-1'], LAST_STEP],
    ['name and time', ['vm-1', 1764367200], 1764367200],
    ['a fraction of a second', ['vm-1', 1764367200.25], 1764367200.25],
    ['the third argument of the client', ['vm-1', 1500, true], 1500],
  ])('with %s answers the task, and says when it judged', (_what, args, judgedAt) => {
    expect(ask(args)).toMatchObject({ migrationTaskName: 'vm-1', judgedAt });
  });

  it.each([
    ['only the time', [1764367200], 'migrationTaskName, the first argument, is 1764367200, but it must be the name of'],
    [
      'an object',
      [{ migrationTaskName: 'vm-1' }],
      'migrationTaskName, the first argument, is {"migrationTaskName":"vm-1"}',
    ],
    ['a list', [['vm-1', 1764367200]], 'migrationTaskName, the first argument, is ["vm-1",1764367200]'],
    ['an empty name', [''], 'migrationTaskName, the first argument, is ""'],
    ['a string as time', ['vm-1', '1764367200'], 'now, the second argument, is "1764367200", but it must be a number'],
    ['a date as time', ['vm-1', '2026-11-28T22:00:00Z'], 'now, the second argument, is "2026-11-28T22:00:00Z"'],
    [
      'milliseconds',
      ['vm-1', 1764367200000],
      'now, the second argument, is 1764367200000, but it must be a number of epoch seconds (not milliseconds)',
    ],
    ['a negative time', ['vm-1', -1], 'now, the second argument, is -1'],
    ['both in the wrong order', [1764367200, 'vm-1'], 'migrationTaskName, the first argument, is 1764367200'],
    ['a third argument of another kind', ['vm-1', 1764367200, 'json'], 'the third argument is "json"'],
    [
      'too many arguments',
      ['vm-1', 1764367200, false, 'json'],
      'the number of arguments is 4, but it must be at most two',
    ],
    ['another task', ['vm-2', 1764367200], 'migrationTaskName is "vm-2", but mgh:S:vm-1 is not its heartbeat workflow'],
  ])('with %s is refused, with the argument and the right form', (_what, args, message) => {
    expect(() => ask(args)).toThrow(message);
    expect(() => ask(args)).toThrow(FORM);
    expect(() => ask(args)).not.toThrow('\n');
  });

  it('of a task with a long name is refused for another name', () => {
    const long = 'vm'.repeat(128);
    const id = heartbeatWorkflowId(reportOf(1, { migrationTaskName: long }));
    expect(ask([long], id, [long])).toMatchObject({ migrationTaskName: long });
    expect(() => ask(['vm-1'], id, [long])).toThrow(`${id} is not its heartbeat workflow`);
  });

  it('of a shared group answers null for a task that nobody reported, and names the group of a task of another one', () => {
    const id = heartbeatWorkflowId(reportOf(1), 4);
    const names = Array.from({ length: 40 }, (_, i) => `vm-${i}`);
    const idOf = (migrationTaskName: string) => heartbeatWorkflowId(reportOf(1, { migrationTaskName }), 4);
    expect(new Set(names.map(idOf)).size).toBe(4);
    for (const name of names.filter((each) => each !== 'vm-1')) {
      if (idOf(name) === id) expect(ask([name, 1764367200], id)).toBeNull();
      else
        expect(() => ask([name], id)).toThrow(
          `migrationTaskName is "${name}", but with 4 groups it is in ${idOf(name)}, not in ${id}`,
        );
    }
  });

  it('of a workflow that has taken no report yet, or that was started under an id of its own, answers null', () => {
    expect(ask(['vm-1'], ONE, [])).toBeNull();
    expect(ask(['vm-9'], 'my-own-id')).toBeNull();
  });
});
