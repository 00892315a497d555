import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { noticesOf } from '../../src/board/page/notice-words';
import { TaskStore } from '../../src/board/page/task-store';
import { countOf, deadlineText, deliveryText, duration, fromNow, untilDue } from '../../src/board/page/words';
import type { BoardTask } from '../../src/board/wire';
import { boardTaskOf } from './board-tasks';

beforeEach(() => vi.useFakeTimers({ now: 1_000_000 }));
afterEach(() => vi.useRealTimers());

const statusAt = (now: number) => ({ now, namespace: 'default' });

/** A page that has what a look at that time found. */
function storeOf(lookedAt: number, ...tasks: BoardTask[]): TaskStore {
  const store = new TaskStore();
  store.replace({ tasks });
  store.setStatus({ ...statusAt(lookedAt + 1), lookedAt });
  return store;
}
const freshnessIn = (store: TaskStore) => {
  store.judge();
  return store.sorted().map(({ task }) => task.freshness);
};

it('a task becomes stale when its deadline passes by the server’s clock, without news', () => {
  const still = boardTaskOf('done', { status: 'COMPLETED', freshness: 'terminal' });
  const failing = boardTaskOf('b', { status: 'IN_PROGRESS', freshness: 'at-risk', nextHeartbeatAt: 1600 });
  const store = storeOf(3989, boardTaskOf('a', { status: 'IN_PROGRESS' }), failing, still);
  expect(freshnessIn(store)).toEqual(['fresh', 'at-risk', 'terminal']);
  vi.advanceTimersByTime(10_500);
  const before = store.version;
  expect(freshnessIn(store)).toEqual(['stale', 'stale', 'terminal']);
  expect(store.version).toBeGreaterThan(before);
  const settled = store.version;
  store.judge();
  expect(store.version).toBe(settled);
});

it('no task becomes stale by what was read before its heartbeat was due: one may have been delivered since', () => {
  const store = storeOf(1599, boardTaskOf('a', { status: 'IN_PROGRESS', nextHeartbeatAt: 1600 }));
  vi.advanceTimersByTime(8 * 3_600_000);
  expect(freshnessIn(store)).toEqual(['fresh']);
  expect(deadlineText(4000, 'fresh', store.now())).toBe('?');
  store.setStatus({ ...statusAt(5000), lookedAt: 4999 });
  expect(freshnessIn(store)).toEqual(['stale']);
  expect(deadlineText(4000, 'stale', store.now())).toBe('16m 40s late');
});

it('nor by a look long before its deadline, nor before a whole look', () => {
  const failing = boardTaskOf('a', { status: 'IN_PROGRESS', freshness: 'at-risk', nextHeartbeatAt: 1600 });
  const store = storeOf(1700, failing);
  vi.advanceTimersByTime(8 * 3_600_000);
  expect(freshnessIn(store)).toEqual(['at-risk']);
  store.begin();
  store.setStatus(statusAt(40_000));
  store.replace({ tasks: [failing] });
  store.setStatus(statusAt(40_000));
  expect(freshnessIn(store)).toEqual(['at-risk']);
});

it('what was foreseen by a clock that was wrong is taken back', () => {
  const store = storeOf(3900, boardTaskOf('a', { status: 'IN_PROGRESS' }));
  vi.setSystemTime(Date.now() + 3_600_000);
  expect(freshnessIn(store)).toEqual(['stale']);
  store.setStatus({ ...statusAt(3910), lookedAt: 3909 });
  expect(freshnessIn(store)).toEqual(['fresh']);
});

it('changes come and go, and the order stays that of names', () => {
  const store = new TaskStore();
  const told = vi.fn();
  const stop = store.listen(told);
  store.replace({ tasks: [boardTaskOf('web-10'), boardTaskOf('web-9')] });
  const names = () => store.sorted().map(({ task }) => task.migrationTaskName);
  expect(names()).toEqual(['web-9', 'web-10']);
  store.change({ tasks: [boardTaskOf('web-1'), boardTaskOf('web-9', { wave: 'w' })], gone: ['S:web-10', 'S:unknown'] });
  expect(names()).toEqual(['web-9', 'web-1']);
  expect(told).toHaveBeenCalledTimes(2);
  stop();
  store.replace({ tasks: [] });
  store.setStatus(statusAt(1000));
  expect(names()).toEqual([]);
  expect(told).toHaveBeenCalledTimes(2);
});

