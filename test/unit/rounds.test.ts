import { describe, expect, it } from 'vitest';
import type { TaskReport } from '../../src/report';
import {
  toRounds,
  type NotifyFailure,
  type NotifyResult,
  type Outcome,
  type TaskGroup,
  type TaskRecord,
} from '../../src/task-state';
import { failure, groupOf, reportOf } from './tasks';

const NOW = 1_000_000;
const named = (migrationTaskName: string, more: Partial<TaskReport> = {}) =>
  reportOf(1, { migrationTaskName, ...more });
const taskOf = (group: TaskGroup, name = 'vm-1') => group.records.get(name) as TaskRecord;
const result = (others: Record<number, Outcome> = {}, stampedAt = NOW): NotifyResult => ({ stampedAt, others });

/** A task that was delivered at `NOW`. */
function alive(more: Partial<TaskReport> = {}): TaskGroup {
  const group = groupOf();
  group.take(named('vm-1', more), NOW);
  group.settle(group.takeDue(NOW), result(), NOW);
  return group;
}

describe('a round', () => {
  it('takes each task that is due once: a task is busy until its round has ended', () => {
    const group = groupOf();
    group.take(named('vm-1'), NOW);
    group.take(named('vm-2'), NOW);
    const round = group.takeDue(NOW);
    expect(round.items.map(({ migrationTaskName }) => migrationTaskName)).toEqual(['vm-1', 'vm-2']);
    group.take(reportOf(2, { progressPercent: 50 }), NOW + 1);
    expect(group.nextDueAt()).toBeUndefined();
    expect(group.takeDue(NOW + 1).items).toEqual([]);
    group.settle(round, result(), NOW + 2);
    expect(group.takeDue(NOW + 2).items).toMatchObject([
      { migrationTaskName: 'vm-1', notification: { progressPercent: 50 } },
    ]);
  });

  it.each<[string, Partial<TaskReport>, number, number]>([
    ['a heartbeat: when the task becomes stale', {}, 1200, NOW + 3600],
    ['a late one: when it became stale', { nextUpdateSeconds: 60 }, 90, NOW + 60],
  ])('says by when each call should go out: %s', (_what, more, after, dueBy) => {
    expect(alive(more).takeDue(NOW + after).items).toMatchObject([{ dueBy }]);
  });

  it('says that a report should be there within 20 s, or before its task is stale', () => {
    const group = groupOf();
    group.take(named('vm-1'), NOW + 0.5);
    expect(group.takeDue(NOW + 0.5).items).toMatchObject([{ dueBy: NOW + 20 }]);
    const soonStale = alive({ nextUpdateSeconds: 60 });
    soonStale.take(reportOf(2, {}), NOW + 50);
    expect(soonStale.takeDue(NOW + 50).items).toMatchObject([{ dueBy: NOW + 60 }]);
  });

  it('begins with the nearest deadline: a report has 20 s, and attachments alone come last', () => {
    const group = groupOf();
    const names = (at: number) => group.takeDue(at).items.map(({ migrationTaskName }) => migrationTaskName);
    const deliver = (name: string, nextUpdateSeconds: number, at: number) => {
      group.take(named(name, { nextUpdateSeconds }), at);
      group.settle(group.takeDue(at), result({}, at), at);
    };
    deliver('later', 3600, NOW);
    deliver('sooner', 1860, NOW + 600);
    deliver('soonest', 600, NOW + 1000);
    deliver('attached', 86_400, NOW + 1000);
    const attached = { progressUpdateStream: 'S', migrationTaskName: 'attached' };
    group.attach({ ...attached, kind: 'createdArtifact', name: 'arn:aws:ec2:us-west-2::image/ami-1' }, NOW + 1100);
    group.take(named('reported'), NOW + 1199);
    expect(names(NOW + 1220)).toEqual(['reported', 'soonest', 'sooner', 'later', 'attached']);
  });

  it('of which nothing is told has delivered all of its tasks', () => {
    const group = groupOf();
    for (let i = 0; i < 500; i++) group.take(named(`vm-${i}`), NOW);
    group.settle(group.takeDue(NOW), result(), NOW + 3);
    for (const view of group.ledger(NOW + 3)) expect(view).toMatchObject({ freshness: 'fresh', registered: true });
    expect(group.hasUndelivered()).toBe(false);
  });

  it.each<[string, Outcome | NotifyFailure, object]>([
    ['an answer', {}, { freshness: 'fresh', counters: { notifications: 2, heartbeats: 1, retries: 0 } }],
    ['an answer at the third try', { attempts: 3 }, { counters: { notifications: 2, retries: 2 } }],
    [
      'a failure that may pass',
      { failure: failure() },
      { freshness: 'at-risk', pending: { attempts: 1 }, lastFailure: { retry: 'backoff', at: NOW + 1200 } },
    ],
    ['one that an operator must mend', { failure: failure('operator') }, { lastFailure: { retry: 'operator' } }],
    ['a task that Migration Hub does not know', { failure: failure('register') }, { registered: false }],
    ['no turn', { notBegun: true }, { freshness: 'fresh', pending: undefined, counters: { notifications: 1 } }],
    [
      'an owner that failed',
      { ownerEnd: 'FAILED' },
      { pending: { status: 'FAILED' }, abandoned: { at: NOW + 1200, reason: 'its owner migrate failed' } },
    ],
    ['an owner that completed', { ownerEnd: 'COMPLETED' }, { pending: undefined, nextHeartbeatAt: undefined }],
    ['no answer of the whole activity', failure('backoff', { type: 'WorkerLost' }), { freshness: 'at-risk' }],
  ])('with %s for a heartbeat', (_what, outcome, expected) => {
    const group = alive({ owner: { ownerId: 'run', workflowId: 'migrate', sequence: 1 } });
    const round = group.takeDue(NOW + 1200);
    expect(round.items).toMatchObject([{ owners: { workflows: [{ workflowId: 'migrate' }], heartbeat: true } }]);
    const isWhole = 'retry' in outcome;
    const ended = group.settle(round, isWhole ? outcome : result({ 0: outcome }, NOW + 1200), NOW + 1200);
    expect(group.view('vm-1', NOW + 1200)).toMatchObject(expected);
    expect(ended).toHaveLength('ownerEnd' in outcome ? 1 : 0);
    expect(group.busy.size).toBe(0);
  });

  it.each([
    ['backoff', 1],
    ['operator', 30],
    ['register', 30],
    ['never', 30],
  ] as const)('that fails with %s is tried again after about %d s', (retry, seconds) => {
    const group = alive();
    const now = NOW + 1200;
    group.settle(group.takeDue(now), result({ 0: { failure: failure(retry) } }, now), now);
    const wait = (group.nextDueAt() as number) - now;
    expect(wait).toBeGreaterThanOrEqual(seconds * 0.75);
    expect(wait).toBeLessThanOrEqual(seconds * 1.25);
  });

  it('counts how often a newer report ended it without an outcome, so that the next may take longer', () => {
    const group = alive();
    const superseded: NotifyFailure = { type: 'Superseded', message: '', retry: 'backoff' };
    const counts = [superseded, superseded, failure(), superseded].map((answer, i) => {
      group.settle(group.takeDue(NOW + 1200 + 60 * i), answer, NOW + 1200 + 60 * i);
      return taskOf(group).superseded;
    });
    expect(counts).toEqual([1, 2, undefined, 1]);
    group.settle(group.takeDue(NOW + 1500), result({}, NOW + 1500), NOW + 1500);
    expect(taskOf(group).superseded).toBeUndefined();
  });

  it.each([
    ['lost its worker is tried again after a second, however often', 'WorkerLost', 1],
    ['no worker took waits longer each time', 'NoWorker', 25],
  ])('that %s', (_how, type, seconds) => {
    const group = alive();
    let now = NOW + 1200;
    for (let lost = 0; lost < 7; lost++) {
      group.settle(group.takeDue(now), failure('backoff', { type }), now);
      now = group.nextDueAt() as number;
    }
    group.settle(group.takeDue(now), failure('backoff', { type }), now);
    const wait = (group.nextDueAt() as number) - now;
    expect(wait).toBeLessThanOrEqual(seconds);
    expect(wait).toBeGreaterThanOrEqual(seconds * 0.75);
  });

  it('that could not register its task is tried again with the registration, and with what is newest', () => {
    const group = groupOf();
    group.take(named('vm-1', { progressPercent: 10 }), NOW);
    const unregistered: Outcome = { failure: failure('operator'), unregistered: true };
    group.settle(group.takeDue(NOW), result({ 0: unregistered }), NOW);
    expect(group.nextDueAt()).toBe(NOW + 30);
    group.take(reportOf(2, { progressPercent: 20 }), NOW + 10);
    expect(group.takeDue(NOW + 30).items).toMatchObject([{ register: {}, notification: { progressPercent: 20 } }]);
  });

  it.each([
    ['not once that was taken, though the notification failed', result({ 0: { failure: failure() } }), undefined],
    ['again where the activity gave no answer', failure('backoff', { type: 'WorkerLost' }), {}],
    ['again where Migration Hub does not know the task', result({ 0: { failure: failure('register') } }), {}],
  ])('registers a new task; again or not: %s', (_when, answer, register) => {
    const group = groupOf();
    group.take(named('vm-1'), NOW);
    group.settle(group.takeDue(NOW), answer, NOW);
    expect(group.takeDue(NOW + 40).items[0]?.register && {}).toEqual(register);
  });

  it('that Migration Hub takes in part is tried again after 1 s for the rest, however often; in an outage after up to 25 s', () => {
    const waitsOf = (others: (failing: number) => Record<number, Outcome>) => {
      const group = groupOf();
      let now = NOW;
      group.take(named('vm-1'), now);
      return Array.from({ length: 8 }, (_, i) => {
        group.take(reportOf(i + 1, { migrationTaskName: 'vm-2' }), now);
        const round = group.takeDue(now);
        const failing = round.items.findIndex(({ migrationTaskName }) => migrationTaskName === 'vm-1');
        group.settle(round, result(others(failing), now), now);
        const wait = (taskOf(group).notBefore ?? 0) - now;
        now = Math.ceil(now + wait) + 1;
        return wait;
      });
    };
    expect(waitsOf((failing) => ({ [failing]: { failure: failure() } }))).toEqual(Array(8).fill(1));
    const outage = waitsOf(() => ({ 0: { failure: failure() }, 1: { failure: failure() } }));
    expect(outage.at(-1)).toBeGreaterThan(18);
    expect(outage.at(-1)).toBeLessThanOrEqual(25);
  });

  it('that history has at another time than the replay counts as of the time that history has', () => {
    const group = alive();
    const [item] = group.takeDue(NOW + 1200).items;
    const replayed = alive();
    const notification = { ...item?.notification, updateDateTime: NOW + 1190 } as never;
    const round = replayed.beginAgain(
      [{ progressUpdateStream: 'S', migrationTaskName: 'vm-1', notification }],
      NOW + 1200,
    );
    replayed.settle(round, result({}, NOW + 1190), NOW + 1201);
    expect(taskOf(replayed)).toMatchObject({ lastStamp: NOW + 1190, lastDelivered: { updateDateTime: NOW + 1190 } });
  });
});

