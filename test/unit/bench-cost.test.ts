import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { perHeartbeat, RULE } from '../../bench/cost/batches';
import { schedulerAndLambda, stepFunctions, temporalCloud } from '../../bench/cost/bill';
import { costTable, togetherTable } from '../../bench/cost/cost-table';
import { planTable } from '../../bench/cost/plan-table';

const doc = readFileSync(join(__dirname, '../../docs/performance.md'), 'utf8');

it.each([
  ['cost', costTable()],
  ['together', togetherTable()],
  ['plan', planTable()],
])('docs/performance.md shows the %s table that npm run bench:cost prints', (_name, table) => {
  expect(doc).toContain(table);
});

describe('heartbeats that go together', () => {
  it('are one for a group of one: 11 events, a timer and an activity', () => {
    const { together, events, actions } = perHeartbeat(1, 1200);
    expect([together, Math.round(events), Number(actions.toFixed(1))]).toEqual([1, 11, 2]);
  });

  it('are all of a group where it may send them early enough, and then keep together', () => {
    const { together, events } = perHeartbeat(100, 1200, { ...RULE, spread: 0, windowShare: 1 });
    expect([together, Number(events.toFixed(2))]).toEqual([100, 0.11]);
  });

  it('take an activity for each full batch', () => {
    const rule = { ...RULE, spread: 0, windowShare: 1, batchSize: 100, eventsPerRun: Infinity };
    expect(perHeartbeat(500, 1200, rule).actions).toBeCloseTo(6 / 500);
  });

  it('are as many for each interval, by a window that is a share of it, and fewer the longer it is by a fixed one', () => {
    const fixed = { ...RULE, windowShare: 0 };
    expect(perHeartbeat(500, 300).together).toBe(perHeartbeat(500, 3600).together);
    expect(perHeartbeat(500, 300, fixed).together).toBeGreaterThan(perHeartbeat(500, 3600, fixed).together);
  });
});

describe('bills', () => {
  it('are those of the example in the Temporal documentation', () => {
    // 11.25 million actions beyond what is included: $525, and the plan's least fee.
    expect(temporalCloud(13.75e6)).toBe(525 + 500);
    expect(temporalCloud(1e6)).toBe(500);
  });

  it('leave out what is free', () => {
    expect(stepFunctions(4000)).toBe(0);
    expect(stepFunctions(1_004_000)).toBe(25);
    expect(schedulerAndLambda(14e6)).toBeCloseTo(14 * 0.2 + 14e6 * 0.025 * 0.0000166667);
  });
});
