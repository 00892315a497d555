import { afterEach, expect, it, vi } from 'vitest';
import { waitForDelivery } from '../../src/client/delivery';

afterEach(() => void vi.useRealTimers());

it.each([5, 10, 300])('a wait of %d s looks until its time is over', async (timeoutSeconds) => {
  vi.useFakeTimers();
  const began = Date.now();
  const looks: { at: number; until: number }[] = [];
  const read = (_task: unknown, end: number) => {
    looks.push({ at: Date.now() - began, until: end - Date.now() });
    return Promise.resolve({ states: [] });
  };
  const report = { progressUpdateStream: 'S', migrationTaskName: 'vm-1', ownerId: 'x', sequence: 1 };
  const waiting = waitForDelivery(report, { timeoutSeconds }, read);
  const failed = expect(waiting).rejects.toThrow(`was not delivered within ${timeoutSeconds} s`);
  await vi.advanceTimersByTimeAsync(timeoutSeconds * 1000);
  await failed;
  expect(looks.at(-1)?.at).toBe(timeoutSeconds * 1000);
  for (const { until } of looks) expect(until).toBeGreaterThanOrEqual(5000);
});
