import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { STATUSES, type TaskReport } from '../../src/report';
import { accept, delivered, failed, heartbeatDueAt, isTerminal, newTaskRecord, registered, sendDueAt, stamp, toView, type ReadBack, type TaskNotification, type TaskRecord } from '../../src/task-state';

const FRACTION = 1 / 3;
const START = 1_000_000;
const base: TaskReport = { progressUpdateStream: 'S', migrationTaskName: 'vm-1', status: 'IN_PROGRESS' };

type Step =
  | { kind: 'report'; ownerId: string; skip: number; content: Partial<TaskReport> }
  | { kind: 'register' }
  | { kind: 'send' }
  | { kind: 'deliver'; attempts: number }
  | { kind: 'fail'; retryable: boolean; retryAfterSeconds?: number }
  | { kind: 'continueAsNew' }
  | { kind: 'wait'; seconds: number };

const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });
const kind = <K extends Step['kind']>(name: K) => fc.constant(name);
const rarely = fc.integer({ min: 0, max: 3 }).map((n) => n === 0);
const report = fc.record({
  kind: kind('report'),
  ownerId: fc.constantFrom('run-a', 'run-b'),
  skip: fc.integer({ min: 0, max: 2 }),
  content: fc.record({
    status: fc.oneof(fc.constant('IN_PROGRESS' as const), fc.constantFrom(...STATUSES)),
    statusDetail: maybe(fc.constantFrom('one', 'two', 'three')),
    progressPercent: maybe(fc.integer({ min: 0, max: 100 })),
    nextUpdateSeconds: maybe(fc.constantFrom(45, 60, 3600)),
    allowDecrease: rarely,
    reopen: rarely,
  }),
});
const wait = fc.record({ kind: kind('wait'), seconds: fc.double({ min: 0.1, max: 90, noNaN: true }) });
const send = fc.record({ kind: kind('send') });
const deliver = fc.record({ kind: kind('deliver'), attempts: fc.integer({ min: 1, max: 4 }) });
const step: fc.Arbitrary<Step> = fc.oneof(
  report,
  wait,
  send,
  deliver,
  fc.record({ kind: kind('register') }),
  fc.record({ kind: kind('continueAsNew') }),
  fc.record({
    kind: kind('fail'),
    retryable: fc.boolean(),
    retryAfterSeconds: maybe(fc.integer({ min: 0, max: 100 })),
  }),
);
const found: fc.Arbitrary<ReadBack | undefined> = maybe(
  fc.record({
    status: fc.constantFrom('NOT_STARTED' as const, 'IN_PROGRESS' as const),
    updateDateTime: fc.double({ min: START - 100, max: START + 50, noNaN: true }),
  }),
);

/** What a task must be, written without a look at how it is kept. */
class Model {
  record = newTaskRecord(base);
  now = START;
  /** Accepted reports; a notification is known by how many had been accepted when its report was. */
  readonly accepted: { report: TaskReport; percent?: number; mayFall: boolean }[] = [];
  readonly arrived: { notification: TaskNotification; accepted: number }[] = [];
  private readonly sequences: Record<string, number> = {};
  private readonly highest: Record<string, number> = {};
  private lastStamp = 0;
  private flight?: { notification: TaskNotification; accepted: number };
  private failedLast = false;
  private lost?: { notification: TaskNotification; accepted: number };

  constructor(private readonly hub: ReadBack | undefined) {}

  do(each: Step): void {
    if (each.kind === 'wait') this.now += each.seconds;
    if (each.kind === 'report') this.report(each);
    if (each.kind === 'register') this.register();
    if (each.kind === 'send') this.send();
    if (each.kind === 'deliver') this.deliver(each.attempts);
    if (each.kind === 'fail') this.fail(each);
    if (each.kind === 'continueAsNew') this.record = JSON.parse(JSON.stringify(this.record)) as TaskRecord;
    this.checkView();
  }

  get newest() {
    return this.accepted.at(-1);
  }

