import { describe, expect, it } from 'vitest';
import type { TaskReport } from '../../src/report';
import { mayFollow, type NotifyItem, type Outcome, type ReadBack, type TaskGroup } from '../../src/task-state';
import { failure, groupOf, reportOf } from './tasks';

const START = 1_000_000;
const sixty: ReadBack = { status: 'IN_PROGRESS', progressPercent: 60, updateDateTime: START - 10 };
const terminal: ReadBack = { status: 'FAILED', progressPercent: 80, updateDateTime: START - 10 };

/** A first report, and what its round finds in Migration Hub. */
const met = (found: ReadBack, ...reports: Partial<TaskReport>[]) => {
  const group = groupOf();
  reports.forEach((more, i) => group.take(reportOf(i + 1, more), START));
  const [item] = round(group, START, (each) => (mayFollow(each, found) ? {} : { found }));
  return { group, item: item as NotifyItem, record: [...group.records.values()][0] };
};
function round(group: TaskGroup, now: number, outcomeOf: (item: NotifyItem) => Outcome): NotifyItem[] {
  const due = group.takeDue(now);
  const others = Object.fromEntries(due.items.map((item, i) => [i, outcomeOf(item)]));
  group.settle(due, { stampedAt: Math.floor(now), others }, now);
  return due.items;
}
/** What goes out next. */
const nextOf = (group: TaskGroup, now = START + 100) => round(group, now, () => ({}))[0]?.notification;

describe('a task that is new to its heartbeat workflow', () => {
  it('is registered with its first notification, and not again once that was taken', () => {
    const { group, item } = met({}, { progressPercent: 5 });
    expect(item).toMatchObject({ register: {}, notification: { progressPercent: 5 } });
    group.take(reportOf(2, { progressPercent: 6 }), START + 5);
    expect(round(group, START + 5, () => ({}))).toMatchObject([{ notification: { progressPercent: 6 } }]);
    expect([...group.records.values()][0]).toMatchObject({ registered: true, counters: { notifications: 2 } });
  });

  it('goes on from the percent that Migration Hub holds', () => {
    const { group, record } = met({ ...sixty, updateDateTime: START + 0.4 }, { progressPercent: 5 });
    expect(record).toMatchObject({ registered: true, counters: { notifications: 0 } });
    expect(group.nextDueAt()).toBe(START + 1);
    expect(nextOf(group, START + 1.5)).toMatchObject({ progressPercent: 60, updateDateTime: START + 1 });
  });

  it.each(['IN_PROGRESS', 'FAILED', 'COMPLETED'] as const)(
    'does not fall below that percent with a first report %s, unless allowed',
    (status) => {
      expect(nextOf(met(sixty, { status, progressPercent: 5 }).group)?.progressPercent).toBe(60);
      const { item } = met(sixty, { status, progressPercent: 5, allowDecrease: true });
      expect(item).toMatchObject({ register: { allowDecrease: true }, notification: { progressPercent: 5 } });
    },
  );

  it('may fall where an earlier report, that a newer one has replaced, allowed it', () => {
    const { item, record } = met(sixty, { progressPercent: 0, allowDecrease: true }, { progressPercent: 10 });
    expect(item.notification?.progressPercent).toBe(10);
    expect(record?.lastDelivered?.progressPercent).toBe(10);
  });

  it('is refused where Migration Hub holds it as terminal, and only a reopen is sent', () => {
    const { group, record } = met(terminal, {});
    expect(record?.pending).toBeUndefined();
    expect(record?.reporters['run']?.refused?.sequence).toBe(1);
    expect(record).toMatchObject({ lastDelivered: { status: 'FAILED', progressPercent: 80 }, terminalAt: START });
    expect(nextOf(group)).toBeUndefined();
    const { item } = met(terminal, { reopen: true, progressPercent: 5 });
    expect(item).toMatchObject({ register: { reopen: true }, notification: { progressPercent: 5 } });
  });

  it('is reopened even when a newer report replaces the one that said so before Migration Hub is read back', () => {
    const { item, record } = met(terminal, { reopen: true, progressPercent: 0 }, { progressPercent: 5 });
    expect(record?.reporters['run']?.refused).toBeUndefined();
    expect(item.notification?.progressPercent).toBe(5);
  });

  it("waits until its time is newer than another writer's, but not for a time that is far ahead", () => {
    const dueAfter = (updateDateTime: number) => met({ status: 'IN_PROGRESS', updateDateTime }, {});
    expect(dueAfter(START + 20.5).group.nextDueAt()).toBe(START + 21);
    expect(dueAfter(START + 86_400).record?.lastDelivered).toBeDefined();
  });

  it.each([
    ['the percent that is held', sixty, { status: 'IN_PROGRESS', progressPercent: 60 }],
    ['the end that is held', terminal, undefined],
  ])('keeps %s also where a first round gave no answer', (_what, found, sent) => {
    const group = groupOf();
    group.take(reportOf(1, { progressPercent: 5 }), START);
    group.settle(group.takeDue(START), failure('backoff', { type: 'WorkerLost' }), START + 10);
    round(group, START + 20, (item) => (mayFollow(item, found) ? {} : { found }));
    const next = nextOf(group);
    if (sent) expect(next).toMatchObject(sent);
    else expect(next).toBeUndefined();
    expect(group.hasUndelivered()).toBe(false);
  });
});

