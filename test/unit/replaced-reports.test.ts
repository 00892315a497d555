import { expect, it } from 'vitest';
import type { TaskReport } from '../../src/report';
import { accept, fitPayload, newTaskRecord, stamp } from '../../src/task-state';
import { failed } from '../../src/task-state/failed';
import { delivered, sendTimes } from '../../src/task-state/notify';
import { ownerEnded } from '../../src/task-state/owner';
import { failure, reportOf, TIMING } from './tasks';

const START = 1_000_000;
const known = () => {
  const record = newTaskRecord(reportOf(1));
  record.registered = true;
  return record;
};
const unsigned = (more: Partial<TaskReport>): TaskReport => ({ ...reportOf(1, more), owner: undefined });
const by = (ownerId: string, more: Partial<TaskReport> = {}) =>
  reportOf(1, { owner: { ownerId, sequence: 1 }, ...more });

it('a report without an owner that comes while an older one is on its way is sent next', () => {
  const record = known();
  accept(record, unsigned({ statusDetail: 'old' }), START);
  stamp(record, START);
  accept(record, unsigned({ statusDetail: 'new' }), START + 0.5);
  delivered(record, START + 1, 1);
  expect(record.pending?.statusDetail).toBe('new');
  expect(sendTimes(record, TIMING)?.due).toBe(START + 1);
});

it('a report without an owner that comes while a heartbeat is on its way is sent next', () => {
  const record = known();
  accept(record, by('run'), START);
  stamp(record, START);
  delivered(record, START, 1);
  stamp(record, START + 1200);
  accept(record, unsigned({ status: 'COMPLETED' }), START + 1200.5);
  delivered(record, START + 1201, 1);
  expect(record.pending?.status).toBe('COMPLETED');
});

it("an owner whose report was replaced by another owner's learns that the newer one was delivered", () => {
  const record = known();
  accept(record, by('run-a'), START);
  accept(record, by('run-b', { statusDetail: 'newer' }), START);
  stamp(record, START);
  delivered(record, START, 1);
  expect(record.reporters['run-b']?.delivered).toBe(1);
  expect(record.reporters['run-a']?.delivered).toBe(1);
});

it('a retry after its deadline has a new time, and the miss is counted', () => {
  const record = known();
  accept(record, by('run', { nextUpdateSeconds: 60 }), START);
  stamp(record, START);
  delivered(record, START, 1);
  stamp(record, START + 20);
  failed(record, failure(), START + 21, 4);
  expect(stamp(record, START + 80)).toMatchObject({ updateDateTime: START + 80, status: 'IN_PROGRESS' });
  delivered(record, START + 81, 1);
  expect(record.counters.missedDeadlines).toBe(1);
});

it('an end that waits is sent before the report of the next attempt, of whose reports the newest counts', () => {
  const record = known();
  accept(record, by('run-1', { status: 'FAILED', progressPercent: 80 }), START);
  accept(record, by('run-2', { reopen: true, allowDecrease: true, progressPercent: 5 }), START);
  accept(record, by('run-2', { owner: { ownerId: 'run-2', sequence: 2 }, progressPercent: 7 }), START);
  expect(stamp(record, START)).toMatchObject({ status: 'FAILED', progressPercent: 80 });
  delivered(record, START, 1);
  expect(record.reporters).toMatchObject({ 'run-1': { delivered: 1 }, 'run-2': { delivered: 0 } });
  expect(sendTimes(record, TIMING)?.due).toBe(START + 1);
  expect(stamp(record, START + 1)).toMatchObject({ status: 'IN_PROGRESS', progressPercent: 7 });
  delivered(record, START + 1, 1);
  expect(record.reporters).toMatchObject({ 'run-2': { delivered: 2 } });
  expect(record.terminalAt).toBeUndefined();
});

it('an end that nobody reported is taken back by a report before it was sent', () => {
  const record = known();
  accept(record, by('run-1', { owner: { ownerId: 'run-1', workflowId: 'w', runId: 'run-1', sequence: 1 } }), START);
  stamp(record, START);
  delivered(record, START, 1);
  stamp(record, START + 1200);
  ownerEnded(record, 'TERMINATED', START + 1201);
  expect(record.pending?.status).toBe('FAILED');
  accept(
    record,
    by('run-2', { owner: { ownerId: 'run-2', workflowId: 'w', runId: 'run-2', sequence: 1 } }),
    START + 1202,
  );
  expect(record.pending?.status).toBe('IN_PROGRESS');
  expect(record.nextAttempt).toBeUndefined();
});

it('an end and the attempt behind it fit a payload, and cross continue-as-new', () => {
  const record = known();
  accept(record, by('run-1', { status: 'FAILED', statusDetail: 'x'.repeat(2500) }), START);
  accept(record, by('run-2', { reopen: true, statusDetail: 'y'.repeat(2500) }), START);
  const many = Array.from({ length: 900 }, () => structuredClone(record));
  const [first] = JSON.parse(JSON.stringify(fitPayload(many))) as [typeof record];
  expect(first).toMatchObject({ pending: { status: 'FAILED' }, nextAttempt: { status: 'IN_PROGRESS', reopen: true } });
  expect(first.nextAttempt?.statusDetail?.length).toBeLessThan(2500);
  stamp(first, START + 1);
  delivered(first, START + 1, 1);
  expect(first.pending?.status).toBe('IN_PROGRESS');
});