  private report({ ownerId, skip, content }: Extract<Step, { kind: 'report' }>): void {
    const sequence = (this.sequences[ownerId] = Math.max(1, (this.sequences[ownerId] ?? 0) + skip));
    const said: TaskReport = { ...base, ...content, owner: { ownerId, sequence } };
    const before = structuredClone(this.record);
    const verdict = accept(this.record, said, this.now);
    const settled = isTerminal(this.newest?.report.status);
    if (sequence <= (this.highest[ownerId] ?? 0)) {
      expect(verdict).toBe('duplicate');
      expect(this.record).toEqual(before);
      return;
    }
    this.highest[ownerId] = sequence;
    if (settled && !content.reopen) {
      expect(verdict).toBe('refused');
      expect(this.record.reporters[ownerId]?.refused?.sequence).toBe(sequence);
      expect({ ...this.record, reporters: {}, counters: {} }).toEqual({ ...before, reporters: {}, counters: {} });
      return;
    }
    expect(verdict).toBe('accepted');
    const mayFall = settled || (content.allowDecrease ?? false);
    const last = settled ? undefined : this.newest?.percent;
    const percent =
      content.progressPercent === undefined
        ? last
        : content.allowDecrease
          ? content.progressPercent
          : Math.max(content.progressPercent, last ?? 0);
    this.accepted.push({ report: said, percent, mayFall });
  }

  register(): void {
    if (this.record.registered || !this.record.pending) return;
    registered(this.record, this.hub, this.now);
    this.lastStamp = this.hub?.updateDateTime ?? 0;
  }

  send(): void {
    const due = sendDueAt(this.record, FRACTION);
    if (this.flight) expect(due).toBeUndefined();
    if (!this.record.registered || due === undefined || due > this.now) return;
    const last = this.arrived.at(-1);
    const newer = this.accepted.length > ((this.lost ?? last)?.accepted ?? 0);
    const notification = structuredClone(stamp(this.record, this.now));
    const holds = (n: TaskNotification) => this.now < n.updateDateTime + n.nextUpdateSeconds / 2;
    if (this.lost && !newer && holds(this.lost.notification)) {
      expect(notification).toEqual(this.lost.notification);
    } else {
      expect(notification.updateDateTime).toBeGreaterThan(this.lastStamp);
      if (!newer && !this.lost) expect(notification).toMatchObject(stateOf((last as Arrived).notification));
    }
    expect(notification.updateDateTime).toBeLessThanOrEqual(this.now);
    expect(Number.isInteger(notification.updateDateTime)).toBe(true);
    this.lastStamp = notification.updateDateTime;
    this.flight = { notification, accepted: this.accepted.length };
    this.lost = undefined;
  }

  deliver(attempts = 1): void {
    if (!this.flight) return;
    delivered(this.record, this.now, attempts);
    this.arrived.push(this.flight);
    this.flight = undefined;
    this.failedLast = false;
    const { notification } = this.arrived.at(-1) as Arrived;
    expect(this.record.lastDelivered).toMatchObject(notificationState(notification));
    expect(this.record.terminalAt !== undefined).toBe(isTerminal(notification.status));
    const due = heartbeatDueAt(this.record, FRACTION);
    if (isTerminal(notification.status)) expect(due).toBeUndefined();
    else {
      expect(due).toBeLessThanOrEqual(notification.updateDateTime + FRACTION * notification.nextUpdateSeconds);
      expect(due).toBeGreaterThan(notification.updateDateTime);
    }
  }

  private fail({ retryable, retryAfterSeconds }: Extract<Step, { kind: 'fail' }>): void {
    if (!this.flight) return;
    failed(this.record, { type: 'X', message: 'x', retryable, retryAfterSeconds }, this.now, 1);
    this.lost = this.flight;
    this.flight = undefined;
    this.failedLast = true;
  }

  private checkView(): void {
    const view = toView(this.record, FRACTION, this.now);
    const last = this.arrived.at(-1)?.notification;
    const expected = !last
      ? 'never-delivered'
      : isTerminal(last.status)
        ? 'terminal'
        : this.now > last.updateDateTime + last.nextUpdateSeconds
          ? 'stale'
          : this.failedLast
            ? 'at-risk'
            : 'fresh';
    expect(view.freshness).toBe(expected);
    expect(view.judgedAt).toBe(this.now);
    const waits = this.accepted.length > (this.arrived.at(-1)?.accepted ?? 0);
    if (waits) expect(view.pending?.status).toBe(this.newest?.report.status);
    expect(JSON.parse(JSON.stringify(view))).toEqual(JSON.parse(JSON.stringify(structuredClone(view))));
  }

