import { describe, expect, it } from 'vitest';
import { areEnds, expectedOf } from '../../life/model';
import { readOptions } from '../../life/options';
import { programmeOf, type Attempt } from '../../life/programme';

const attempt = (more: Partial<Attempt>): Attempt => ({
  by: 'run',
  start: 'same id',
  reports: [{ pause: 0, percent: 40, byChild: false }],
  continuesAfter: 0,
  isDelivered: false,
  end: 'complete',
  ...more,
});

describe('the programmes of the life test', () => {
  it('are the same for the same seed, and have every way to begin and to end among few seeds', () => {
    const all = Array.from({ length: 300 }, (_, i) => programmeOf(i + 1));
    expect(programmeOf(7)).toEqual(all[6]);
    const attempts = all.flatMap(({ tasks }) => tasks.flatMap((task) => task.attempts));
    const seen = (of: (each: Attempt) => unknown) => new Set(attempts.map(of));
    expect(seen(({ end }) => end)).toEqual(
      new Set(['complete', 'fail', 'retry', 'cron', 'bug', 'cancel', 'terminate', 'leave', 'open']),
    );
    expect(seen(({ by }) => by)).toEqual(new Set(['run', 'activity', 'client']));
    expect(seen(({ start }) => start)).toEqual(new Set(['same id', 'new id', 'reset']));
    expect(new Set(all.map(({ groups }) => groups))).toEqual(new Set([0, 1, 2]));
    const names = all.flatMap(({ tasks }) => tasks.map(({ name }) => name));
    expect(new Set(names).size).toBe(names.length);
  });
});

describe('what Migration Hub must show', () => {
  it.each([
    ['complete', 'COMPLETED', 100, ['COMPLETED']],
    ['fail', 'FAILED', 40, ['FAILED']],
    ['retry', 'COMPLETED', 100, ['FAILED', 'COMPLETED']],
    ['cron', 'FAILED', 40, ['COMPLETED', 'FAILED']],
    ['bug', 'COMPLETED', 100, ['COMPLETED']],
    ['terminate', 'FAILED', 40, ['FAILED']],
    ['open', 'IN_PROGRESS', 40, []],
  ] as const)('after an attempt that ends with "%s" is %s', (end, status, percent, ends) => {
    expect(expectedOf([attempt({ end })])).toEqual({ status, percent, ends, mayBeStale: false });
  });

  it('begins percent anew after an end, and only then', () => {
    const low = { reports: [{ pause: 0, percent: 5, byChild: false }], end: 'open' as const };
    expect(expectedOf([attempt({ end: 'fail' }), attempt(low)])).toMatchObject({ status: 'IN_PROGRESS', percent: 5 });
    const again = { ...low, end: 'cron' as const };
    expect(expectedOf([attempt({ end: 'leave' }), attempt(again)])).toMatchObject({ status: 'FAILED', percent: 5 });
    expect(expectedOf([attempt({ end: 'leave' }), attempt(low)])).toMatchObject({ status: 'IN_PROGRESS', percent: 40 });
  });
});

it.each([
  [[], [], true],
  [['FAILED'], [], false],
  [[], ['FAILED'], false],
  [['FAILED', 'COMPLETED'], ['FAILED', 'FAILED', 'COMPLETED'], true],
  [['FAILED'], ['FAILED', 'COMPLETED'], true],
  [['COMPLETED'], ['FAILED', 'COMPLETED'], false],
  [['COMPLETED', 'FAILED'], ['FAILED', 'COMPLETED'], false],
])('the ends %j are those of %j: %s', (arrived, expected, are) => {
  expect(areEnds(arrived, expected)).toBe(are);
});

describe('npm run life', () => {
  it('has 500 programmes, 24 in short', () => {
    expect(readOptions([])).toEqual({ from: 1, seeds: 500, atOnce: 60, calm: false });
    expect(readOptions(['--short', '--from', '9'])).toMatchObject({ from: 9, seeds: 24 });
  });

  it.each([
    ['--seeds', '0'],
    ['--from', 'x'],
    ['--fron', '1'],
  ])('refuses %s %s by its name', (flag, value) => {
    expect(() => readOptions([flag, value])).toThrow(flag);
  });
});
