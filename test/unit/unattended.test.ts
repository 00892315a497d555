import { describe, expect, it } from 'vitest';
import type { NotifyFailure, Outcome, TaskGroup, TaskStateView } from '../../src/task-state';
import { failure, groupOf, reportOf } from './tasks';

const T = 10_000;
const NAME = 'vm-1';
const viewOf = (group: TaskGroup, now = T + 10) => group.view(NAME, now) as TaskStateView;
/** Sends what is due, with what became of it. */
const round = (group: TaskGroup, outcome: Outcome = {}, now = T) => {
  const sent = group.takeDue(now);
  expect(sent.items).toHaveLength(1);
  group.settle(sent, { others: { 0: outcome } }, now);
};
const reported = (...statuses: ('IN_PROGRESS' | 'COMPLETED')[]) => {
  const group = groupOf();
  statuses.forEach((status, i) => group.take(reportOf(i + 1, { status }), T));
  return group;
};

describe('a heartbeat workflow that has ended', () => {
  const end = (group: TaskGroup) => Object.assign(group, { hasEnded: true });

  it('leaves a delivered task unattended, before and after its deadline, without a next heartbeat', () => {
    const group = reported('IN_PROGRESS');
    round(group);
    expect(viewOf(group)).toMatchObject({ freshness: 'fresh', nextHeartbeatAt: expect.any(Number) });
    for (const now of [T + 10, T + 9e6]) {
      expect(viewOf(end(group), now)).toMatchObject({ freshness: 'unattended', lastDelivered: { deadline: T + 3600 } });
      expect(viewOf(group, now).nextHeartbeatAt).toBeUndefined();
    }
  });

  it('leaves a report that was never delivered unattended, and promises no next try', () => {
    const group = reported('IN_PROGRESS');
    expect(viewOf(group).freshness).toBe('never-delivered');
    round(group, { failure: failure('operator') });
    expect(viewOf(group).pending?.nextTryAt).toBe(T + 30);
    expect(viewOf(end(group))).toMatchObject({
      freshness: 'unattended',
      pending: { status: 'IN_PROGRESS', attempts: 1 },
    });
    expect(viewOf(group).pending?.nextTryAt).toBeUndefined();
  });

  it('leaves a task at its end as it is, unless something of it waits', () => {
    const group = reported('COMPLETED');
    expect(viewOf(end(reported('COMPLETED'))).freshness).toBe('unattended');
    round(group);
    expect(viewOf(end(group)).freshness).toBe('terminal');
    group.take(reportOf(2, { reopen: true }), T + 5);
    expect(viewOf(group).freshness).toBe('unattended');
  });

  it('leaves all tasks of its group so', () => {
    const group = groupOf();
    for (const migrationTaskName of ['a', 'b']) group.take(reportOf(1, { migrationTaskName }), T);
    expect(
      end(group)
        .ledger(T)
        .map(({ freshness }) => freshness),
    ).toEqual(['unattended', 'unattended']);
  });
});

describe('the next try of what Migration Hub did not take', () => {
  it.each([
    ['for want of permission', failure('operator'), 30, 30],
    ['as invalid', failure('never'), 30, 30],
    ['being unavailable', failure('backoff'), 0.7, 1],
    ['asking to wait', failure('backoff', { retryAfterSeconds: 120 }), 120, 150],
    ['since its turn was held back', failure('backoff', { type: 'HeldBack', retryAfterSeconds: 8 }), 8, 10],
    ['as a task that it does not know', failure('register'), 30, 30],
  ])('%s is in the query, and is the time at which it goes', (_why, why, least, most) => {
    const group = reported('IN_PROGRESS');
    expect(viewOf(group).pending?.nextTryAt).toBeUndefined();
    round(group, { failure: why });
    const at = viewOf(group).pending?.nextTryAt as number;
    expect(at).toBeGreaterThanOrEqual(T + least);
    expect(at).toBeLessThanOrEqual(T + most);
    expect(group.nextDueAt()).toBe(at);
    expect(group.takeDue(at - 0.01).items).toHaveLength(0);
    expect(group.takeDue(at).items).toHaveLength(1);
    expect(viewOf(group).pending).toMatchObject({ attempts: 1 });
    expect(viewOf(group).pending?.nextTryAt).toBeUndefined();
  });

  it('is there for a task that could not be registered, for a newer report, and for a heartbeat', () => {
    const group = reported('IN_PROGRESS');
    round(group, { failure: failure('operator'), unregistered: true });
    expect(viewOf(group).pending?.nextTryAt).toBe(T + 30);
    group.take(reportOf(2, { progressPercent: 50 }), T + 5);
    expect(viewOf(group).pending).toMatchObject({ progressPercent: 50, nextTryAt: T + 30 });
    round(group, {}, T + 30);
    expect(viewOf(group).pending).toBeUndefined();
    round(group, { failure: failure('operator') }, T + 30 + 1200);
    expect(viewOf(group).pending).toMatchObject({ progressPercent: 50, nextTryAt: T + 1260 });
  });

  it('is there for attachments, also where the answer says that it is wrong for good', () => {
    const putAfter = (why: NotifyFailure) => {
      const group = groupOf();
      group.take(reportOf(1, { resourceAttributes: [{ type: 'FQDN', value: 'a.example.com' }] }), T);
      round(group, { attachmentFailures: { 0: why } });
      return viewOf(group).attachments?.[0];
    };
    expect(putAfter(failure('backoff', { retryAfterSeconds: 90 }))).toMatchObject({ nextTryAt: T + 90 });
    expect(putAfter(failure('operator'))).toMatchObject({ nextTryAt: T + 30 });
    expect(putAfter(failure('never'))).toMatchObject({ state: 'pending', nextTryAt: T + 30 });
  });
});