describe('heartbeats go together', () => {
  const members = (count: number, spacing: number) => {
    const group = groupOf();
    for (let i = 0; i < count; i++) {
      group.take(named(`vm-${i}`), NOW + i * spacing);
      group.settle(group.takeDue(NOW + i * spacing), result({}, NOW + i * spacing), NOW + i * spacing);
    }
    return group;
  };

  it('up to a tenth of their interval early, where one of them is due', () => {
    const group = members(10, 20);
    // The first is due after 1,200 s; those of the next 120 s go along.
    expect(group.takeDue(NOW + 1199).items).toEqual([]);
    expect(group.takeDue(NOW + 1200).items.map(({ migrationTaskName }) => migrationTaskName)).toEqual(
      [0, 1, 2, 3, 4, 5, 6].map((i) => `vm-${i}`),
    );
  });

  it('with reports, which go first', () => {
    const group = members(3, 20);
    group.take(reportOf(2, { migrationTaskName: 'vm-2', progressPercent: 70 }), NOW + 1150);
    expect(group.takeDue(NOW + 1150).items).toMatchObject([
      { migrationTaskName: 'vm-2', notification: { progressPercent: 70 } },
      { migrationTaskName: 'vm-0' },
      { migrationTaskName: 'vm-1' },
    ]);
  });

  it('and stay together: after some rounds 100 tasks that began within a minute are one batch', () => {
    const group = members(100, 0.6);
    let now = NOW;
    let rounds = 0;
    for (; now < NOW + 12 * 3600; rounds++) {
      now = group.nextDueAt() as number;
      group.settle(group.takeDue(now), result({}, Math.floor(now)), now);
    }
    // 36 to 40 intervals in 12 hours, and no more rounds than that.
    expect(rounds).toBeLessThanOrEqual(41);
    for (const { counters } of group.ledger(now)) expect(counters.missedDeadlines).toBe(0);
  });
});

