import type { Attempt, End } from './programme';

/** What Migration Hub must show of a task when its programme is over. */
export interface Expected {
  status: string;
  percent: number;
  /** The terminal states, in order. Of those that wait behind the first, the newest state replaces the others. */
  ends: string[];
  /** Nobody works on it any more, and nobody said so: it may become stale. */
  mayBeStale: boolean;
}

/** The terminal states of an attempt, by how it ends (rules 6 to 8 of docs/design.md). */
const ENDS: Record<End, string[]> = {
  complete: ['COMPLETED'],
  fail: ['FAILED'],
  retry: ['FAILED', 'COMPLETED'],
  cron: ['COMPLETED', 'FAILED'],
  // It fails the workflow task only; the mended code goes on.
  bug: ['COMPLETED'],
  cancel: ['FAILED'],
  // Its owner is gone without an end.
  terminate: ['FAILED'],
  leave: [],
  open: [],
};

/** Written without a look at how the package does it. */
export function expectedOf(attempts: Attempt[]): Expected {
  const ends: string[] = [];
  let percent = 0;
  let hasEnded = false;
  for (const attempt of attempts) {
    const own = ENDS[attempt.end];
    // What has not ended goes on, percent included; a second run is an attempt of its own.
    if (hasEnded || own.length > 1) percent = 0;
    percent = Math.max(percent, ...attempt.reports.map((report) => report.percent));
    ends.push(...own);
    hasEnded = own.length > 0;
    if (own.at(-1) === 'COMPLETED') percent = 100;
  }
  const isOver = hasEnded ? ends.at(-1) : undefined;
  return { status: isOver ?? 'IN_PROGRESS', percent, ends, mayBeStale: attempts.at(-1)?.end === 'leave' };
}

/** Whether the ends that arrived are the expected ones: the first, and of those that waited behind it some, in order. */
export function areEnds(arrived: string[], expected: string[]): boolean {
  if (arrived[0] !== expected[0]) return false;
  let from = 0;
  for (const end of arrived) {
    const at = expected.indexOf(end, from);
    if (at < 0) return false;
    from = at + 1;
  }
  return true;
}
