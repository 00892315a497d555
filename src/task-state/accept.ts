import { takeAttachments } from './attachments';
import { beginAttempt, isNewAttempt, isOfPastAttempt, isReportedAnew, joinAttempt, ofItsRun } from './attempts';
import { takeOwner } from './owners';
import {
  endPending,
  isReadBack,
  isTerminal,
  newestState,
  reporterOf,
  type ReporterLedger,
  type ReportKey,
  type TaskRecord,
} from './record';
import { MAX_LABELS_LENGTH, type TaskReport } from '../report';

/** How many reporters a task remembers; the oldest leaves first. */
const REMEMBERED_REPORTERS = 32;

/** What may follow an end; rule 6 of the design page. */
export const MAY_FOLLOW =
  'only a report of a newer workflow run, or one with reopen: true, may follow; a client that reports for such a run names it ' +
  '(owner with workflowId, runId and startedAt), or lets its workflow report first';
const PAST_ATTEMPT = 'a newer attempt of the task has begun: reports of the attempt before are refused';

/** What became of a report: `duplicate` where its sequence was seen before. */
export type Acceptance = 'accepted' | 'duplicate' | 'refused';

/**
 * Takes a validated report into the record. The newest wins; nothing follows a terminal state except a `reopen`, and that waits
 * until the terminal state is delivered. Whether it may follow one that was only read back is asked: it registers the task again.
 */
export function accept(record: TaskRecord, report: TaskReport, now: number): Acceptance {
  const { owner } = report;
  const settled = settledStatus(record);
  const isUnknown = newestState(record) === record.lastDelivered && isReadBack(record);
  const reopens = report.reopen || isNewAttempt(record, report, settled !== undefined);
  const reporter = meetReporter(record, report);
  const before = reporter?.accepted;
  if (reporter && owner) {
    if (owner.sequence <= reporter.accepted) return 'duplicate';
    reporter.accepted = owner.sequence;
  }
  const isTakenBack = isReportedAnew(record, report) || isEndOfOpen(record, report);
  const isLate = (settled !== undefined && !isUnknown) || isOfPastAttempt(record, report);
  if (isLate && !reopens && !isTakenBack) {
    refuse(record, reporter, report, before, settled ? `the task is already ${settled}: ${MAY_FOLLOW}` : PAST_ATTEMPT);
    return 'refused';
  }
  record.isClosed = undefined;
  // So is one that only registers a task which until now had only attachments: Migration Hub may hold a state of another writer.
  if (isUnknown || (report.status === 'NOT_STARTED' && !newestState(record))) record.registered = false;
  if (settled) beginAttempt(record);
  joinAttempt(record, report);
  if (isTerminal(report.status)) record.endedByStartedAt = owner?.startedAt ?? Math.min(owner?.reportedAt ?? now, now);
  record.reportedAt = now;
  record.silenceLimitSeconds = report.silenceLimitSeconds ?? record.silenceLimitSeconds;
  takeOwner(record, owner);
  record.labels = mergedLabels(record.labels, report.labels);
  record.nextUpdateSeconds = report.nextUpdateSeconds ?? record.nextUpdateSeconds;
  takeAttachments(record, report, now);
  record.counters.reports++;
  // An end that was reported is not dropped: the next attempt waits until Migration Hub takes it, or is sure not to.
  const mustWait = isTerminal(record.pending?.status) && !isTakenBack;
  if (!mustWait && record.nextAttempt) endPending(record);
  const place = mustWait ? 'nextAttempt' : 'pending';
  const replaced = record[place];
  record[place] = {
    number: record.counters.reports,
    status: report.status,
    statusDetail: report.statusDetail,
    progressPercent: percentOf(record, report),
    reports: merged(replaced?.reports, owner && [{ ownerId: owner.ownerId, sequence: owner.sequence }]).filter(
      ({ ownerId }) => reporterOf(record.reporters, ownerId),
    ),
    // Both hold until Migration Hub was read back, though a newer report replaces this one. Before that, no end is sure that it follows.
    ...((report.allowDecrease || replaced?.allowDecrease) && { allowDecrease: true }),
    ...((report.reopen || (settled && record.registered) || isTakenBack || replaced?.reopen) && { reopen: true }),
    startedAt: owner?.startedAt ?? replaced?.startedAt,
    attempt: owner?.attempt ?? replaced?.attempt,
    acceptedAt: now,
  };
  return 'accepted';
}