describe('a report NOT_STARTED that only registers a task', () => {
  const held: ReadBack = {
    status: 'IN_PROGRESS',
    progressPercent: 40,
    statusDetail: 'Copies',
    updateDateTime: START - 10,
  };
  const TASK = { progressUpdateStream: 'S', migrationTaskName: 'vm-1' };
  const byClient = { status: 'NOT_STARTED', owner: { ownerId: 'client', sequence: 1 } } as const;

  it('does not set back what Migration Hub holds: that is sent in its place, and heartbeats repeat it', () => {
    const { group, record } = met(held, byClient);
    expect(record?.counters.notifications).toBe(0);
    const taken = { status: 'IN_PROGRESS', progressPercent: 40, statusDetail: 'Copies' };
    expect(nextOf(group)).toMatchObject(taken);
    expect(record?.reporters['client']?.delivered).toBe(1);
    expect(nextOf(group, START + 3000)).toMatchObject(taken);
  });

  it('does not set it back either where the task had only attachments until then', () => {
    const group = groupOf();
    group.attach({ ...TASK, kind: 'createdArtifact', name: 'arn:aws:ec2:us-west-2::image/ami-1' }, START);
    round(group, START, () => ({ found: held }));
    group.take(reportOf(1, byClient), START + 5);
    const [item] = round(group, START + 5, (each) => (mayFollow(each, held) ? {} : { found: held }));
    expect(item?.register).toBeDefined();
    expect(nextOf(group)).toMatchObject({ status: 'IN_PROGRESS', progressPercent: 40 });
  });

  it.each([
    ['a workflow run', { owner: { ownerId: 'run', runId: 'run', workflowId: 'w', sequence: 1, startedAt: 500 } }],
    ['a `run` of migrationTask', { owner: { ownerId: 'run', sequence: 1, attempt: 'run/1' } }],
    ['reopen', { reopen: true }],
    ['allowDecrease', { allowDecrease: true }],
  ])('is sent over it with %s', (_what, more) => {
    const { group, record } = met(held, { ...byClient, ...more });
    const status = record?.lastDelivered?.status ?? nextOf(group)?.status;
    expect(status).toBe('NOT_STARTED');
  });

  it('does not hold back a newer report, and is sent over a state NOT_STARTED', () => {
    expect(nextOf(met(held, byClient, { progressPercent: 50 }).group, START + 3000)).toMatchObject({
      progressPercent: 50,
    });
    const { record } = met(
      { ...held, status: 'NOT_STARTED' },
      { ...byClient, progressPercent: 40, statusDetail: 'new' },
    );
    expect(record?.lastDelivered?.statusDetail).toBe('new');
  });

  it('takes over no half of a character where the detail that is held was cut', () => {
    const { group } = met({ ...held, statusDetail: 'x\ud83d' }, byClient);
    expect(nextOf(group)?.statusDetail).toBe('x');
  });
});