describe('a round is sent in batches', () => {
  const roundOf = (count: number, more: Partial<TaskReport> = {}) => {
    const group = groupOf();
    for (let i = 0; i < count; i++) group.take(named(`vm-${i}`, more), NOW);
    return { group, round: group.takeDue(NOW) };
  };

  it('of no more tasks than batchSize, in order', () => {
    const { round } = roundOf(250);
    const parts = toRounds(round, 100);
    expect(parts.map(({ items }) => items.length)).toEqual([100, 100, 50]);
    expect(parts.flatMap(({ items }) => items)).toEqual(round.items);
    expect(parts.flatMap(({ records }) => records)).toEqual(round.records);
  });

  it('that fit a payload: tasks with details of the largest size go in several, and not all at once', () => {
    const { group, round } = roundOf(300, { statusDetail: '🚚'.repeat(2500) });
    expect(round.items.length).toBeGreaterThan(0);
    expect(round.items.length).toBeLessThan(300);
    for (const { items } of toRounds(round, 500))
      expect(Buffer.byteLength(JSON.stringify(items))).toBeLessThan(1_000_000);
    expect(Buffer.byteLength(JSON.stringify(round.items))).toBeLessThan(3_000_000);
    expect(group.takeDue(NOW).items.length).toBeGreaterThan(0);
  });

  it('of at least one task, however large', () => {
    const resourceAttributes = Array.from({ length: 100 }, (_, i) => ({
      type: 'VM_PATH',
      value: `${i}`.padEnd(256, '語'),
    }));
    const { round } = roundOf(3, { statusDetail: '🚚'.repeat(2500), resourceAttributes, labels: { wave: 'w1' } });
    expect(toRounds(round, 500).every(({ items }) => items.length > 0)).toBe(true);
    expect(toRounds({ records: [], items: [] }, 500)).toEqual([]);
  });
});
