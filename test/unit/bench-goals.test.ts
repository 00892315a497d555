import { describe, expect, it } from 'vitest';
import { failuresOf, goalOf, verdictOf, wantedText, type Measurement } from '../../bench/goals';
import { mean, percentile, short } from '../../bench/numbers';
import { rowsOf, table } from '../../bench/table';

const figure = (id: string, value: number): Measurement => ({ id, label: id, value, unit: '' });
const long = { short: false };

describe('goals of the bench', () => {
  it('are met up to the limit itself, and below it where it says below', () => {
    expect(verdictOf(figure('first-report.events.1', 11), long)).toBe('met');
    expect(verdictOf(figure('first-report.events.1', 12), long)).toBe('MISSED');
    expect(verdictOf(figure('rate.5000.over-bare', 0.8), long)).toBe('met');
    expect(verdictOf(figure('rate.5000.over-bare', 0.79), long)).toBe('MISSED');
    expect(verdictOf(figure('lateness.p99', 1), long)).toBe('MISSED');
  });

  it('are missed by what could not be measured', () => {
    expect(verdictOf(figure('restart.long', NaN), long)).toBe('MISSED');
  });

  it('do not judge times of a short run, and judge its counts', () => {
    expect(verdictOf(figure('lateness.p99', 99), { short: true })).toBe('not judged');
    expect(verdictOf(figure('heartbeat.events.1', 99), { short: true })).toBe('MISSED');
  });

  it('allow no lost report and no stale second of any load', () => {
    expect(goalOf('burst.lost')).toEqual({ kind: 'count', most: 0 });
    expect(verdictOf(figure('restart.large.stale', 0.5), long)).toBe('MISSED');
  });

  it('are shown as a limit, and nothing is asked of other figures', () => {
    expect(wantedText(goalOf('burst.over-bare'))).toBe('≤ 1.5');
    expect(wantedText(goalOf('rate.over-naive'))).toBe('≥ 12');
    expect(wantedText(goalOf('lateness.p99'))).toBe('< 1');
    expect([goalOf('toString'), verdictOf(figure('naive.rate', 3), long)]).toEqual([undefined, '']);
  });

  it('fail a run by counts only', () => {
    const all = [figure('burst.lost', 1), figure('burst.over-bare', 9), figure('heartbeat.events.500', 0.02)];
    expect(failuresOf(all).map(({ id }) => id)).toEqual(['burst.lost']);
  });
});

it('the table leaves out what only the JSON needs, unless it has a goal', () => {
  const rows = rowsOf(
    [
      { ...figure('rate.over-naive', 15.04), unit: '×', detail: 'a note' },
      { ...figure('report.calls.10', 1), jsonOnly: true },
      { ...figure('first-report.calls.1', 3), jsonOnly: true },
    ],
    long,
  );
  expect(table(rows).split('\n')).toEqual([
    '| figure               | goal | measured | verdict | notes  |',
    '| -------------------- | ---- | -------- | ------- | ------ |',
    '| rate.over-naive      | ≥ 12 | 15×      | met     | a note |',
    '| first-report.calls.1 | ≤ 3  | 3        | met     |        |',
  ]);
});

describe('numbers of the bench', () => {
  it('are percentiles by rank', () => {
    const values = Array.from({ length: 100 }, (_, i) => 100 - i);
    expect([0.5, 0.99, 1].map((share) => percentile(values, share))).toEqual([50, 99, 100]);
    expect(percentile([], 0.5)).toBeNaN();
    expect(mean([1, 2, 6])).toBe(3);
  });

  it('have three digits, and a dash where there is none', () => {
    expect([0.02346, 12.345, 1234.5, 0, NaN].map(short)).toEqual(['0.0235', '12.3', '1235', '0', '–']);
  });
});