  /** Migration Hub answers again: all that waits arrives. */
  drain(): void {
    this.register();
    this.deliver();
    for (let i = 0; i < 3 && (this.record.pending || this.record.unsent); i++) {
      this.now += 100;
      this.send();
      this.deliver();
    }
    this.checkView();
  }
}

type Arrived = Model['arrived'][number];
const stateOf = ({ status, statusDetail, progressPercent }: TaskNotification) =>
  JSON.parse(JSON.stringify({ status, statusDetail, progressPercent })) as object;
const notificationState = ({ updateDateTime, nextUpdateSeconds, ...rest }: TaskNotification) => ({
  ...stateOf({ updateDateTime, nextUpdateSeconds, ...rest }),
  updateDateTime,
  nextUpdateSeconds,
});

const play = (steps: Step[], hub: ReadBack | undefined) => {
  const model = new Model(hub);
  for (const each of steps) model.do(each);
  model.drain();
  return model;
};

describe('whatever the order of reports, deliveries, failures and restarts', () => {
  it('a task is stamped, repeated, refused and judged as the model says, and its newest report arrives', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), found, (steps, hub) => {
        const { record, newest, arrived } = play(steps, hub);
        if (!newest) {
          expect(arrived).toEqual([]);
          return;
        }
        expect(record.pending ?? record.unsent ?? record.inFlight).toBeUndefined();
        expect(record.lastDelivered).toMatchObject({ status: newest.report.status });
        expect(record.lastDelivered?.statusDetail).toBe(newest.report.statusDetail);
        expect(record.lastDelivered?.progressPercent).toBe(newest.percent);
      }),
      { numRuns: 2000 },
    );
  });

  it('nothing follows a terminal state in Migration Hub but a reopened attempt, and percent falls only when allowed', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), found, (steps, hub) => {
        const { arrived, accepted } = play(steps, hub);
        arrived.slice(1).forEach(({ notification, accepted: to }, i) => {
          const { notification: before, accepted: from } = arrived[i] as Arrived;
          const between = accepted.slice(from, to);
          if (isTerminal(before.status)) expect(between.some(({ report }) => report.reopen)).toBe(true);
          const fell = (notification.progressPercent ?? -1) < (before.progressPercent ?? -1);
          if (fell) expect(between.some(({ mayFall }) => mayFall)).toBe(true);
        });
      }),
      { numRuns: 1000 },
    );
  });

  it('a task whose Migration Hub answers is never stale', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(report, wait), { maxLength: 40 }), (steps) => {
        const model = new Model(undefined);
        for (const each of steps) {
          const until = model.now + (each.kind === 'wait' ? each.seconds : 0);
          if (each.kind === 'report') model.do(each);
          model.register();
          for (;;) {
            const due = sendDueAt(model.record, FRACTION);
            if (due === undefined || due > until || !model.record.registered) break;
            model.now = Math.max(model.now, due);
            model.send();
            model.deliver();
            expect(toView(model.record, FRACTION, model.now).freshness).not.toBe('stale');
          }
          model.now = until;
          expect(toView(model.record, FRACTION, until).freshness).not.toBe('stale');
        }
        expect(model.record.counters.missedDeadlines).toBe(0);
      }),
    );
  });
});

