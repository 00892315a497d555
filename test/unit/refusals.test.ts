import { describe, expect, it } from 'vitest';
import { validateReport, type TaskReport } from '../../src/report';
import { accept, attributesDueAt, attributesPut, delivered, failed, newTaskRecord, outcomeOf, registered, registrationFailed, sendDueAt, sentAt, stamp, toView, type NotifyFailure, type TaskRecord } from '../../src/task-state';

const report = (sequence: number, more: Partial<TaskReport> = {}): TaskReport => ({
  progressUpdateStream: 'S',
  migrationTaskName: 'vm-1',
  status: 'IN_PROGRESS',
  owner: { ownerId: 'run', sequence },
  ...more,
});

it('a late report that is refused says nothing of the terminal one that is still on its way', () => {
  const record = newTaskRecord(report(1));
  registered(record, undefined, 1000);
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
  registered(record, undefined, 1000);
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
  registered(record, undefined, 1000);
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
  registered(record, { status: 'IN_PROGRESS', progressPercent: 60, updateDateTime: 900 }, 1000);
  expect(stamp(record, 1001).progressPercent).toBe(10);
});

describe('resource attributes', () => {
  const attributes = (value: string) => [{ type: 'IPV4_ADDRESS', value }];
  const said = (sequence: number, value: string) => report(sequence, { resourceAttributes: attributes(value) });
  const known = (): TaskRecord => {
    const record = newTaskRecord(report(1));
    accept(record, said(1, '10.0.0.1'), 1000);
    registered(record, undefined, 1000);
    return record;
  };
  const put = (record: TaskRecord, value: string, failure?: NotifyFailure) =>
    attributesPut(record, attributes(value), failure, 1000);

  it('wait until the task is registered', () => {
    const record = newTaskRecord(report(1));
    accept(record, said(1, '10.0.0.1'), 1000);
    expect(attributesDueAt(record)).toBeUndefined();
    registered(record, undefined, 1000);
    expect(attributesDueAt(record)).toBe(0);
  });

  it('are put once, and again when they have changed', () => {
    const record = known();
    put(record, '10.0.0.1');
    accept(record, said(2, '10.0.0.1'), 1000);
    expect(attributesDueAt(record)).toBeUndefined();
    accept(record, said(3, '10.0.0.2'), 1000);
    expect(record).toMatchObject({ registered: true, resourceAttributes: attributes('10.0.0.2') });
    expect(attributesDueAt(record)).toBe(0);
  });

  it('that come in while others are put are put next', () => {
    const record = known();
    accept(record, said(2, '10.0.0.2'), 1000);
    put(record, '10.0.0.1');
    expect(record.resourceAttributes).toEqual(attributes('10.0.0.2'));
    expect(attributesDueAt(record)).toBe(0);
  });

  it('that are refused show why, and are tried again with the next report that carries them', () => {
    const record = known();
    const failure = { type: 'AccessDeniedException', message: 'no', retryable: false };
    put(record, '10.0.0.1', failure);
    expect(toView(record, 1 / 3, 1000).attributesFailure).toEqual(failure);
    expect(attributesDueAt(record)).toBeUndefined();
    accept(record, said(2, '10.0.0.1'), 1002);
    accept(record, said(3, '10.0.0.1'), 1004);
    expect(attributesDueAt(record)).toBe(1030);
  });

  it('go back to what was put before, when the newest report says so', () => {
    const record = known();
    put(record, '10.0.0.1');
    accept(record, said(2, '10.0.0.2'), 1001);
    accept(record, said(3, '10.0.0.1'), 1002);
    expect(record.resourceAttributes).toEqual(attributes('10.0.0.1'));
    put(record, '10.0.0.2');
    expect(record.resourceAttributes).toEqual(attributes('10.0.0.1'));
  });

  it.each([
    [undefined, 1030],
    [90, 1090],
  ])('that are throttled (asked to wait %s s) are tried again by themselves, at %d', (retryAfterSeconds, at) => {
    const record = known();
    put(record, '10.0.0.1', { type: 'ThrottlingException', message: '', retryable: true, retryAfterSeconds });
    accept(record, said(2, '10.0.0.1'), 1002);
    expect(attributesDueAt(record)).toBe(at);
    put(record, '10.0.0.1');
    expect(attributesDueAt(record)).toBeUndefined();
    expect(record.attributesFailure).toBeUndefined();
  });
});

describe('a registration that does not succeed', () => {
  const waitsAfter = (retryAfterSeconds: number) => {
    const record = newTaskRecord(report(1));
    accept(record, report(1, { nextUpdateSeconds: 600 }), 1000);
    registrationFailed(record, { type: 'ThrottlingException', message: '', retryable: true, retryAfterSeconds }, 1000);
    return (sendDueAt(record, 1 / 3) as number) - 1000;
  };

  it('waits as long as Migration Hub asks, but not longer than a first notification would have held', () => {
    expect(waitsAfter(120)).toBe(120);
    expect(waitsAfter(86_400)).toBe(600);
  });
});

describe('a notification whose answer does not come', () => {
  const unanswered = (failure: Partial<NotifyFailure>, failedAt: number) => {
    const record = newTaskRecord(report(1));
    registered(record, undefined, 1000);
    accept(record, report(1, { nextUpdateSeconds: 60 }), 1000);
    stamp(record, 1000);
    delivered(record, 1000, 1);
    stamp(record, 1020);
    failed(record, { type: 'X', message: '', retryable: true, ...failure }, failedAt, 1);
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
    expect(unanswered({ retryable: false }, 1030).notBefore).toBe(1060);
  });
});