describe('an end that Migration Hub was found to hold', () => {
  const LATER = START + 100;
  const byRun = (id: string, sequence: number, more: Partial<TaskReport> = {}): TaskReport =>
    reportOf(1, { owner: { ownerId: id, runId: id, workflowId: `of-${id}`, sequence, startedAt: 500 }, ...more });
  const refuse = () => ({ found: terminal });
  /** A heartbeat workflow that was started by a late report of the run `a`. */
  function startedLate(): TaskGroup {
    const group = groupOf();
    group.take(byRun('a', 1, { progressPercent: 70 }), START);
    round(group, START, () => ({ found: terminal, earlier: { startedAt: 900, isLate: true } }));
    return group;
  }
  const reporterOf = (group: TaskGroup, id: string) => [...group.records.values()][0]?.reporters[id];

  it('judges no further report here: whether that may follow is asked for each', () => {
    const group = startedLate();
    expect(reporterOf(group, 'a')?.refused?.sequence).toBe(1);
    expect(group.take(byRun('b', 1, { progressPercent: 5 }), LATER)).toEqual({});
    const [item] = round(group, LATER, refuse);
    expect(item?.register).toEqual({ startedAt: 500, ownerId: 'b', runId: 'b' });
    expect(reporterOf(group, 'b')?.refused?.sequence).toBe(1);
    expect(group.take(byRun('c', 1, { progressPercent: 5 }), LATER + 1)).toEqual({});
    const [next] = round(group, LATER + 1, () => ({}));
    expect(next).toMatchObject({ register: { ownerId: 'c' }, notification: { progressPercent: 5 } });
    expect(group.view('vm-1', LATER + 1)).toMatchObject({ freshness: 'fresh', lastDelivered: { progressPercent: 5 } });
  });

  it('leaves nothing of a report that is refused: neither attributes nor a discovered resource are sent', () => {
    const group = groupOf();
    const resourceAttributes = [{ type: 'IPV4_ADDRESS' as const, value: '10.0.0.1' }];
    group.take(byRun('a', 1, { resourceAttributes, discoveredResource: 'd-server-1' }), START);
    round(group, START, () => ({ found: terminal, earlier: { startedAt: 900, isLate: true } }));
    expect(group.takeDue(LATER).items).toEqual([]);
    expect(group.view('vm-1', LATER)).toMatchObject({ freshness: 'terminal', attachments: [] });
  });

  it('refuses who is known to be late without asking again, and asks again for who is not', () => {
    const group = startedLate();
    expect(group.take(byRun('a', 2), LATER).refused).toMatch(/already FAILED/);
    group.take(byRun('b', 1), LATER);
    round(group, LATER, refuse);
    group.take(byRun('c', 1), LATER + 1);
    round(group, LATER + 1, refuse);
    expect(group.take(byRun('b', 2), LATER + 2)).toEqual({});
    expect(round(group, LATER + 2, () => ({}))[0]?.register).toMatchObject({ ownerId: 'b' });
  });

  it('is none that this heartbeat workflow could tell a later one of; the end that it sends is', () => {
    const group = startedLate();
    const by = { ownerId: 'b', runId: 'b' };
    expect(group.endOf('vm-1', terminal.updateDateTime, by)).toBeUndefined();
    group.take(byRun('b', 1, { status: 'COMPLETED' }), LATER);
    round(group, LATER, () => ({}));
    expect(group.endOf('vm-1', LATER, by)).toEqual({ startedAt: 500, isLate: true });
    expect(group.take(byRun('b', 2), LATER + 1).refused).toMatch(/already COMPLETED/);
  });

  it('was reported here, where it is just what waits: after a reset the reports are taken again', () => {
    const group = groupOf();
    const end = { status: 'FAILED' as const, progressPercent: 80, statusDetail: 'd'.repeat(2000) };
    group.take(byRun('a', 1, { progressPercent: 80 }), START);
    group.take(byRun('a', 2, end), START);
    group.take(byRun('b', 1, { progressPercent: 5, owner: { ownerId: 'b', sequence: 1, attempt: 'b/1' } }), START);
    const found = { ...terminal, statusDetail: end.statusDetail.slice(0, 300) };
    const [item] = round(group, START, () => ({ found, earlier: { startedAt: 500, isLate: true } }));
    expect(item?.notification).toMatchObject(end);
    expect(reporterOf(group, 'a')).toMatchObject({ delivered: 2 });
    expect(reporterOf(group, 'a')?.refused).toBeUndefined();
    expect([...group.records.values()][0]?.counters.refused).toBe(0);
    // What follows it is sent.
    expect(nextOf(group)).toMatchObject({ status: 'IN_PROGRESS', progressPercent: 5 });
  });

  it('is another one where only its percent or detail is', () => {
    for (const more of [{ progressPercent: 81 }, { progressPercent: 80, statusDetail: 'no space left' }]) {
      const group = groupOf();
      group.take(byRun('a', 1, { status: 'FAILED', ...more }), START);
      round(group, START, refuse);
      expect(reporterOf(group, 'a')?.refused?.sequence).toBe(1);
    }
  });

  it('does not refuse who has reported while it was found out whether another may follow', () => {
    const group = groupOf();
    group.take(byRun('a', 1), START);
    const asked = group.takeDue(START);
    group.take(byRun('b', 1, { progressPercent: 5 }), START + 1);
    group.settle(asked, { others: { 0: { found: terminal, earlier: { startedAt: 900, isLate: true } } } }, START + 2);
    const [item] = round(group, START + 2, () => ({}));
    expect(item).toMatchObject({ register: { ownerId: 'b' }, notification: { progressPercent: 5 } });
    expect(reporterOf(group, 'b')).toMatchObject({ delivered: 1 });
  });

  it.each([
    ['may not follow it either', { attempt: 'b/1' }, false],
    ['may follow it', {}, true],
  ])('where it refuses an end, asks for itself whether what waits behind %s', (_what, earlier, sent) => {
    const group = groupOf();
    group.take(byRun('a', 1, { status: 'COMPLETED' }), START);
    group.take(byRun('b', 1, { owner: { ownerId: 'b', sequence: 1, attempt: 'b/1' } }), START);
    round(group, START, refuse);
    const [item] = round(group, LATER, (each) =>
      mayFollow(each, terminal, earlier) ? {} : { found: terminal, earlier },
    );
    expect(item?.register).toEqual({ attempt: 'b/1', ownerId: 'b' });
    expect([...group.records.values()][0]?.counters).toMatchObject({
      refused: sent ? 1 : 2,
      notifications: sent ? 1 : 0,
    });
    expect(group.hasUndelivered()).toBe(false);
  });
});

