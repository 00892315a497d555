import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  accept,
  delivered,
  failed,
  heartbeatDueAt,
  isTerminal,
  newTaskRecord,
  registered,
  sendDueAt,
  STATUSES,
  stamp,
  toView,
  type TaskNotification,
  type TaskRecord,
  type TaskReport,
} from '../../src/task-state';

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

type Step =
  | { kind: 'report'; status: TaskReport['status']; percent?: number; skip: number }
  | { kind: 'send' }
  | { kind: 'deliver' }
  | { kind: 'fail'; retryable: boolean }
  | { kind: 'wait'; seconds: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    kind: fc.constant('report' as const),
    status: fc.constantFrom(...STATUSES),
    percent: fc.option(fc.integer({ min: 0, max: 100 }), { nil: undefined }),
    skip: fc.integer({ min: 0, max: 2 }),
  }),
  fc.record({ kind: fc.constant('send' as const) }),
  fc.record({ kind: fc.constant('deliver' as const) }),
  fc.record({ kind: fc.constant('fail' as const), retryable: fc.boolean() }),
  fc.record({ kind: fc.constant('wait' as const), seconds: fc.double({ min: 0.1, max: 90, noNaN: true }) }),
);

/** Plays steps against a record as the heartbeat workflow would, and notes what went out. */
function play(steps: Step[]) {
  const record = newTaskRecord(base);
  registered(record, undefined, false, 1000);
  const sent: TaskNotification[] = [];
  const arrived: TaskNotification[] = [];
  let now = 1000;
  let sequence = 0;
  let newest: TaskReport | undefined;
  const send = () => {
    const due = sendDueAt(record, FRACTION);
    if (due === undefined || due > now) return;
    const notification = stamp(record, now);
    expect(notification.updateDateTime).toBeLessThanOrEqual(now);
    sent.push({ ...notification });
  };
  const deliver = () => {
    if (!record.inFlight) return;
    arrived.push(record.inFlight.notification);
    delivered(record, now, 1);
  };
  for (const each of steps) {
    if (each.kind === 'wait') now += each.seconds;
    if (each.kind === 'send') send();
    if (each.kind === 'deliver') deliver();
    if (each.kind === 'fail') failed(record, { type: 'X', message: '', retryable: each.retryable }, now, 1);
    if (each.kind === 'report') {
      // skip 0 repeats the last sequence: a hand-over delivered twice.
      sequence = Math.max(1, sequence + each.skip);
      const said = report(sequence, { status: each.status, progressPercent: each.percent });
      if (accept(record, said, now) === 'accepted') newest = said;
    }
  }
  for (let i = 0; i < 3; i++) {
    now += 40;
    deliver();
    if (record.pending || record.unsent) send();
    deliver();
  }
  return { record, sent, arrived, newest };
}

describe('the state of a task, whatever the order of reports, deliveries and failures', () => {
  it('sends one notification at a time, stamps that strictly rise, and repeats a failed one to the byte', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const { sent } = play(steps);
        sent.slice(1).forEach((notification, i) => {
          const before = sent[i] as TaskNotification;
          if (notification.updateDateTime === before.updateDateTime) expect(notification).toEqual(before);
          else expect(notification.updateDateTime).toBeGreaterThan(before.updateDateTime);
        });
      }),
      { numRuns: 500 },
    );
  });

  it('delivers the newest accepted report in the end, and nothing after a terminal one', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const { record, arrived, newest } = play(steps);
        expect(record.lastDelivered?.status).toBe(newest?.status);
        const terminal = arrived.findIndex(({ status }) => isTerminal(status));
        if (terminal >= 0) expect(arrived).toHaveLength(terminal + 1);
      }),
      { numRuns: 500 },
    );
  });

  it('never lets the percent fall by itself', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const percents = play(steps).arrived.map(({ progressPercent }) => progressPercent ?? -1);
        expect(percents).toEqual([...percents].sort((a, b) => a - b));
      }),
    );
  });
});

describe('a heartbeat', () => {
  const alive = (name: string): TaskRecord => {
    const record = newTaskRecord({ ...base, migrationTaskName: name });
    registered(record, undefined, false, 1000);
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
  registered(record, { status: 'IN_PROGRESS', progressPercent: 60, updateDateTime: 1000.4 }, false, 1000);
  expect(sendDueAt(record, FRACTION)).toBe(1001);
  expect(stamp(record, 1001.5)).toMatchObject({ progressPercent: 60, updateDateTime: 1001 });
});
