import { describe, expect, it } from 'vitest';
import type { ReportOwner, TaskReport } from '../../src/report';
import { accept, newTaskRecord, stamp } from '../../src/task-state';
import type { TaskGroup, TaskRecord, TaskStateView } from '../../src/task-state';
import { carried } from '../../src/task-state/carried';
import { bytesOf, PAYLOAD_BYTES } from '../../src/task-state/fit-payload';
import { delivered } from '../../src/task-state/notify';
import { failure, groupOf, nextRunOf, reportOf } from './tasks';

const NOW = 1_000_000;
const LINGER = { lingerSeconds: 60 };
const AFTER = NOW + 61;
const ATTRIBUTES = [{ type: 'FQDN' as const, value: 'web-01.example.com' }];

/** Migration Hub takes all that is due. */
function send(group: TaskGroup, now: number) {
  const { warnings, ...round } = group.takeDue(now);
  group.settle(round, { stampedAt: Math.floor(now), others: {} }, now);
  return { ...round, warnings };
}
/** A report of a run of the workflow `migrate`. */
const byRun = (run: number, sequence: number, more: Partial<TaskReport> = {}): TaskReport => {
  const owner: ReportOwner = {
    ...{ ownerId: `run-${run}`, workflowId: 'migrate', runId: `run-${run}`, attempt: `run-${run}` },
    ...{ sequence, startedAt: NOW - 100 + 90 * run, reportedAt: NOW },
  };
  return reportOf(sequence, { owner, ...more });
};
const viewOf = (group: TaskGroup, name = 'vm-1', now = AFTER) => group.view(name, now) as TaskStateView;
const namesOf = (views: TaskStateView[]) => views.map(({ migrationTaskName }) => migrationTaskName).sort();

/** A group with an open task, and one that has FAILED and left. */
function withLeft(): TaskGroup {
  const group = groupOf(LINGER);
  group.take(reportOf(1, { migrationTaskName: 'open' }), NOW);
  const labels = { application: 'payroll', wave: '1' };
  group.take(byRun(1, 1, { status: 'FAILED', progressPercent: 80, labels, resourceAttributes: ATTRIBUTES }), NOW);
  send(group, NOW);
  send(group, NOW + 60);
  expect([...group.records.keys()]).toEqual(['open']);
  return group;
}

describe.each<[string, (group: TaskGroup) => TaskGroup]>([
  ['in the same run', (group) => group],
  ['in the next run', (group) => nextRunOf(group, LINGER)],
  ['three runs later', (group) => [1, 2, 3].reduce((next) => nextRunOf(next, LINGER), group)],
])('a task that has left its group, %s', (_when, later) => {
  it('is answered, listed and part of the result, with its labels and its end', () => {
    const group = later(withLeft());
    const labels = { application: 'payroll', wave: '1' };
    const known = { freshness: 'terminal', lastDelivered: { status: 'FAILED', progressPercent: 80 }, labels };
    expect(viewOf(group)).toMatchObject(known);
    expect(namesOf(group.states(AFTER))).toEqual(['open', 'vm-1']);
    expect(group.ledger(AFTER).find(({ migrationTaskName }) => migrationTaskName === 'vm-1')).toMatchObject(known);
  });

  it('refuses a belated report, ignores one that comes twice, and stays gone', () => {
    const group = later(withLeft());
    expect(group.take(byRun(1, 2), AFTER).refused).toMatch(/already FAILED/);
    expect(group.take(byRun(1, 1, { status: 'FAILED' }), AFTER)).toEqual({});
    expect(send(group, AFTER).items).toEqual([]);
    expect([...group.records.keys()]).toEqual(['open']);
    expect(viewOf(group)).toMatchObject({ lastDelivered: { status: 'FAILED' }, counters: { reports: 1, refused: 1 } });
  });

  it('begins a new attempt with what is known: not registered again, no attribute is sent twice, labels stay', () => {
    const group = later(withLeft());
    expect(group.take(byRun(2, 1, { progressPercent: 5, resourceAttributes: ATTRIBUTES }), AFTER)).toEqual({});
    const [item, ...others] = send(group, AFTER).items;
    expect(others).toEqual([]);
    expect(item).toMatchObject({ notification: { status: 'IN_PROGRESS', progressPercent: 5 } });
    expect(item).not.toHaveProperty('register');
    expect(item).not.toHaveProperty('attach');
    expect(viewOf(group)).toMatchObject({
      freshness: 'fresh',
      labels: { application: 'payroll', wave: '1' },
      counters: { reports: 2, notifications: 2 },
    });
    // The attempt before is over.
    expect(group.take(byRun(1, 3), AFTER).refused).toMatch(/newer attempt/);
    expect(namesOf(group.states(AFTER))).toEqual(['open', 'vm-1']);
  });

  it('does not keep its group open', () => {
    const group = later(withLeft());
    group.take(reportOf(2, { migrationTaskName: 'open', status: 'COMPLETED' }), AFTER);
    send(group, AFTER);
    send(group, AFTER + 60);
    expect(group.records.size).toBe(0);
    expect(namesOf(group.ledger(AFTER + 60))).toEqual(['open', 'vm-1']);
  });
});

