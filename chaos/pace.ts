import type { EmulatorTask } from '../src/emulator';
import { byTask, isTerminal, type Call } from './calls';

/** The share of nextUpdateSeconds after which a heartbeat is due. */
const FRACTION = 1 / 3;

/**
 * How late the latest successor of a notification came: seconds after `updateDateTime + floor(nextUpdateSeconds / 3)`, the last
 * moment at which a heartbeat is due. `until` is when the journal was read: what is missing then is late, too.
 */
export function latestHeartbeat(calls: Call[], { from, until }: { from: number; until: number }) {
  let latest = { seconds: 0, task: '' };
  for (const [task, arrived] of byTask(calls.filter(({ applied }) => applied))) {
    arrived.forEach(({ status, updateDateTime, nextUpdateSeconds }, i) => {
      const came = arrived[i + 1]?.at ?? until;
      if (isTerminal(status) || came < from) return;
      const seconds = came - (updateDateTime + Math.floor(nextUpdateSeconds * FRACTION));
      if (seconds > latest.seconds) latest = { seconds: Math.round(seconds * 10) / 10, task };
    });
  }
  return latest;
}

/** Whether each task in progress has this much time until its deadline. */
export const haveTime = (tasks: EmulatorTask[], seconds: number): boolean =>
  tasks.every(
    ({ status, deadline }) => status !== 'IN_PROGRESS' || (deadline ?? Infinity) - Date.now() / 1000 >= seconds,
  );

/** When the last of the tasks beat again: seconds from `from` to its first call that was taken; Infinity where one did not. */
export function lastBack(tasks: string[], calls: Call[], from: number): { seconds: number; task: string } {
  const after = byTask(calls.filter(({ applied, at }) => applied && at >= from));
  const back = tasks.map((task) => ({ task, seconds: (after.get(task)?.[0]?.at ?? Infinity) - from }));
  return back.reduce((last, each) => (each.seconds > last.seconds ? each : last));
}

/** Requests in each second from `from` to `until`, seconds without one included. */
export function perSecond(times: number[], from: number, until: number): number[] {
  const counts = new Array<number>(Math.max(1, Math.ceil(until - from))).fill(0);
  for (const at of times) {
    const second = Math.floor(at - from);
    if (second >= 0 && second < counts.length) counts[second] = (counts[second] ?? 0) + 1;
  }
  return counts;
}

/** How much busier than the mean the busiest hundredth of the seconds is. */
export function p99OverMean(counts: number[]): number {
  const mean = counts.reduce((sum, count) => sum + count, 0) / counts.length;
  const sorted = [...counts].sort((a, b) => a - b);
  const p99 = sorted[Math.ceil(sorted.length * 0.99) - 1] ?? 0;
  return mean === 0 ? 0 : Math.round((p99 / mean) * 100) / 100;
}

/** The shortest time between two calls of one task that are tries, in seconds; Infinity without two. */
export function shortestGap(calls: Call[]): { seconds: number; task: string } {
  let shortest = { seconds: Infinity, task: '' };
  for (const [task, arrived] of byTask(calls))
    arrived.slice(1).forEach(({ at }, i) => {
      const seconds = at - (arrived[i]?.at ?? at);
      if (seconds < shortest.seconds) shortest = { seconds: Math.round(seconds * 10) / 10, task };
    });
  return shortest;
}
