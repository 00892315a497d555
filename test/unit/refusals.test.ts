import { describe, expect, it } from 'vitest';
import {
  accept,
  delivered,
  newTaskRecord,
  outcomeOf,
  registered,
  stamp,
  toView,
  validateReport,
  type NotifyFailure,
  type TaskRecord,
  type TaskReport,
} from '../../src/task-state';

const report = (sequence: number, more: Partial<TaskReport> = {}): TaskReport => ({
  progressUpdateStream: 'S',
  migrationTaskName: 'vm-1',
  status: 'IN_PROGRESS',
  owner: { ownerId: 'run', sequence },
  ...more,
});

it('a late report that is refused says nothing of the terminal one that is still on its way', () => {
  const record = newTaskRecord(report(1));
  registered(record, undefined, false, 1000);
  accept(record, report(1), 1000);
  accept(record, report(2, { status: 'COMPLETED' }), 1000);
  expect(accept(record, report(3), 1000)).toBe('refused');
  expect(accept(record, report(4), 1000)).toBe('refused');
  const outcomes = () => [1, 2, 3, 4].map((sequence) => outcomeOf(record.reporters['run'], sequence));
  expect(outcomes()).toEqual(['waiting', 'waiting', 'refused', 'refused']);
  stamp(record, 1001);
  delivered(record, 1002, 1);
  expect(outcomes()).toEqual(['delivered', 'delivered', 'refused', 'refused']);
});

it('refusals of a reporter that also speaks for other tasks are remembered, all of them', () => {
  const record = newTaskRecord(report(1));
  registered(record, undefined, false, 1000);
  accept(record, report(2, { status: 'COMPLETED' }), 1000);
  for (const sequence of [5, 9]) expect(accept(record, report(sequence), 1000)).toBe('refused');
  expect([2, 5, 9].map((sequence) => outcomeOf(record.reporters['run'], sequence))).toEqual([
    'waiting',
    'refused',
    'refused',
  ]);
});

it('any owner id is a reporter of its own, also one that every object has', () => {
  const record = newTaskRecord(report(1));
  expect(accept(record, report(1, { owner: { ownerId: 'constructor', sequence: 1 } }), 1000)).toBe('accepted');
  expect(outcomeOf(record.reporters['constructor'], 1)).toBe('waiting');
});

it('what is null counts as absent', () => {
  const said = { ...report(1), statusDetail: null, progressPercent: null, labels: null, reopen: null } as never;
  expect(validateReport(said)).toEqual(report(1));
  const owner = { ownerId: 'go', sequence: 1, workflowId: null, runId: null } as never;
  expect(validateReport({ ...report(1), owner }).owner).toEqual({ ownerId: 'go', sequence: 1 });
});

it('a task reopened while its terminal notification was on its way is at its end no longer', () => {
  const record = newTaskRecord(report(1));
  registered(record, undefined, false, 1000);
  accept(record, report(1, { status: 'COMPLETED' }), 1000);
  stamp(record, 1000);
  accept(record, report(2, { reopen: true }), 1000.5);
  delivered(record, 1001, 1);
  stamp(record, 1002);
  delivered(record, 1003, 1);
  expect(record).toMatchObject({ lastDelivered: { status: 'IN_PROGRESS' } });
  expect(record.terminalAt).toBeUndefined();
});

it('a decrease that was allowed counts even when a newer report replaces it before Migration Hub is read back', () => {
  const record = newTaskRecord(report(1));
  accept(record, report(1, { progressPercent: 0, allowDecrease: true }), 1000);
  accept(record, report(2, { progressPercent: 10 }), 1000);
  registered(record, { status: 'IN_PROGRESS', progressPercent: 60, updateDateTime: 900 }, false, 1000);
  expect(stamp(record, 1001).progressPercent).toBe(10);
});

describe('resource attributes', () => {
  const attributes = (value: string) => [{ type: 'IPV4_ADDRESS', value }];
  const said = (sequence: number, value: string) => report(sequence, { resourceAttributes: attributes(value) });
  const put = (record: TaskRecord, value: string, failure?: NotifyFailure) =>
    registered(record, undefined, false, 1000, { sent: attributes(value), failure });

  it('are put once, and again when they have changed', () => {
    const record = newTaskRecord(report(1));
    accept(record, said(1, '10.0.0.1'), 1000);
    put(record, '10.0.0.1');
    accept(record, said(2, '10.0.0.1'), 1000);
    expect(record).toMatchObject({ registered: true });
    expect(record.resourceAttributes).toBeUndefined();
    accept(record, said(3, '10.0.0.2'), 1000);
    expect(record).toMatchObject({ registered: false, resourceAttributes: attributes('10.0.0.2') });
  });

  it('that come in during a registration ask for another', () => {
    const record = newTaskRecord(report(1));
    accept(record, said(1, '10.0.0.1'), 1000);
    accept(record, said(2, '10.0.0.2'), 1000);
    put(record, '10.0.0.1');
    expect(record).toMatchObject({ registered: false, resourceAttributes: attributes('10.0.0.2') });
  });

  it('that are refused show why, keep no status back, and are tried again with the next report', () => {
    const record = newTaskRecord(report(1));
    accept(record, said(1, '10.0.0.1'), 1000);
    const failure = { type: 'AccessDeniedException', message: 'no', retryable: false };
    put(record, '10.0.0.1', failure);
    expect(toView(record, 1 / 3, 1000).attributesFailure).toEqual(failure);
    expect(record.registered).toBe(true);
    expect(stamp(record, 1001).status).toBe('IN_PROGRESS');
    accept(record, said(2, '10.0.0.1'), 1002);
    expect(record.registered).toBe(false);
  });
});
