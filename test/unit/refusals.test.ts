import { expect, it } from 'vitest';
import { accept, delivered, newTaskRecord, outcomeOf, registered, stamp, type TaskReport } from '../../src/task-state';

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