describe('what reports without an owner, several owners and a read-back must not lose', () => {
  const known = (hub?: ReadBack) => {
    const record = newTaskRecord(base);
    if (!hub) registered(record, undefined, START);
    return record;
  };
  const by = (ownerId: string, sequence: number, more: Partial<TaskReport> = {}): TaskReport => ({
    ...base,
    owner: { ownerId, sequence },
    ...more,
  });

  it('a report without an owner that comes while an older one is on its way is sent next', () => {
    const record = known();
    accept(record, { ...base, statusDetail: 'old' }, START);
    stamp(record, START);
    accept(record, { ...base, statusDetail: 'new' }, START + 0.5);
    delivered(record, START + 1, 1);
    expect(record.pending?.statusDetail).toBe('new');
    expect(sendDueAt(record, FRACTION)).toBe(START + 1);
  });

  it('a report without an owner that comes while a heartbeat is on its way is sent next', () => {
    const record = known();
    accept(record, by('run', 1), START);
    stamp(record, START);
    delivered(record, START, 1);
    stamp(record, START + 1200);
    accept(record, { ...base, status: 'COMPLETED' }, START + 1200.5);
    delivered(record, START + 1201, 1);
    expect(record.pending?.status).toBe('COMPLETED');
  });

  it("an owner whose report was replaced by another owner's learns that the newer one was delivered", () => {
    const record = known();
    accept(record, by('run-a', 1), START);
    accept(record, by('run-b', 1, { statusDetail: 'newer' }), START);
    stamp(record, START);
    delivered(record, START, 1);
    expect(record.reporters['run-b']?.delivered).toBe(1);
    expect(record.reporters['run-a']?.delivered).toBe(1);
  });

  const terminal: ReadBack = { status: 'FAILED', progressPercent: 80, updateDateTime: START - 10 };

  it('a report for a task that Migration Hub holds as terminal is refused, and only a reopen is sent', () => {
    const late = known(terminal);
    accept(late, by('run', 1), START);
    registered(late, terminal, START);
    expect(late.pending).toBeUndefined();
    expect(late.reporters['run']?.refused?.sequence).toBe(1);
    expect(sendDueAt(late, FRACTION)).toBeUndefined();
    const reopened = known(terminal);
    accept(reopened, by('run', 1, { reopen: true, progressPercent: 5 }), START);
    registered(reopened, terminal, START);
    expect(stamp(reopened, START)).toMatchObject({ status: 'IN_PROGRESS', progressPercent: 5 });
  });

  it('a reopen counts even when a newer report replaces it before Migration Hub is read back', () => {
    const record = known(terminal);
    accept(record, by('run', 1, { reopen: true, progressPercent: 0 }), START);
    accept(record, by('run', 2, { progressPercent: 5 }), START);
    registered(record, terminal, START);
    expect(record.reporters['run']?.refused).toBeUndefined();
    expect(record.pending?.progressPercent).toBe(5);
  });

  const sixty: ReadBack = { status: 'IN_PROGRESS', progressPercent: 60, updateDateTime: START - 10 };

  it('percent falls below what Migration Hub holds when the report allows it', () => {
    const record = known(sixty);
    accept(record, by('run', 1, { progressPercent: 5, allowDecrease: true }), START);
    registered(record, sixty, START);
    expect(stamp(record, START).progressPercent).toBe(5);
  });

  it.each(['IN_PROGRESS', 'FAILED', 'COMPLETED'] as const)(
    'percent of a first report (%s) does not fall below what Migration Hub holds unless allowed',
    (status) => {
      const record = known(sixty);
      accept(record, by('run', 1, { status, progressPercent: 5 }), START);
      registered(record, sixty, START);
      expect(stamp(record, START).progressPercent).toBe(60);
    },
  );

  it("a notification waits until its time is newer than another writer's, but not for a time that is far ahead", () => {
    const dueAfter = (updateDateTime: number) => {
      const record = known();
      accept(record, by('run', 1), START);
      registered(record, { status: 'IN_PROGRESS', updateDateTime }, START);
      return sendDueAt(record, FRACTION);
    };
    expect(dueAfter(START + 20.5)).toBe(START + 21);
    expect(dueAfter(START + 86_400)).toBeLessThanOrEqual(START);
  });

  it('a retry after its deadline has a new time, and the miss is counted', () => {
    const record = known();
    accept(record, by('run', 1, { nextUpdateSeconds: 60 }), START);
    stamp(record, START);
    delivered(record, START, 1);
    stamp(record, START + 20);
    failed(record, { type: 'X', message: '', retryable: true }, START + 21, 4);
    expect(stamp(record, START + 80)).toMatchObject({ updateDateTime: START + 80, status: 'IN_PROGRESS' });
    delivered(record, START + 81, 1);
    expect(record.counters.missedDeadlines).toBe(1);
  });
});
