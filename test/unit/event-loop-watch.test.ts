import { Runtime } from '@temporalio/worker';
import { afterEach, expect, it, vi } from 'vitest';
import { watchEventLoop } from '../../src/worker/event-loop-watch';

const said: string[] = [];
const logger = { warn: (message: string) => void said.push(message) };
vi.spyOn(Runtime, 'instance').mockReturnValue({ logger } as never);
afterEach(() => {
  vi.useRealTimers();
  said.length = 0;
});

let now = 0;
vi.spyOn(performance, 'now').mockImplementation(() => now);
/** Seconds pass, and the first timer runs that much later than it should. */
function pass(seconds: number, blockedMs = 0): void {
  now += blockedMs;
  for (let i = 0; i < seconds; i++) {
    now += 1000;
    vi.advanceTimersByTime(1000);
  }
}

it('a blocked event loop is said with its length and the mend, once a minute, until it ends', () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  const end = watchEventLoop();
  pass(30);
  pass(1, 1500);
  expect(said).toEqual([]);
  pass(1, 70_000);
  expect(said).toEqual([
    expect.stringMatching(/^the event loop of this process was blocked for 70 s, .*run the worker process.*$/),
  ]);
  pass(1, 10_000);
  pass(30);
  expect(said).toHaveLength(1);
  pass(60);
  pass(1, 10_000);
  expect(said).toHaveLength(2);
  end();
  pass(90);
  pass(1, 70_000);
  expect(said).toHaveLength(2);
});