describe('a task that was given up', () => {
  const givenUp = (name: string, group = groupOf(LINGER)) => {
    group.take(reportOf(1, { migrationTaskName: name, silenceLimitSeconds: 100 }), NOW);
    send(group, NOW);
    expect(send(group, NOW + 100).warnings).toMatchObject([{ migrationTaskName: name }]);
    return group;
  };

  it('stays, stale and without a timer, in every run, until its end is reported', () => {
    for (const group of [givenUp('vm-1'), nextRunOf(givenUp('vm-1'), LINGER)]) {
      expect(group.nextDueAt()).toBeUndefined();
      const later = NOW + 30 * 86_400;
      send(group, later);
      expect(group.records.size).toBe(1);
      expect(viewOf(group, 'vm-1', later)).toMatchObject({ freshness: 'stale', abandoned: { at: NOW + 100 } });
      expect(group.earliestDeadline()).toBe(NOW + 3600);
      group.take(reportOf(2, { status: 'COMPLETED' }), later);
      send(group, later);
      send(group, later + 60);
      expect(group.records.size).toBe(0);
      expect(viewOf(group, 'vm-1', later)).toMatchObject({ freshness: 'terminal' });
    }
  });

  it('gives way in a full group, after those at their end; it is listed all the same', () => {
    const group = givenUp('forgotten');
    group.take(reportOf(1, { migrationTaskName: 'ended', status: 'COMPLETED' }), NOW + 200);
    for (let i = 0; i < 998; i++) group.take(reportOf(1, { migrationTaskName: `open-${i}` }), NOW + 200);
    send(group, NOW + 200);
    const add = (name: string) => group.take(reportOf(1, { migrationTaskName: name }), NOW + 201).refused;
    expect(add('first')).toBeUndefined();
    expect([group.records.has('ended'), group.records.has('forgotten')]).toEqual([false, true]);
    expect(add('second')).toBeUndefined();
    expect(group.records.has('forgotten')).toBe(false);
    expect(add('third')).toMatch(/holds 1000 open tasks/);
    expect(viewOf(group, 'forgotten', NOW + 9000)).toMatchObject({ freshness: 'stale' });
    expect(group.states(NOW)).toHaveLength(1002);
    // What is refused of a task that has left does not hide what is known of it.
    expect(group.take(byRun(9, 1, { migrationTaskName: 'ended' }), NOW + 202).refused).toMatch(/1000 open tasks/);
    expect(viewOf(group, 'ended')).toMatchObject({
      lastDelivered: { status: 'COMPLETED' },
      reporters: { 'run-9': { refused: { sequence: 1 } } },
    });
  });
});

it('what a full group turned away makes no other report of its workflow run late, once there is room', () => {
  const group = groupOf(LINGER);
  const byName = (run: number, n: number, more: Partial<TaskReport> = {}) => {
    const owner = { ...byRun(run, 1).owner, ownerId: `activity-${run}/${n}`, attempt: undefined } as ReportOwner;
    return reportOf(1, { owner, ...more });
  };
  group.take(byName(1, 1, { status: 'FAILED' }), NOW);
  send(group, NOW);
  send(group, AFTER);
  for (let i = 0; i < 1000; i++) group.take(reportOf(1, { migrationTaskName: `open-${i}` }), AFTER);
  expect(group.take(byName(2, 1), AFTER).refused).toMatch(/1000 open tasks/);
  group.take(reportOf(2, { migrationTaskName: 'open-0', status: 'COMPLETED' }), AFTER);
  send(group, AFTER + 1);
  expect(group.take(byName(2, 2), AFTER + 1)).toEqual({});
  expect(group.take(byName(1, 2), AFTER + 1).refused).toMatch(/newer attempt/);
});