/** The heartbeat workflow was cancelled and closes its tasks: the end that the migration itself reports meanwhile is the true one. */
const isEndOfOpen = (record: TaskRecord, report: TaskReport): boolean =>
  record.isClosed === true &&
  report.owner?.workflowId !== undefined &&
  isTerminal(report.status) &&
  !isOfPastAttempt(record, report);

/** Labels travel with the task's state: where both would be too many, those of the newest report count. */
export function mergedLabels(
  before: Record<string, string>,
  newer: Record<string, string> = {},
): Record<string, string> {
  const labels = { ...before, ...newer };
  return JSON.stringify(labels).length <= MAX_LABELS_LENGTH ? labels : { ...newer };
}

/** Notes of a report that it was refused as it came: its reporter must learn of it. */
export function turnAway(record: TaskRecord, report: TaskReport, reason: string): void {
  refuse(record, meetReporter(record, report), report, undefined, reason);
}

/** Why the newest refused report of the same reporter was refused. */
export const refusalOf = ({ reporters }: TaskRecord, { owner }: TaskReport): string | undefined =>
  owner && reporterOf(reporters, owner.ownerId)?.refused?.reason;

/** `before` is the highest sequence of the reporter that the task had seen until then. */
function refuse(
  record: TaskRecord,
  reporter: ReporterLedger | undefined,
  { owner }: TaskReport,
  before: number | undefined,
  reason: string,
): void {
  record.counters.refused++;
  if (!reporter || !owner) return;
  // Sequences count all reports of a reporter, of other tasks too: those in between were not of this task.
  const from = reporter.refused?.sequence === before ? reporter.refused?.from : undefined;
  reporter.refused = { from: from ?? owner.sequence, sequence: owner.sequence, reason };
}

/** Refuses what is pending, because Migration Hub already holds a terminal state. */
export function refusePending(record: TaskRecord, reason: string): void {
  const reports = record.pending?.reports ?? [];
  if (!record.pending) return;
  endPending(record);
  record.counters.refused++;
  for (const { ownerId, sequence } of reports) {
    const reporter = reporterOf(record.reporters, ownerId);
    if (reporter) reporter.refused = { from: reporter.delivered + 1, sequence, reason };
  }
}

/** Both lists as one, the highest sequence of each reporter. */
export function merged(older: ReportKey[] = [], newer: ReportKey[] = []): ReportKey[] {
  return [...older.filter(({ ownerId }) => !newer.some((key) => key.ownerId === ownerId)), ...newer];
}

/** The terminal status that is delivered, on its way or waiting. */
function settledStatus(record: TaskRecord): string | undefined {
  const status = newestState(record)?.status;
  return isTerminal(status) ? status : undefined;
}

function meetReporter(record: TaskRecord, report: TaskReport): ReporterLedger | undefined {
  if (!report.owner) return undefined;
  const { ownerId, workflowId, runId } = report.owner;
  const known = reporterOf(record.reporters, ownerId);
  if (known) {
    // The one that has not reported for longest is forgotten first.
    delete record.reporters[ownerId];
    return (record.reporters[ownerId] = known);
  }
  const isPast = ofItsRun(record, report)[0]?.isPast;
  const ids = Object.keys(record.reporters);
  // Each activity of a caller in another language is a reporter: they must not push those of other runs out.
  const isOfRun = (id: string) => runId !== undefined && record.reporters[id]?.runId === runId;
  if (ids.length >= REMEMBERED_REPORTERS) delete record.reporters[(ids.find(isOfRun) ?? ids[0]) as string];
  return (record.reporters[ownerId] = { workflowId, runId, accepted: 0, delivered: 0, isPast });
}

function percentOf(record: TaskRecord, report: TaskReport): number | undefined {
  const percent = report.progressPercent;
  if (percent === undefined) return record.highestPercent;
  record.highestPercent = report.allowDecrease ? percent : Math.max(percent, record.highestPercent ?? 0);
  return record.highestPercent;
}
