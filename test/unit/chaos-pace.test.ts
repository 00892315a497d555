import { describe, expect, it } from 'vitest';
import type { Call } from '../../chaos/calls';
import { latestHeartbeat, p99OverMean, perSecond, shortestGap } from '../../chaos/pace';
import { table } from '../../chaos/table';

const call = (at: number, change: Partial<Call> = {}): Call => ({
  task: 't',
  at,
  status: 'IN_PROGRESS',
  updateDateTime: Math.floor(at),
  nextUpdateSeconds: 90,
  applied: true,
  text: '',
  ...change,
});

describe('the pace of a chaos run', () => {
  it('is late by how much the next notification comes after a third of nextUpdateSeconds', () => {
    expect(latestHeartbeat([call(100), call(130), call(165.5)], { from: 0, until: 170 })).toEqual({
      seconds: 5.5,
      task: 't',
    });
  });

  it('counts what has not come yet, and not what was refused, came before the time looked at, or follows an end', () => {
    expect(latestHeartbeat([call(100)], { from: 0, until: 150 }).seconds).toBe(20);
    expect(latestHeartbeat([call(100), call(130, { applied: false })], { from: 0, until: 150 }).seconds).toBe(20);
    expect(latestHeartbeat([call(100), call(150)], { from: 160, until: 170 }).seconds).toBe(0);
    expect(latestHeartbeat([call(100, { status: 'FAILED' })], { from: 0, until: 900 }).seconds).toBe(0);
  });

  it('counts the requests of each second, idle ones too', () => {
    expect(perSecond([10, 10.9, 12.5, 99], 10, 14)).toEqual([2, 0, 1, 0]);
  });

  it('sets the busiest hundredth of the seconds beside the mean', () => {
    expect(p99OverMean([2, 2, 2, 2])).toBe(1);
    expect(p99OverMean([0, 0, 0, 8])).toBe(4);
    expect(p99OverMean([...new Array<number>(199).fill(1), 100])).toBe(0.67);
  });

  it('finds the shortest time between two tries of one task', () => {
    const calls = [call(0), call(1, { task: 'u' }), call(30), call(32, { task: 'u' }), call(90)];
    expect(shortestGap(calls)).toEqual({ seconds: 30, task: 't' });
    expect(shortestGap([call(1), call(2, { task: 'u' })]).seconds).toBe(Infinity);
  });
});

describe('the table of a chaos run', () => {
  const outcome = { load: 'much', lost: 0, reordered: 0, staleSeconds: 0, changedDuplicates: 0, notes: ['n'] };

  it('has a line for each scenario, and names below what is not as it must be', () => {
    const text = table([
      { name: 'one', seconds: 1, outcome: { ...outcome, faults: [] } },
      { name: 'two', seconds: 2, outcome: { ...outcome, lost: 3, faults: ['3 lost: a'] } },
      { name: 'three', seconds: 3, error: 'the server did not start' },
    ]).split('\n');
    expect(text[1]).toMatch(/^one .* good +n$/);
    expect(text[2]).toMatch(/^two .* FAILED/);
    expect(text[3]).toMatch(/^three .* BROKEN/);
    expect(text.slice(4)).toEqual(['', 'Not as it must be:', 'two: 3 lost: a', 'three: the server did not start']);
  });
});
