import { expect, it } from 'vitest';
import { isPastDeadline, type DeliveredState } from '../../src/task-state';

const delivered = (status: string, deadline: number) => ({ status, deadline }) as DeliveredState;

it.each([
  ['has passed', delivered('IN_PROGRESS', 100), 101, true],
  ['is now', delivered('IN_PROGRESS', 100), 100, false],
  ['does not count at its end', delivered('COMPLETED', 100), 1e9, false],
  ['does not count after a failure', delivered('FAILED', 100), 1e9, false],
  ['is not there before the first delivery', undefined, 1e9, false],
])('a task whose deadline %s', (_, lastDelivered, now, expected) => {
  expect(isPastDeadline(lastDelivered, now)).toBe(expected);
});
