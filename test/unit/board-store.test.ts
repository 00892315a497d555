import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { TaskStore } from '../../src/board/page/task-store';
import { duration, fromNow, untilDue } from '../../src/board/page/words';
import { boardTaskOf } from './board-tasks';

beforeEach(() => vi.useFakeTimers({ now: 1_000_000 }));
afterEach(() => vi.useRealTimers());

const statusAt = (now: number) => ({ now, namespace: 'default' });

it('a task becomes stale when its deadline passes by the server’s clock, without news', () => {
  const store = new TaskStore();
  store.setStatus(statusAt(3990));
  const still = boardTaskOf('done', { status: 'COMPLETED', freshness: 'terminal' });
  store.replace({ tasks: [boardTaskOf('a', { status: 'IN_PROGRESS' }), still] });
  store.judge();
  expect(store.get('S:a')?.freshness).toBe('fresh');
  vi.advanceTimersByTime(10_500);
  const before = store.version;
  store.judge();
  expect(store.get('S:a')?.freshness).toBe('stale');
  expect(store.get('S:done')?.freshness).toBe('terminal');
  expect(store.version).toBeGreaterThan(before);
  const settled = store.version;
  store.judge();
  expect(store.version).toBe(settled);
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
  expect(names()).toEqual([]);
  expect(told).toHaveBeenCalledTimes(2);
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