describe('what is carried of tasks that have left', () => {
  const recordOf = (report: TaskReport): TaskRecord => {
    const record = newTaskRecord(report);
    accept(record, report, NOW);
    return record;
  };
  const many = <T>(count: number, make: (i: number) => T) => Array.from({ length: count }, (_, i) => make(i));
  /** Tasks at their end with a label each, the oldest first. */
  const ended = (count: number, more: Partial<TaskReport> = {}): TaskRecord[] =>
    many(count, (i) => {
      const labels = { wave: `${i}` };
      const record = recordOf(byRun(1, 1, { migrationTaskName: `left-${i}`, status: 'COMPLETED', labels, ...more }));
      stamp(record, NOW);
      delivered(record, NOW + i, 1);
      return record;
    });
  const open = (count: number, more: Partial<TaskReport> = {}): TaskRecord[] =>
    many(count, (i) => recordOf(reportOf(1, { migrationTaskName: `open-${i}`, ...more })));

  it('is all of them where there is room: some hundred bytes each', () => {
    const left = ended(500);
    const { left: kept, leftOut } = carried(open(10), left);
    expect(kept.map(({ labels }) => labels['wave'])).toEqual(left.map(({ labels }) => labels['wave']));
    expect(leftOut).toEqual({ tasks: 0, labels: 0, attachments: 0 });
  });

  it('is the newest where there are too many, in their order, and the number of the others', () => {
    const left = ended(2000, { statusDetail: 'd'.repeat(150) });
    const { left: kept, leftOut } = carried([], left);
    expect(bytesOf(kept)).toBeLessThanOrEqual(800_002);
    expect(kept.length).toBeGreaterThan(500);
    expect(leftOut.tasks).toBe(2000 - kept.length);
    expect(leftOut.tasks).toBeGreaterThan(0);
    expect(kept.map(({ migrationTaskName }) => migrationTaskName)).toEqual(
      left.slice(-kept.length).map(({ migrationTaskName }) => migrationTaskName),
    );
  });

  it('takes nothing from the tasks of the group: together they fit a payload', () => {
    const records = open(1000, { statusDetail: '🚚'.repeat(2500) });
    const { tasks, left, leftOut } = carried(records, ended(300));
    expect(tasks).toEqual(carried(records, []).tasks);
    expect(tasks).toHaveLength(1000);
    expect(bytesOf(tasks) + bytesOf(left)).toBeLessThanOrEqual(PAYLOAD_BYTES + 2);
    expect(left.length + leftOut.tasks).toBe(300);
  });

  it('counts tasks at their end that had to give way, and labels that were left out', () => {
    const records = [...ended(2500, { labels: { application: '統'.repeat(60) } }), ...open(2000)];
    const { tasks, left, leftOut } = carried(records, ended(1, { migrationTaskName: 'before' }));
    expect(tasks.filter(({ terminalAt }) => terminalAt === undefined)).toHaveLength(2000);
    expect(leftOut.tasks).toBeGreaterThan(0);
    expect(tasks.length + left.length + leftOut.tasks).toBe(4501);
    expect(leftOut.labels).toBe(tasks.length - 2000);
    expect(leftOut.labels).toBeGreaterThan(0);
  });

  it('is short: one reporter of each run, the beginning of the detail, attachments that are short together', () => {
    const group = groupOf();
    const artifact = (i: number) => `arn:aws:ec2:us-west-2:123456789012:image/ami-${i}${'0'.repeat(100)}`;
    for (let i = 1; i <= 40; i++) {
      // As callers in other languages: each activity is a reporter.
      const owner = { ...byRun(i % 2, 1).owner, ownerId: `activity-${i}`, attempt: undefined } as ReportOwner;
      group.take(reportOf(1, { owner, discoveredResource: 'd-server-1', statusDetail: 'x'.repeat(2500) }), NOW);
      group.attach({ ...reportOf(1), kind: 'createdArtifact', name: artifact(i) }, NOW);
    }
    group.take(byRun(1, 41, { status: 'COMPLETED', statusDetail: 'y'.repeat(2500) }), NOW);
    for (let now = NOW; now < NOW + 60; now++) send(group, now);
    const [record] = group.records.values();
    const [short] = carried([], [record as TaskRecord]).left;
    expect(Object.values(short?.reporters ?? {}).map(({ runId }) => runId)).toEqual(
      expect.arrayContaining(['run-0', 'run-1']),
    );
    expect(Object.keys(short?.reporters ?? {}).length).toBeLessThanOrEqual(4);
    expect(short?.lastDelivered?.statusDetail).toBe(`${'y'.repeat(199)}…`);
    expect(short?.attachments?.[0]).toMatchObject({ kind: 'discoveredResource', state: 'associated' });
    expect(bytesOf(short?.attachments)).toBeLessThanOrEqual(1100);
    expect(short?.owners).toEqual([]);
    expect(bytesOf(short)).toBeLessThan(3000);
    expect(carried([], [short as TaskRecord]).left).toEqual([short]);
  });

  it('has no more artifacts than there is room for; what was given up when the task left is not counted again', () => {
    const [record] = ended(1) as [TaskRecord];
    const waiting = { kind: 'createdArtifact' as const, state: 'pending' as const, failure: failure('operator') };
    const attachments = Array.from({ length: 50 }, (_, i) => ({ ...waiting, name: `arn:${'a'.repeat(200)}${i}` }));
    const { left, leftOut } = carried([], [{ ...record, attachments }]);
    expect(left[0]?.attachments?.length).toBeGreaterThan(0);
    expect(left[0]?.attachments?.length).toBeLessThan(50);
    expect(leftOut.attachments).toBe(0);
  });
});

it('a list is whole where the answer of a query must fit a payload', () => {
  const group = groupOf();
  const labels = Object.fromEntries(Array.from({ length: 12 }, (_, i) => [`label-${i}`, '統'.repeat(60)]));
  for (let i = 0; i < 1000; i++) group.take(reportOf(1, { migrationTaskName: `vm-${i}`, labels }), NOW);
  const labelled = (views: TaskStateView[]) => views.filter((view) => Object.keys(view.labels).length === 12).length;
  expect(labelled(group.states(NOW))).toBe(1000);
  expect(labelled(group.ledger(NOW))).toBe(0);
  expect(group.view(null, NOW)).toEqual(group.ledger(NOW));
});
