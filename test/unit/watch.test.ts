import { afterEach, beforeEach, describe, expect, it, vi, type MockInstance } from 'vitest';
import type { ReportedState } from '../../src/task-state';
import { UnreadableHistoryError } from '../../src/client/history/group-from-history';
import { watch } from '../../src/client/watch';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const state = (name: string, more: object = {}) =>
  ({
    progressUpdateStream: 'S',
    migrationTaskName: name,
    labels: {},
    freshness: 'fresh',
    counters: {},
    ...more,
  }) as ReportedState;
const delivered = (progressPercent: number, more = {}) => ({
  lastDelivered: { status: 'IN_PROGRESS', progressPercent, ...more },
});

/** Looks that find, one after the other, what is given; then always the last of it. */
function looksThat(...found: (ReportedState[] | Error)[]) {
  let looks = 0;
  const look = vi.fn(async function* () {
    await Promise.resolve();
    const what = found[Math.min(looks++, found.length - 1)] ?? [];
    if (what instanceof Error) throw what;
    yield* what;
  });
  return look;
}

/** What a watch gives within the time, and whether it has ended. */
async function told(views: AsyncIterator<ReportedState>, seconds: number) {
  const got: string[] = [];
  let end: string | undefined;
  const reading = (async () => {
    for (;;) {
      const { value, done } = await views.next();
      if (done) return (end = 'ended');
      const { migrationTaskName, lastDelivered, freshness } = value as ReportedState;
      got.push(`${migrationTaskName} ${lastDelivered?.progressPercent ?? '-'} ${freshness}`);
    }
  })().catch((error: Error) => (end = error.message));
  await vi.advanceTimersByTimeAsync(seconds * 1000);
  return { got, reading, end: () => end };
}

const unavailable = Object.assign(new Error('list failed'), { cause: { code: 14, message: '14 UNAVAILABLE' } });

describe('a watch gives', () => {
  it('each task at first, then only what has changed', async () => {
    const a = state('a', delivered(10));
    const look = looksThat(
      [a, state('b')],
      [a, state('b', delivered(20))],
      [a, state('b', delivered(20))],
      [a, state('b', { ...delivered(20), freshness: 'stale' }), state('c')],
    );
    const views = watch(look, {});
    const { got } = await told(views, 60);
    expect(got).toEqual(['a 10 fresh', 'b - fresh', 'b 20 fresh', 'b 20 stale', 'c - fresh']);
    await views.return?.();
  });

  it.each<[string, object, object, boolean]>([
    ['a heartbeat', delivered(1, { updateDateTime: 1 }), delivered(1, { updateDateTime: 2 }), true],
    ['a report that waits', {}, { pending: { status: 'IN_PROGRESS', acceptedAt: 1 } }, true],
    ['the next attempt', {}, { nextAttempt: { status: 'IN_PROGRESS', acceptedAt: 1 } }, true],
    ['a failure', {}, { lastFailure: { type: 'Throttling', at: 1 } }, true],
    [
      'that failure once more',
      { lastFailure: { type: 'Throttling', at: 1 } },
      { lastFailure: { type: 'Throttling', at: 2 } },
      false,
    ],
    ['one more try', { pending: { attempts: 1 } }, { pending: { attempts: 2, nextTryAt: 5 } }, false],
    ['an attachment that is refused', {}, { attachments: [{ kind: 'createdArtifact', state: 'refused' }] }, true],
    ['a label', {}, { labels: { wave: '7' } }, true],
    ['a refused report', {}, { counters: { refused: 1 } }, true],
    ['the end of heartbeats', {}, { abandoned: { at: 1, reason: 'x' } }, true],
    ['the time of the look', { judgedAt: 1 }, { judgedAt: 2 }, false],
    ['who says it', { source: 'query' }, { source: 'history' }, false],
  ])('%s', async (_what, before, after, isNews) => {
    const views = watch(looksThat([state('a', before)], [state('a', after)]), {});
    expect((await told(views, 60)).got).toHaveLength(isNews ? 2 : 1);
    await views.return?.();
  });
});

const AGAIN = 'a watch sees all its tasks again';