it('a snapshot in parts takes the place of what was known when it is whole: the list does not shrink meanwhile', () => {
  const store = new TaskStore();
  const names = () => store.sorted().map(({ task }) => task.migrationTaskName);
  store.replace({ tasks: ['a', 'b', 'gone'].map((name) => boardTaskOf(name)) });
  store.setStatus(statusAt(1000));
  store.replace({ tasks: [boardTaskOf('a')] });
  expect(names()).toEqual(['a', 'b', 'gone']);
  store.change({ tasks: [boardTaskOf('b'), boardTaskOf('c')], gone: [] });
  store.setStatus(statusAt(1001));
  expect(names()).toEqual(['a', 'b', 'c']);
});

it('a line that is cut within a snapshot, and the status of the next one, take no task away', () => {
  const store = new TaskStore();
  const names = () => store.sorted().map(({ task }) => task.migrationTaskName);
  const whole = { ...statusAt(1000), lookedAt: 990 };
  store.begin();
  store.setStatus(whole);
  store.replace({ tasks: ['a', 'b', 'gone'].map((name) => boardTaskOf(name)) });
  store.setStatus(whole);
  store.begin();
  store.setStatus(whole);
  store.replace({ tasks: [boardTaskOf('a')] });
  store.begin();
  store.setStatus(whole);
  expect(names()).toEqual(['a', 'b', 'gone']);
  expect(store.isWhole).toBe(false);
  store.replace({ tasks: [boardTaskOf('a')] });
  store.change({ tasks: [boardTaskOf('b')], gone: [] });
  store.setStatus(whole);
  expect(names()).toEqual(['a', 'b']);
  expect(store.isWhole).toBe(true);
});

it('durations have their two largest units', () => {
  expect([0, 0.4, 5, 65, 3600, 3665, 90_000].map(duration)).toEqual([
    '0s',
    '0s',
    '5s',
    '1m 05s',
    '1h 00m',
    '1h 01m',
    '1d 01h',
  ]);
  expect([fromNow(100, 40), fromNow(40, 105)]).toEqual(['in 1m 00s', '1m 05s ago']);
  expect([untilDue(100, 40), untilDue(100, 100), untilDue(40, 105)]).toEqual(['1m 00s', '0s', '1m 05s late']);
});

it('a task is known not to be there once a whole look has come, and not before', () => {
  const store = new TaskStore();
  store.setStatus({ ...statusAt(1000), lookedAt: 990 });
  expect(store.isWhole).toBe(false);
  store.replace({ tasks: [] });
  store.change({ tasks: [boardTaskOf('a')], gone: [] });
  expect(store.isWhole).toBe(false);
  store.setStatus({ ...statusAt(1000), lookedAt: 990 });
  expect(store.isWhole).toBe(true);
  store.setStatus(statusAt(1001));
  expect(store.isWhole).toBe(false);
});

it('what is wrong is said in the same words as long as it is so, the worst first', () => {
  const unreadable = { since: 900, why: '14 UNAVAILABLE' };
  const leftOut = { workflowIds: 'mgh:S:vm-1', why: 'Unknown encoding' };
  const noticesAt = (now: number) =>
    noticesOf({ link: 'full', status: { ...statusAt(now), unreadable, leftOut, unserved: ['migration-hub'] } });
  expect(noticesAt(5000)).toEqual(noticesAt(1000));
  expect(noticesAt(1000)).toEqual([
    { about: 'link', text: expect.stringMatching(/^100 browsers show this board, .* Close it in one of them/) },
    {
      about: 'temporal',
      text: expect.stringMatching(/^Reading from Temporal has failed since /),
      why: '14 UNAVAILABLE',
    },
    { about: 'tasks', text: expect.stringMatching(/^The tasks of mgh:S:vm-1 cannot be read/), why: 'Unknown encoding' },
    { about: 'workers', text: expect.stringContaining('the task queue migration-hub. Nothing is sent') },
  ]);
  expect(noticesOf({ link: 'connected', status: statusAt(1000) })).toEqual([]);
});

it('how a delivery went is said where there is something to say', () => {
  expect([{}, { retries: 1 }, { retries: 2, late: true as const }].map(deliveryText)).toEqual([
    '',
    'after 1 retry',
    'after 2 retries; late: the task was stale',
  ]);
  expect([countOf(1, 'failed try'), countOf(1234, 'failed try'), countOf(0, 'task')]).toEqual([
    '1 failed try',
    '1,234 failed tries',
    '0 tasks',
  ]);
});