describe('a notification may follow what Migration Hub holds', () => {
  const item = (notification: Partial<NotifyItem['notification']>, register = {}): NotifyItem => ({
    progressUpdateStream: 'S',
    migrationTaskName: 'vm-1',
    register,
    notification: {
      status: 'IN_PROGRESS',
      progressPercent: 60,
      updateDateTime: START,
      nextUpdateSeconds: 60,
      ...notification,
    },
  });
  const inProgress = (updateDateTime: number, progressPercent?: number): ReadBack => ({
    status: 'IN_PROGRESS',
    updateDateTime,
    ...(progressPercent !== undefined && { progressPercent }),
  });

  it.each<[string, NotifyItem, ReadBack, boolean]>([
    ['nothing yet', item({}), {}, true],
    ['an older state', item({}), inProgress(START - 1, 60), true],
    ['that very notification: its answer was lost', item({}), inProgress(START, 60), true],
    ['another state of the same second', item({}), inProgress(START, 61), false],
    ['a newer state', item({}), inProgress(START + 1, 60), false],
    ['a newer state, even for a reopen', item({}, { reopen: true }), inProgress(START + 1, 60), false],
    ['a time a minute ahead', item({}), inProgress(START + 60, 60), false],
    ['a time that must be a mistake', item({}), inProgress(START + 61, 60), true],
    ['a higher percent', item({}), inProgress(START - 1, 61), false],
    ['a higher percent, where it may fall', item({}, { allowDecrease: true }), inProgress(START - 1, 61), true],
    ['a percent, where none is reported', item({ progressPercent: undefined }), inProgress(START - 1, 0), false],
    ['no percent', item({ progressPercent: undefined }), inProgress(START - 1), true],
    ['an end', item({}), terminal, false],
    ['an end, where it is reopened', item({}, { reopen: true }), terminal, true],
    ['an end, for another end', item({ status: 'COMPLETED', progressPercent: 100 }), terminal, false],
  ])('%s', (_what, given, found, may) => {
    expect(mayFollow(given, found)).toBe(may);
  });

  it('also where it holds that very end, with the answer lost', () => {
    const end = item({ status: 'COMPLETED', progressPercent: 100 });
    expect(mayFollow(end, { status: 'COMPLETED', progressPercent: 100, updateDateTime: START })).toBe(true);
  });
});