describe('a watch', () => {
  let warned: MockInstance<typeof process.emitWarning>;
  beforeEach(() => void (warned = vi.spyOn(process, 'emitWarning').mockReturnValue()));
  afterEach(() => warned.mockRestore());

  it.each([1, 5, undefined, 60])('of interval %s looks no more often', async (intervalSeconds) => {
    const look = looksThat([state('a')]);
    const views = watch(look, { intervalSeconds });
    await told(views, 120);
    expect(look.mock.calls.length).toBeLessThanOrEqual(120 / (intervalSeconds ?? 5) + 1);
    expect(look.mock.calls.length).toBeGreaterThan(1);
    await views.return?.();
  });

  it('waits out an outage of the Temporal server, warns once for each, says when it is over, and loses nothing', async () => {
    const [before, after] = [[state('a', delivered(1))], [state('a', delivered(2))]];
    const views = watch(looksThat(before, unavailable, unavailable, unavailable, after, unavailable, after), {});
    expect((await told(views, 60)).got).toEqual(['a 1 fresh', 'a 2 fresh']);
    const away = 'the Temporal server does not answer a watch, which goes on: 14 UNAVAILABLE';
    expect(warned.mock.calls.map(([message]) => message)).toEqual([away, AGAIN, away, AGAIN]);
    await views.return?.();
  });

  it('waits out a codec that fails for a while, and warns by what it said', async () => {
    const [before, after] = [[state('a', delivered(1))], [state('a', delivered(2))]];
    const unreadable = new UnreadableHistoryError('mgh:S:a', new Error('the key service is away'));
    const views = watch(looksThat(before, unreadable, unreadable, after), {});
    expect((await told(views, 60)).got).toEqual(['a 1 fresh', 'a 2 fresh']);
    expect(warned.mock.calls).toEqual([[`a watch sees nothing, and goes on: ${unreadable.message}`], [AGAIN]]);
    expect(unreadable.message).toMatch(/^the history of mgh:S:a cannot be followed: the key service is away \(/);
    await views.return?.();
  });

  it('warns of an outage also while tasks are left out', async () => {
    let looks = 0;
    const look = async function* (_: AbortSignal, onUnreadable?: (id: string, why: string) => void) {
      await Promise.resolve();
      if (++looks === 2) throw unavailable;
      yield state('a', delivered(looks));
      onUnreadable?.('mgh:S:b', 'it is encrypted');
    };
    const views = watch(look, {});
    await told(views, 20);
    const leftOut = 'a watch leaves tasks out, and goes on: it is encrypted';
    const away = 'the Temporal server does not answer a watch, which goes on: 14 UNAVAILABLE';
    expect(warned.mock.calls).toEqual([[leftOut], [away], [leftOut]]);
    await views.return?.();
  });

  it('goes on with the tasks that it can read, and warns once of the others', async () => {
    let looks = 0;
    const look = async function* (_: AbortSignal, onUnreadable?: (id: string, why: string) => void) {
      await Promise.resolve();
      yield state('a', delivered(++looks));
      for (const id of ['mgh:S:b', 'mgh:S:c']) onUnreadable?.(id, `${id} is encrypted`);
    };
    const views = watch(look, {});
    expect((await told(views, 12)).got).toEqual(['a 1 fresh', 'a 2 fresh', 'a 3 fresh']);
    expect(warned.mock.calls).toEqual([['a watch leaves tasks out, and goes on: mgh:S:b is encrypted']]);
    await views.return?.();
  });

  it('fails where its first look can read nothing: a codec is missing', async () => {
    const missing = new UnreadableHistoryError('mgh:S:a', new Error('Unknown encoding: binary/encrypted'));
    const { end } = await told(watch(looksThat(missing), {}), 60);
    expect(end()).toBe(missing.message);
  });

  it('fails for what does not pass', async () => {
    const { end } = await told(watch(looksThat([state('a')], new Error('no such namespace')), {}), 60);
    expect(end()).toBe('no such namespace');
  });

  it.each<[string, (views: AsyncIterator<ReportedState>, ending: AbortController) => unknown]>([
    ['return() while the next change is awaited', (views) => views.return?.()],
    ['its signal', (_views, ending) => ending.abort()],
  ])('ends at once, without an error, by %s', async (_how, end) => {
    const ending = new AbortController();
    const look = looksThat([state('a')]);
    const views = watch(look, { signal: ending.signal, intervalSeconds: 86_400 });
    const watched = await told(views, 1);
    expect(watched.end()).toBeUndefined();
    await end(views, ending);
    await watched.reading;
    expect(watched.end()).toBe('ended');
    expect(vi.getTimerCount()).toBe(0);
    expect((await views.next()).done).toBe(true);
  });

  it.each([true, false])('ends amid a look that hangs (its signal was aborted before it began: %s)', async (before) => {
    const ending = new AbortController();
    if (before) ending.abort();
    // eslint-disable-next-line require-yield
    const hangs = async function* (signal: AbortSignal): AsyncGenerator<ReportedState> {
      await new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('aborted'))));
    };
    const watched = await told(watch(hangs, { signal: ending.signal }), 1);
    ending.abort();
    await watched.reading;
    expect(watched.end()).toBe('ended');
  });

  it('ends by break', async () => {
    for await (const { migrationTaskName } of watch(looksThat([state('a'), state('b')]), {})) {
      expect(migrationTaskName).toBe('a');
      break;
    }
    expect(vi.getTimerCount()).toBe(0);
  });
});
