import { describe, expect, it } from 'vitest';
import { validateReport } from '../../src/report';
import { accept, newTaskRecord, outcomeOf, sentAt, stamp, type NotifyFailure } from '../../src/task-state';
import { failed, registrationFailed } from '../../src/task-state/failed';
import { delivered, sendTimes } from '../../src/task-state/notify';
import { failure, reportOf, TIMING } from './tasks';

it('a late report that is refused says nothing of the terminal one that is still on its way', () => {
  const record = newTaskRecord(reportOf(1));
  record.registered = true;
  accept(record, reportOf(1), 1000);
  accept(record, reportOf(2, { status: 'COMPLETED' }), 1000);
  expect(accept(record, reportOf(3), 1000)).toBe('refused');
  expect(accept(record, reportOf(4), 1000)).toBe('refused');
  const outcomes = () => [1, 2, 3, 4].map((sequence) => outcomeOf(record.reporters['run'], sequence));
  expect(outcomes()).toEqual(['waiting', 'waiting', 'refused', 'refused']);
  stamp(record, 1001);
  delivered(record, 1002, 1);
  expect(outcomes()).toEqual(['delivered', 'delivered', 'refused', 'refused']);
});

it('refusals of a reporter that reports of other tasks, too, are remembered, all of them', () => {
  const record = newTaskRecord(reportOf(1));
  record.registered = true;
  accept(record, reportOf(2, { status: 'COMPLETED' }), 1000);
  for (const sequence of [5, 9]) expect(accept(record, reportOf(sequence), 1000)).toBe('refused');
  expect([2, 5, 9].map((sequence) => outcomeOf(record.reporters['run'], sequence))).toEqual([
    'waiting',
    'refused',
    'refused',
  ]);
});

it('any owner id is a reporter of its own, also one that every object has', () => {
  const record = newTaskRecord(reportOf(1));
  expect(accept(record, reportOf(1, { owner: { ownerId: 'constructor', sequence: 1 } }), 1000)).toBe('accepted');
  expect(outcomeOf(record.reporters['constructor'], 1)).toBe('waiting');
});

it('what is null counts as absent', () => {
  const said = { ...reportOf(1), statusDetail: null, progressPercent: null, labels: null, reopen: null } as never;
  expect(validateReport(said)).toEqual(reportOf(1));
  const owner = { ownerId: 'go', sequence: 1, workflowId: null, runId: null } as never;
  expect(validateReport({ ...reportOf(1), owner }).owner).toEqual({ ownerId: 'go', sequence: 1 });
});

it('a task reopened while its terminal notification was on its way is at its end no longer', () => {
  const record = newTaskRecord(reportOf(1));
  record.registered = true;
  accept(record, reportOf(1, { status: 'COMPLETED' }), 1000);
  stamp(record, 1000);
  accept(record, reportOf(2, { reopen: true }), 1000.5);
  delivered(record, 1001, 1);
  stamp(record, 1002);
  delivered(record, 1003, 1);
  expect(record).toMatchObject({ lastDelivered: { status: 'IN_PROGRESS' } });
  expect(record.terminalAt).toBeUndefined();
});

describe('a registration that does not succeed', () => {
  const waitsAfter = (retryAfterSeconds: number) => {
    const record = newTaskRecord(reportOf(1));
    accept(record, reportOf(1, { nextUpdateSeconds: 600 }), 1000);
    registrationFailed(record, failure('backoff', { retryAfterSeconds }), 1000);
    return (sendTimes(record, TIMING)?.due as number) - 1000;
  };

  it('waits as long as Migration Hub asks, but not longer than a first notification would have held', () => {
    expect(waitsAfter(120)).toBe(120);
    expect(waitsAfter(86_400)).toBe(600);
  });
});

describe('a notification whose answer does not come', () => {
  const unanswered = (more: Partial<NotifyFailure>, failedAt: number) => {
    const record = newTaskRecord(reportOf(1));
    record.registered = true;
    accept(record, reportOf(1, { nextUpdateSeconds: 60 }), 1000);
    stamp(record, 1000);
    delivered(record, 1000, 1);
    stamp(record, 1020);
    failed(record, { ...failure(), ...more }, failedAt, 1);
    return record;
  };

  it('is repeated to the byte in the first half of its time, and gets a new time after it', () => {
    expect(stamp(unanswered({}, 1021), 1049).updateDateTime).toBe(1020);
    expect(stamp(unanswered({}, 1021), 1050).updateDateTime).toBe(1050);
  });

  it.each([
    [1030, 1055],
    [1054.5, 1075],
    [1055, 1075],
    [1061, 1075],
    [1076, 1106],
    [1090, 1120],
  ])('at %d, with a wait of a day asked for, is repeated at %d: before a deadline, or soon after', (at, again) => {
    expect(unanswered({ retryAfterSeconds: 86_400 }, at).notBefore).toBe(again);
  });

  it('has the time that history says, whatever time a replay would have taken', () => {
    const record = unanswered({}, 1021);
    stamp(record, 1055);
    sentAt(record, 1052);
    delivered(record, 1056, 1);
    expect(record).toMatchObject({ lastStamp: 1052, lastDelivered: { updateDateTime: 1052, deadline: 1112 } });
  });

  it('is not hurried where no retry cures it', () => {
    expect(unanswered({ retry: 'operator' }, 1030).notBefore).toBe(1060);
  });
});
