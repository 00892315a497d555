import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { CallOptions } from '../../src/migration-hub/api';
import { Pace } from '../../src/migration-hub/pace';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
});
afterEach(() => vi.useRealTimers());

const CALL_MS = 20;
const STEP_MS = 50;

/** Calls through a pace, each of which Migration Hub takes or throttles. */
function caller(isThrottled: () => boolean = () => false) {
  const pace = new Pace();
  const made: string[] = [];
  const refused: string[] = [];
  let throttled = 0;
  const call = (name: string, options: CallOptions = {}) =>
    pace.turn(options).then(
      () => {
        made.push(name);
        setTimeout(() => {
          const isHit = isThrottled();
          if (isHit) throttled++;
          pace.ended(isHit);
        }, CALL_MS);
      },
      (error: Error) => void refused.push(`${name} ${error.message.split(':')[0]}`),
    );
  /** Wants so many calls a second, evenly, and gives how many were made. */
  async function load(perSecond: number, seconds: number): Promise<number> {
    const before = made.length;
    for (let ms = 0, wanted = 0; ms < seconds * 1000; ms += STEP_MS) {
      for (wanted += (perSecond * STEP_MS) / 1000; wanted >= 1; wanted--) void call('load');
      await vi.advanceTimersByTimeAsync(STEP_MS);
    }
    return made.length - before;
  }
  return { call, load, made, refused, throttled: () => throttled };
}

/** A bucket of a second, as the throttle of the emulator. */
function bucket(perSecond: number): () => boolean {
  let level = perSecond;
  let at = performance.now();
  return () => {
    const now = performance.now();
    level = Math.min(perSecond, level + ((now - at) / 1000) * perSecond);
    at = now;
    if (level < 1) return true;
    level--;
    return false;
  };
}

describe('a throttled call slows a worker down from the rate that it had', () => {
  it.each([
    ['the first call of all', 1, 0, 30],
    ['one in the midst of 300 a second', 300, 0, 240],
    ['one in the lull after a burst of 300 a second', 300, 15, 200],
  ])('%s', async (_when, perSecond, lullSeconds, least) => {
    let hits = 0;
    const { call, load, throttled } = caller(() => hits-- > 0);
    if (perSecond > 1) await load(perSecond, 2);
    await vi.advanceTimersByTimeAsync(lullSeconds * 1000);
    hits = 1;
    void call('throttled');
    await load(perSecond, 1);
    expect(throttled()).toBe(1);
    expect(await load(400, 1)).toBeGreaterThanOrEqual(least);
  });

  it('many that were on their way together slow it down to what Migration Hub takes, and no further', async () => {
    const { load, throttled } = caller(bucket(60));
    await load(400, 5);
    const before = throttled();
    const made = await load(400, 20);
    const taken = made - (throttled() - before);
    expect(taken / 20).toBeGreaterThan(48);
    expect((throttled() - before) / made).toBeLessThan(0.1);
  });

  it('it is as fast as before within half a minute', async () => {
    let isThrottling = true;
    const { load } = caller(() => isThrottling);
    await load(300, 3);
    isThrottling = false;
    await load(100, 30);
    expect(await load(300, 2)).toBeGreaterThan(500);
  });
});

/** All but the first few have to wait. */
async function throttledCaller() {
  let isThrottling = true;
  const all = caller(() => isThrottling);
  await all.load(200, 2);
  await vi.advanceTimersByTimeAsync(15_000);
  isThrottling = false;
  all.made.length = all.refused.length = 0;
  // Those that may go at once.
  for (let i = 0; i < 5; i++) void all.call('first');
  await vi.advanceTimersByTimeAsync(0);
  all.made.length = 0;
  return all;
}

describe('calls that wait', () => {
  it('begin one by one, each in a turn of the event loop of its own', async () => {
    const { call, made } = caller();
    const wanted = 20;
    for (let n = 0; n < wanted; n++) void call(`call ${n}`);
    const begun: number[] = [];
    for (let before = -1; made.length > before;) {
      before = made.length;
      await new Promise((resolve) => setImmediate(resolve));
      begun.push(made.length - before);
    }
    // The first one begins at once.
    expect(Math.max(...begun.slice(1))).toBe(1);
    expect(made).toHaveLength(wanted);
  });

  it('go by their deadlines, the nearest first, those for a task that is half done before all', async () => {
    const { call, made } = await throttledCaller();
    void call('later', { dueBy: 300 });
    void call('any time');
    void call('soon', { dueBy: 100 });
    void call('soon, too', { dueBy: 100 });
    void call('goes on', { goesOn: true, dueBy: 500 });
    void call('next', { dueBy: 200 });
    await vi.advanceTimersByTimeAsync(5000);
    expect(made.filter((name) => name !== 'first')).toEqual([
      'goes on',
      'soon',
      'soon, too',
      'next',
      'later',
      'any time',
    ]);
  });

  it('do not begin when their activity is asked to end, and leave their turns to others', async () => {
    const { call, made, refused } = await throttledCaller();
    const asked = new AbortController();
    void call('unwanted', { dueBy: 1, waitSignal: asked.signal });
    void call('half done', { goesOn: true, waitSignal: asked.signal });
    void call('wanted', { dueBy: 2 });
    asked.abort();
    await vi.advanceTimersByTimeAsync(0);
    expect(refused).toEqual(['unwanted NotBegun']);
    await call('asked before', { waitSignal: asked.signal });
    expect(refused).toHaveLength(2);
    await vi.advanceTimersByTimeAsync(5000);
    expect(made.filter((name) => name !== 'first')).toEqual(['half done', 'wanted']);
  });

  it('are held back where there are too many: at once those that have most time, later those without a turn', async () => {
    const { call, made, refused } = await throttledCaller();
    for (let i = 0; i < 150; i++) void call('urgent', { dueBy: 1 });
    void call('not urgent', { dueBy: 2 });
    await vi.advanceTimersByTimeAsync(0);
    expect(refused).toContain('not urgent HeldBack');
    await vi.advanceTimersByTimeAsync(30_000);
    expect(made.filter((name) => name === 'urgent').length).toBeGreaterThanOrEqual(95);
  });

  it('for a free connection, not throttled, say so', async () => {
    const pace = new Pace();
    for (let i = 0; i < 50; i++) await pace.turn();
    const turn = expect(pace.turn()).rejects.toMatchObject({
      failure: { type: 'WorkerBusy', message: expect.stringContaining('50 calls run at once, and others went first') },
    });
    await vi.advanceTimersByTimeAsync(10_000);
    await turn;
  });
});
