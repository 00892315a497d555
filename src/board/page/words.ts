import type { Status } from '../../report/types';
import type { Freshness } from '../../task-state/view';
import type { TaskEvent } from '../wire';
import type { GroupKind } from './outline';

const UNITS: [seconds: number, letter: string][] = [
  [86_400, 'd'],
  [3600, 'h'],
  [60, 'm'],
  [1, 's'],
];

/** "2h 05m", of the two largest units. */
export function duration(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const at = UNITS.findIndex(([size]) => whole >= size);
  if (at < 0) return '0s';
  const [size, letter] = UNITS[at] as [number, string];
  const first = `${Math.floor(whole / size)}${letter}`;
  const next = UNITS[at + 1];
  return next ? `${first} ${String(Math.floor((whole % size) / next[0])).padStart(2, '0')}${next[1]}` : first;
}

/** "in 2m 05s", or "2m 05s ago". */
export const fromNow = (at: number, now: number): string =>
  at > now ? `in ${duration(at - now)}` : `${duration(now - at)} ago`;

/** Of a time that should not pass: "2m 05s", or "2m 05s late". */
export const untilDue = (at: number, now: number): string =>
  at >= now ? duration(at - now) : `${duration(now - at)} late`;

/** The time to a deadline; "?" where it has passed, and the task has not been read since: a heartbeat may have moved it. */
export const deadlineText = (deadline: number, freshness: Freshness, now: number): string =>
  now - deadline >= 1 && (freshness === 'fresh' || freshness === 'at-risk') ? '?' : untilDue(deadline, now);

/** In the time zone of whoever looks. */
export const clockTime = (at: number): string =>
  new Date(at * 1000).toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'medium' });

/** "1,234 tasks", "2 tries". */
export const countOf = (count: number, what: string): string =>
  `${count.toLocaleString('en')} ${count === 1 ? what : `${what.replace(/y$/, 'ie')}s`}`;

/** How a delivery went; '' where there is nothing to say of it. */
export const deliveryText = ({ retries, late }: Pick<TaskEvent, 'retries' | 'late'>): string =>
  [retries && `after ${countOf(retries, 'retry')}`, late && 'late: the task was stale'].filter(Boolean).join('; ');

/** The statuses of Migration Hub, for people. */
export const STATUS_WORDS: Record<Status, string> = {
  NOT_STARTED: 'Not started',
  IN_PROGRESS: 'In progress',
  FAILED: 'Failed',
  COMPLETED: 'Completed',
};

/** How true is what Migration Hub shows: a word, and what it means. */
export const FRESHNESS_WORDS: Record<Freshness, [word: string, meaning: string]> = {
  fresh: ['Fresh', 'the deadline has not passed'],
  'at-risk': ['At risk', 'the deadline has not passed, but the last try to deliver failed'],
  stale: ['Stale', 'the deadline has passed'],
  terminal: ['Terminal', 'completed or failed: no more heartbeats'],
  'never-delivered': ['Not delivered', 'Migration Hub has nothing yet'],
  unattended: ['Unattended', 'its heartbeat workflow ended too early: nothing is sent until somebody reports'],
};

/** What a group is called that has no name. */
export const NAMELESS: Record<GroupKind, string> = {
  stream: 'No stream',
  wave: 'No wave',
  application: 'No application',
};
