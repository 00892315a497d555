import { ERROR_TABLE } from '../../migration-hub/errors';
import type { NotifyItem, Outcome } from '../../task-state';

/** What may become of a notification when it has its turn; the label `outcome`. */
export const OUTCOMES = [
  'delivered',
  'backoff',
  'operator',
  'register',
  'never',
  'newer_held',
  'owner_ended',
  'not_begun',
] as const;

/** Failures that are none of AWS by name. */
const OWN_REASONS = [
  'NetworkError',
  'TlsError',
  'UnparseableAnswer',
  'HomeRegionUnknown',
  'HeldBack',
  'WorkerBusy',
  'WorkerStoodStill',
];

/** Why something was not taken; the label `reason`. A name that nobody foresaw is `other`: whoever answers must not make labels without limit. */
export const REASONS: readonly string[] = [
  ...Object.keys(ERROR_TABLE).filter((name) => ERROR_TABLE[name] !== 'success'),
  ...OWN_REASONS,
  'other',
];

/** The label of a failure. */
export const reasonOf = (type: string): string => (REASONS.includes(type) ? type : 'other');

/** The label of what became of a notification. */
export function outcomeOf({ notBegun, ownerEnd, found, failure }: Outcome): (typeof OUTCOMES)[number] {
  if (notBegun) return 'not_begun';
  if (ownerEnd) return 'owner_ended';
  if (found) return 'newer_held';
  return failure?.retry ?? 'delivered';
}

/** The workflow wants a report to be there this many seconds after it was accepted, at the latest; see `dueBy` in task-state/round. */
const REPORT_SECONDS = 20;

/**
 * The deadline that a heartbeat is to keep, in epoch seconds; undefined for a report. A task that no workflow has reported has no
 * owners, and its item does not say what it is: one that need not be there within the time of a report is a heartbeat.
 */
export function deadlineOfHeartbeat({ notification, owners, dueBy }: NotifyItem): number | undefined {
  if (!notification || dueBy === undefined) return undefined;
  const isHeartbeat = owners ? owners.heartbeat : dueBy > notification.updateDateTime + REPORT_SECONDS;
  return isHeartbeat ? dueBy : undefined;
}
