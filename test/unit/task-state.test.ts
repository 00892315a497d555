import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type TaskReport } from '../../src/report';
import { accept, delivered, failed, heartbeatDueAt, newTaskRecord, registered, sendDueAt, stamp, toView, type TaskRecord } from '../../src/task-state';

const FRACTION = 1 / 3;
const base: TaskReport = {
  progressUpdateStream: 'S',
  migrationTaskName: 'vm-1',
  status: 'IN_PROGRESS',
  nextUpdateSeconds: 60,
};
const report = (sequence: number, more: Partial<TaskReport> = {}): TaskReport => ({
  ...base,
  owner: { ownerId: 'run', sequence },
  ...more,
});

describe('a heartbeat', () => {
  const alive = (name: string): TaskRecord => {
    const record = newTaskRecord({ ...base, migrationTaskName: name });
    registered(record, undefined, 1000);
    accept(record, { ...report(1, { nextUpdateSeconds: 3600, progressPercent: 7 }), migrationTaskName: name }, 1000);
    stamp(record, 1000);
    delivered(record, 1001, 1);
    return record;
  };

  it('is due within a third of nextUpdateSeconds, at most 10 % earlier, and repeats the last state', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), (name) => {
        const record = alive(name);
        const due = heartbeatDueAt(record, FRACTION) as number;
        expect(due).toBeLessThanOrEqual(1000 + 1200);
        expect(due).toBeGreaterThanOrEqual(1000 + 1200 * 0.9 - 1);
        expect(stamp(record, due)).toMatchObject({ status: 'IN_PROGRESS', progressPercent: 7, updateDateTime: due });
      }),
    );
  });

  it('is due by the time it carries, however late its delivery was known (R13)', () => {
    const record = alive('slow');
    const interval = (heartbeatDueAt(record, FRACTION) as number) - 1000;
    for (let beat = 1; beat <= 100; beat++) {
      const due = heartbeatDueAt(record, FRACTION) as number;
      expect(due).toBe(1000 + beat * interval);
      stamp(record, due);
      delivered(record, due + 20, 1);
    }
  });

  it('makes a task fresh, at risk after a failure, stale past the deadline, terminal at its end', () => {
    const record = newTaskRecord(base);
    expect(toView(record, FRACTION, 1000).freshness).toBe('never-delivered');
    const task = alive('vm-1');
    expect(toView(task, FRACTION, 4600).freshness).toBe('fresh');
    expect(toView(task, FRACTION, 4601).freshness).toBe('stale');
    stamp(task, 2200);
    failed(task, { type: 'ThrottlingException', message: '', retryable: true }, 2201, 4);
    expect(toView(task, FRACTION, 2201)).toMatchObject({ freshness: 'at-risk', pending: { status: 'IN_PROGRESS' } });
    accept(task, report(2, { status: 'COMPLETED' }), 2210);
    stamp(task, 2240);
    delivered(task, 2241, 1);
    expect(toView(task, FRACTION, 9e9).freshness).toBe('terminal');
    expect(heartbeatDueAt(task, FRACTION)).toBeUndefined();
    expect(accept(task, report(3), 2250)).toBe('refused');
    expect(task.reporters['run']?.refused?.sequence).toBe(3);
    expect(accept(task, report(4, { reopen: true, progressPercent: 1 }), 2260)).toBe('accepted');
    expect(stamp(task, 2270)).toMatchObject({ status: 'IN_PROGRESS', progressPercent: 1 });
  });
});

it('what Migration Hub already holds counts for order and percent', () => {
  const record = newTaskRecord(base);
  accept(record, report(1, { progressPercent: 5 }), 1000);
  registered(record, { status: 'IN_PROGRESS', progressPercent: 60, updateDateTime: 1000.4 }, 1000);
  expect(sendDueAt(record, FRACTION)).toBe(1001);
  expect(stamp(record, 1001.5)).toMatchObject({ progressPercent: 60, updateDateTime: 1001 });
});
