import { TERMINAL_NEXT_UPDATE_SECONDS, type TaskState } from '../report';
import { MAY_FOLLOW, refusePending } from './accept';
import { dropReported } from './attachments';
import { clearFailures, reportsDelivered } from './notify';
import { deadlineOf, endPending, isTerminal, reporterOf, type TaskRecord } from './record';
import type { EarlierEnd, Following, NotifyItem, Outcome, ReadBack } from './types';

/** An UpdateDateTime held by Migration Hub that is further ahead of workflow time is taken for a mistake, and not waited for. */
const TOLERATED_SKEW_SECONDS = 60;
/** How much of the detail that Migration Hub holds is told: of many tasks all would not fit one result. */
const FOUND_DETAIL_LENGTH = 300;
/** That much of it, without half a character at its end. */
export const foundDetail = (detail: string | undefined): string | undefined =>
  detail?.slice(0, FOUND_DETAIL_LENGTH).replace(/[\ud800-\udbff]$/, '');

/** Whether a notification may follow what Migration Hub holds of the task. What it holds may be that very notification. */
export function mayFollow({ notification, register }: NotifyItem, found: ReadBack, earlier?: EarlierEnd): boolean {
  if (!notification || found.updateDateTime === undefined || !found.status) return true;
  const { updateDateTime } = notification;
  if (found.updateDateTime === updateDateTime && isSame(notification, found)) return true;
  if (found.updateDateTime >= updateDateTime && found.updateDateTime <= updateDateTime + TOLERATED_SKEW_SECONDS)
    return false;
  if (isTerminal(found.status)) return mayFollowEnd(register, found.updateDateTime, earlier);
  if (setsBack(notification.status, found, register)) return false;
  if (register?.allowDecrease || found.progressPercent === undefined) return true;
  return (notification.progressPercent ?? -1) >= found.progressPercent;
}

/** What begins a new attempt follows an end: rule 6, as `isNewAttempt` has it where the task is known. */
function mayFollowEnd(
  { reopen, startedAt, attempt }: Pick<Following, 'reopen' | 'startedAt' | 'attempt'> = {},
  endedAt: number,
  earlier: EarlierEnd = {},
): boolean {
  if (reopen || earlier.mayFollow) return true;
  if (attempt !== undefined) return attempt !== earlier.attempt;
  return !earlier.isLate && (startedAt ?? 0) > (earlier.startedAt ?? endedAt);
}

/**
 * Who registers a task, as `import` does, does not know how far it is: it does not go over another state that Migration Hub holds. A
 * workflow run knows, and so does who asks for it.
 */
const setsBack = (status: string, found: ReadBack, by: Following = {}): boolean =>
  status === 'NOT_STARTED' &&
  found.status !== 'NOT_STARTED' &&
  !(by.reopen || by.allowDecrease) &&
  [by.attempt, by.startedAt, by.runId].every((each) => each === undefined);

const isSame = (a: TaskState, b: Partial<TaskState>): boolean =>
  a.status === b.status && a.progressPercent === b.progressPercent && a.statusDetail === b.statusDetail;

/**
 * Migration Hub was read back: what it holds counts for order, percent and the refusal of late reports. `by`: whose report is pending. One
 * that only registers the task is sent with the state that Migration Hub holds, so that heartbeats repeat that.
 */
export function registered(record: TaskRecord, { found, earlier }: Outcome, now: number, by: Following): void {
  record.registered = true;
  clearFailures(record);
  if (found?.updateDateTime === undefined || !found.status) return;
  // Ours must be newer than another writer's, whose clock may be a little ahead; a time far ahead would silence the task.
  if (found.updateDateTime <= now + TOLERATED_SKEW_SECONDS)
    record.lastStamp = Math.max(record.lastStamp, Math.floor(found.updateDateTime));
  const { status, updateDateTime } = found;
  const terminal = isTerminal(status);
  if (terminal && !mayFollowEnd(record.pending, updateDateTime, earlier))
    return endFound(record, { ...found, status, updateDateTime }, now, earlier);
  if (terminal) return;
  // Who has reported before knows more.
  if (record.pending?.number === 1 && setsBack(record.pending.status, found, by))
    Object.assign(record.pending, { status, statusDetail: foundDetail(found.statusDetail) });
  if (found.progressPercent === undefined || record.pending?.allowDecrease) return;
  // A next attempt that waits has a percent of its own.
  const reached = record.nextAttempt ? record.pending?.progressPercent : record.highestPercent;
  const percent = Math.max(found.progressPercent, reached ?? 0);
  if (record.pending) record.pending.progressPercent = percent;
  if (!record.nextAttempt) record.highestPercent = percent;
}

/** What is pending may not follow the end that Migration Hub holds; it may be that end, such as after a reset of the heartbeat workflow. */
function endFound(
  record: TaskRecord,
  { status, statusDetail, progressPercent, updateDateTime }: ReadBack & TaskState & { updateDateTime: number },
  now: number,
  earlier: EarlierEnd = {},
): void {
  const held = { updateDateTime, nextUpdateSeconds: TERMINAL_NEXT_UPDATE_SECONDS };
  record.lastDelivered = { status, statusDetail, progressPercent, ...held, deadline: deadlineOf(held) };
  record.terminalAt = now;
  record.endedByStartedAt = earlier.startedAt ?? updateDateTime;
  const { pending } = record;
  if (!pending) return;
  const told = { ...pending, statusDetail: foundDetail(pending.statusDetail) };
  if (isSame(told, { status, statusDetail, progressPercent })) {
    reportsDelivered(record, pending.reports);
    return endPending(record);
  }
  const reporter = reporterOf(record.reporters, pending.reports.at(-1)?.ownerId ?? '');
  if (reporter) reporter.isPast = earlier.isLate;
  refusePending(record, `Migration Hub already holds ${status}: ${MAY_FOLLOW}`);
  if (!record.pending) dropReported(record);
  // Whether what waits behind it may follow is asked for itself.
  record.registered = !record.pending;
}
