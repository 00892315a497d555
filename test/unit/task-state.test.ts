import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { accept, newTaskRecord, phaseOf, stamp, type TaskRecord } from '../../src/task-state';
import { failed } from '../../src/task-state/failed';
import { delivered, heartbeatDueAt, sendTimes } from '../../src/task-state/notify';
import { toView } from '../../src/task-state/view';
import { failure, reportOf, TIMING } from './tasks';

const alive = (nextUpdateSeconds = 3600): TaskRecord => {
  const record = newTaskRecord(reportOf(1));
  record.registered = true;
  accept(record, reportOf(1, { nextUpdateSeconds, progressPercent: 7 }), 1000);
  stamp(record, 1000);
  delivered(record, 1001, 1);
  return record;
};

describe('a heartbeat', () => {
  it('is due within a third of nextUpdateSeconds, at most 10 % earlier, and repeats the last state', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), (workflowId) => {
        const record = alive();
        const due = heartbeatDueAt(record, { ...TIMING, phase: phaseOf(workflowId) }) as number;
        expect(due).toBeLessThanOrEqual(1000 + 1200);
        expect(due).toBeGreaterThanOrEqual(1000 + 1200 * 0.9 - 1);
        expect(stamp(record, due)).toMatchObject({ status: 'IN_PROGRESS', progressPercent: 7, updateDateTime: due });
      }),
    );
  });

  it('is brought forward by another share in each heartbeat workflow, so that a fleet does not beat as one', () => {
    const phases = Array.from({ length: 1000 }, (_, i) => phaseOf(`mgh:S:vm-${i}`));
    expect(new Set(phases).size).toBeGreaterThan(500);
    expect(Math.max(...phases)).toBeLessThan(0.1);
    expect(Math.min(...phases)).toBeGreaterThanOrEqual(0);
  });

  it('is due by the time it carries, however late its delivery was known (R13)', () => {
    const record = alive();
    const interval = (heartbeatDueAt(record, TIMING) as number) - 1000;
    for (let beat = 1; beat <= 100; beat++) {
      const due = heartbeatDueAt(record, TIMING) as number;
      expect(due).toBe(1000 + beat * interval);
      stamp(record, due);
      delivered(record, due + 20, 1);
    }
  });

  it.each([
    [3600, 2, 1080],
    [60, 2, 18],
    [60, 10, 10],
    [3600, 60, 1080],
  ])(
    'of a task of %d s, with a window of %d s, may join a batch from %d s on: by the window, or a tenth of its interval',
    (nextUpdateSeconds, batchWindowSeconds, from) => {
      const record = alive(nextUpdateSeconds);
      const { ready, due } = sendTimes(record, { ...TIMING, batchWindowSeconds }) ?? {};
      expect(due).toBe(1000 + nextUpdateSeconds / 3);
      expect(ready).toBe(1000 + from);
    },
  );

  it.each([
    [3600, 0.8, 2880],
    [150, 0.8, 120],
    [45, 0.8, 15],
    [45, 1 / 3, 15],
    [34, 0.1, 3],
    [20, 0.8, 2],
  ])(
    'of a task of %d s, at a fraction of %d, is due after %d s: 30 s before the deadline at the latest',
    (nextUpdateSeconds, heartbeatFraction, after) => {
      const due = heartbeatDueAt(alive(nextUpdateSeconds), { ...TIMING, heartbeatFraction });
      expect(due).toBe(1000 + after);
    },
  );

  it('makes a task fresh, at risk after a failure, stale past the deadline, terminal at its end', () => {
    expect(toView(newTaskRecord(reportOf(1)), TIMING, 1000).freshness).toBe('never-delivered');
    const task = alive();
    expect(toView(task, TIMING, 4600).freshness).toBe('fresh');
    expect(toView(task, TIMING, 4601).freshness).toBe('stale');
    stamp(task, 2200);
    failed(task, failure(), 2201, 4);
    expect(toView(task, TIMING, 2201)).toMatchObject({ freshness: 'at-risk', pending: { status: 'IN_PROGRESS' } });
    accept(task, reportOf(2, { status: 'COMPLETED' }), 2210);
    stamp(task, 2240);
    delivered(task, 2241, 1);
    expect(toView(task, TIMING, 9e9).freshness).toBe('terminal');
    expect(heartbeatDueAt(task, TIMING)).toBeUndefined();
    expect(accept(task, reportOf(3), 2250)).toBe('refused');
    expect(task.reporters['run']?.refused?.sequence).toBe(3);
    expect(accept(task, reportOf(4, { reopen: true, progressPercent: 1 }), 2260)).toBe('accepted');
    expect(stamp(task, 2270)).toMatchObject({ status: 'IN_PROGRESS', progressPercent: 1 });
  });
});
