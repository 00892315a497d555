import { expect, it } from 'vitest';
import type { TaskStateView } from '../../src/task-state';
import { waitingSeconds } from '../../src/worker/metrics/task-counts';
import { START } from './group-steps';
import { failure, groupOf, reportOf } from './tasks';

/** One round at that time, which goes well or not. */
function round(group: ReturnType<typeof groupOf>, now: number, isUp: boolean): void {
  const due = group.takeDue(now);
  const others = isUp ? {} : Object.fromEntries(due.items.map((_, i) => [i, { failure: failure() }]));
  group.settle(due, { others }, now);
}
const waits = (group: ReturnType<typeof groupOf>, now: number) =>
  waitingSeconds(group.view('vm-1', now) as TaskStateView);

it('a heartbeat that fails for hours waits ever longer since it was due, whatever else is reported meanwhile', () => {
  const group = groupOf();
  group.take(reportOf(1, { nextUpdateSeconds: 900 }), START);
  round(group, START, true);
  expect(waits(group, START + 100)).toBe(0);
  for (let now = START + 300; now < START + 7200; now += 30) {
    if (now === START + 3600) group.take(reportOf(2), now);
    round(group, now, false);
    if (now > START + 330) expect(waits(group, now)).toBe(now - (START + 300));
  }
  round(group, START + 7230, true);
  expect(waits(group, START + 7230)).toBe(0);
});

it('a first report that fails waits since it was accepted', () => {
  const group = groupOf();
  group.take(reportOf(1), START);
  round(group, START + 5, false);
  expect(waits(group, START + 50)).toBe(50);
});
