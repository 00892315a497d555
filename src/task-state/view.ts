import { attachmentsDueAt, goesOnAfter, isUnreported } from './attachments';
import { heartbeatDueAt, sendTimes, type HeartbeatTiming } from './notify';
import {
  isPastDeadline,
  isTerminal,
  outcomeOf,
  reporterOf,
  undeliveredState,
  type DeliveredState,
  type ReporterLedger,
  type ReportKey,
  type TaskCounters,
  type TaskRecord,
} from './record';
import type { TaskIdentity, TaskState } from '../report';
import type { AttachmentView, NotifyFailure, Owner } from './types';

/** How true is what Migration Hub shows of a task. */
export const FRESHNESS = ['fresh', 'at-risk', 'stale', 'terminal', 'never-delivered', 'unattended'] as const;

/**
 * `fresh`: the deadline holds. `at-risk`: it holds, but the last try failed. `stale`: it has passed. `unattended`: the heartbeat
 * workflow has ended before the task was at its end: nothing is sent any more until somebody reports.
 */
export type Freshness = (typeof FRESHNESS)[number];

/** The answer of the query `lastReportedState`: plain JSON, times in epoch seconds, part of the public contract. */
export interface TaskStateView extends TaskIdentity {
  /** Merged from all reports. */
  labels: Record<string, string>;
  /** What Migration Hub has; absent before the first delivery. */
  lastDelivered?: DeliveredState;
  /**
   * What Migration Hub does not have yet, since when, how many rounds have failed, and, where one has, when the next one begins
   * at the earliest; absent while one is on its way.
   */
  pending?: TaskState & { acceptedAt: number; attempts: number; nextTryAt?: number };
  /** What follows when `pending`, the end of the attempt before, is delivered. */
  nextAttempt?: TaskState & { acceptedAt: number };
  /** Of the last round, where it failed. */
  lastFailure?: NotifyFailure & { at: number };
  /**
   * What Migration Hub has, or is to have, beside the state: resource attributes, discovered resource, artifacts, source resources. At
   * most some 50, and the newest that there was no room for; absent where nobody gave any.
   */
  attachments?: AttachmentView[];
  /** Absent where no heartbeat is due: nothing delivered yet, terminal, abandoned, or unattended. */
  nextHeartbeatAt?: number;
  /** Since when, and why, the task has no heartbeats any more; a report starts them again. */
  abandoned?: { at: number; reason: string };
  /** Migration Hub knows the task, as this workflow knows. */
  registered: boolean;
  /** Whether the last delivered state still holds. */
  freshness: Freshness;
  /** The time `freshness` is judged against: the caller's, else that of the last workflow task. */
  judgedAt: number;
  /** How often what happened. */
  counters: TaskCounters;
  /** Who reported last. */
  owner?: { workflowId?: string; runId?: string };
  /** The workflows that are asked whether they are open: those that have reported in this attempt, or who started them. */
  owners: Owner[];
  /** By `ownerId`. */
  reporters: Record<string, ReporterLedger>;
}

/** What was last reported of a task, and who says so. */
export interface ReportedState extends TaskStateView {
  /**
   * `query`: the heartbeat workflow, by a worker. `history`: what the Temporal server holds of that workflow, for lists and watches,
   * and where it has ended or no worker answered; the same state, though without a worker what falls due is not sent.
   */
  source: 'query' | 'history';
}

function freshnessOf(record: TaskRecord, now: number, isAttended: boolean): Freshness {
  const last = record.lastDelivered;
  // What was only attached something to waits for its first report.
  if (isUnreported(record) && record.attachedAt !== undefined && !last) return 'never-delivered';
  if (!isAttended && !(isTerminal(last?.status) && !undeliveredState(record))) return 'unattended';
  if (!last) return 'never-delivered';
  if (isTerminal(last.status)) return 'terminal';
  if (isPastDeadline(last, now)) return 'stale';
  return record.failures > 0 ? 'at-risk' : 'fresh';
}

const stateOf = ({ status, statusDetail, progressPercent }: TaskState): TaskState => ({
  status,
  statusDetail,
  progressPercent,
});

function attachmentsOf(record: TaskRecord, isSent: boolean): AttachmentView[] {
  const isTried = isSent && attachmentsDueAt(record) !== undefined;
  return (record.attachments ?? []).map(
    ({ kind, name, description, statusDetail, disassociate, state, failure, notBefore }) => ({
      kind,
      name,
      description,
      statusDetail,
      disassociate,
      state,
      failure,
      nextTryAt: isTried && failure && state === 'pending' ? notBefore : undefined,
    }),
  );
}

/** Whether anything is sent of a task. */
interface Attendance {
  /** Its heartbeat workflow has not ended. @default true */
  isAttended?: boolean;
  /** It has not left its group. @default true */
  isHeld?: boolean;
}

/** The answer for one task, judged at `now`, in epoch seconds. */
export function toView(
  record: TaskRecord,
  timing: HeartbeatTiming,
  now: number,
  { isAttended = true, isHeld = true }: Attendance = {},
): TaskStateView {
  const isSent = isAttended && isHeld;
  const waiting = undeliveredState(record);
  const acceptedAt = record.pending?.acceptedAt ?? record.unsent?.notification.updateDateTime ?? record.lastStamp;
  const nextTryAt = isSent && record.failures > 0 ? sendTimes(record, timing)?.ready : undefined;
  return {
    progressUpdateStream: record.progressUpdateStream,
    migrationTaskName: record.migrationTaskName,
    labels: record.labels,
    lastDelivered: record.lastDelivered,
    pending: waiting && { ...stateOf(waiting), acceptedAt, attempts: record.failures, nextTryAt },
    nextAttempt: record.nextAttempt && { ...stateOf(record.nextAttempt), acceptedAt: record.nextAttempt.acceptedAt },
    lastFailure: record.lastFailure,
    attachments: record.attachments && attachmentsOf(record, isSent),
    nextHeartbeatAt: isSent ? heartbeatDueAt(record, timing) : undefined,
    abandoned: record.abandoned,
    registered: record.registered,
    freshness: freshnessOf(record, now, isAttended),
    judgedAt: now,
    counters: record.counters,
    owner: record.owner,
    owners: record.owners,
    reporters: record.reporters,
  };
}

/** What was last reported of a task, delivered or not, by what the query answered. */
export const newestStateOf = ({ nextAttempt, pending, lastDelivered }: TaskStateView): TaskState | undefined =>
  nextAttempt ?? pending ?? lastDelivered;

/** Whether somebody has reported the task; else it was only attached something to. */
export const isReported = ({ counters }: Pick<TaskStateView, 'counters'>): boolean =>
  counters.reports + counters.refused > 0;

/**
 * Whether an attachment waits for its first try, by what the query answered. After one that failed in a way that may pass the others of
 * the task wait for long, and the discovered resource of before waits for the one in its place.
 */
export function hasUntried({ attachments = [] }: Pick<TaskStateView, 'attachments'>): boolean {
  const pending = attachments.filter(({ state }) => state === 'pending');
  const isUntried = ({ kind, disassociate, failure }: AttachmentView) =>
    !failure && !(kind === 'discoveredResource' && disassociate);
  return pending.some(isUntried) && pending.every(({ failure }) => !failure || goesOnAfter(failure));
}

/** What became of a report, by what the query answered, and why it was refused. */
export function deliveryOf(view: TaskStateView | null, { ownerId, sequence }: ReportKey) {
  const reporter = view ? reporterOf(view.reporters, ownerId) : undefined;
  return { outcome: outcomeOf(reporter, sequence), reason: reporter?.refused?.reason };
}
