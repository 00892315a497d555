import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { settleInParallel } from '../../src/activities/settle-in-parallel';
import type { Outcome } from '../../src/task-state';
import { environment } from './activities';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
});
afterEach(() => void vi.useRealTimers());

/** Work that goes on until it is told what became of an item; gives what was begun. */
function heldBack() {
  const begun: number[] = [];
  const ends = new Map<number, (outcome: Outcome | undefined) => void>();
  const work = (_item: string, index: number) => {
    begun.push(index);
    return new Promise<Outcome | undefined>((resolve) => ends.set(index, resolve));
  };
  const end = async (index: number, outcome?: Outcome) => {
    ends.get(index)?.(outcome);
    for (let i = 0; i < 10; i++) await Promise.resolve();
  };
  return { begun, work, end };
}
const denied: Outcome = { failure: { type: 'AccessDeniedException', message: 'no', retry: 'operator' } };

it('tells in its heartbeat details, once a second, what is settled: after a lost worker the rest is done only', async () => {
  const items = ['a', 'b', 'c', 'd'];
  const first = environment();
  await first.env.run(async () => {
    const { work, end } = heldBack();
    void settleInParallel(items, 4, work);
    await end(0, {});
    await end(2, denied);
    await end(3, undefined);
    expect(first.beats).toEqual([]);
    vi.advanceTimersByTime(1000);
  });
  expect(first.beats).toEqual([{ done: '1010', others: { 2: denied } }]);

  const second = environment({ attempt: 2, heartbeatDetails: first.beats[0] });
  await second.env.run(async () => {
    const { work, end, begun } = heldBack();
    const run = settleInParallel(items, 4, work);
    expect(begun).toEqual([1, 3]);
    await end(1, { attempts: 2 });
    await end(3, undefined);
    expect(Object.fromEntries(await run)).toEqual({ 0: {}, 1: { attempts: 2 }, 2: denied });
  });
});

it('of 1,000 tasks sends heartbeat details of a byte each, and one a second however many end', async () => {
  const items = Array.from({ length: 1000 }, (_, i) => `vm-${i}`);
  const { env, beats } = environment();
  await env.run(async () => {
    const { work, end } = heldBack();
    void settleInParallel(items, 1000, work);
    for (let i = 0; i < 900; i++) await end(i, {});
    vi.advanceTimersByTime(3000);
  });
  expect(beats).toHaveLength(3);
  expect(JSON.stringify(beats.at(-1)).length).toBeLessThan(1100);
});
