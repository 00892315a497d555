import type { TaskReport } from '../report';
import { reporterOf, type ReporterLedger, type TaskRecord } from './record';
import type { EarlierEnd, Following } from './types';

type By = Pick<TaskReport, 'owner'>;

/**
 * Every `run` begins an attempt; so does, for callers without `run`, the first report of a workflow run that started later than
 * the one that ended the task, or than the end where that came from no workflow run (rule 6). A report that was refused as it came
 * was not the first. One that is no workflow has no runs: any report of its may begin one. `isSettled`: the task is at its end.
 */
export function isNewAttempt(record: TaskRecord, { owner }: TaskReport, isSettled: boolean): boolean {
  if (!owner) return false;
  const { ownerId, workflowId, attempt, startedAt } = owner;
  if (attempt !== undefined) return reporterOf(record.reporters, ownerId)?.attempt !== attempt;
  const mayBegin = isSettled && (workflowId === undefined || !ofItsRun(record, { owner }).some(hasReported));
  return mayBegin && (startedAt ?? -Infinity) > (record.endedByStartedAt ?? Infinity);
}

/**
 * The task was closed because its owner was gone (rule 8), and now another run reports: one that was started again, or reset.
 * What nobody reported, a new report may take back.
 */
export const isReportedAnew = ({ abandoned, owner: before }: TaskRecord, { owner }: By): boolean =>
  abandoned !== undefined && owner !== undefined && owner.runId !== before?.runId;

/** What a task at its end tells a later heartbeat workflow of whose report may follow. */
export function earlierEnd(record: TaskRecord, by: Pick<Following, 'ownerId' | 'runId'>): EarlierEnd {
  const { ownerId = '', runId } = by;
  const owner = { ownerId, runId, sequence: 0 };
  const attempt = reporterOf(record.reporters, ownerId)?.attempt;
  const known = ofItsRun(record, { owner }).filter(hasReported);
  const isLate = known.some(({ workflowId }) => workflowId !== undefined);
  // What was still to be sent there follows the end.
  const hasBegun = record.pending !== undefined && known.some(({ isPast }) => !isPast);
  // Nobody has reported an end that came of a cancelled heartbeat workflow: a workflow that goes on takes it back.
  const goesOn = record.isClosed && isLate && !known.some(({ isPast }) => isPast);
  return {
    startedAt: record.endedByStartedAt,
    ...(attempt !== undefined && { attempt }),
    ...(isLate && { isLate: true }),
    ...((hasBegun || goesOn || (ownerId && isReportedAnew(record, { owner }))) && { mayFollow: true }),
  };
}

/** From here on the reporters of before are past. */
export function beginAttempt(record: TaskRecord): void {
  // Who is no workflow has no runs, and reports of any attempt.
  for (const reporter of Object.values(record.reporters))
    if (reporter.workflowId && hasReported(reporter)) reporter.isPast = true;
  record.owners = [];
  record.warnedOf = undefined;
  record.terminalAt = undefined;
  record.highestPercent = undefined;
}

/** Each activity of a caller in another language is a reporter of its own: its run tells to which attempt it belongs. */
export const ofItsRun = ({ reporters }: TaskRecord, { owner }: By): ReporterLedger[] =>
  Object.entries(reporters)
    .filter(([id, { runId }]) => id === owner?.ownerId || (runId !== undefined && runId === owner?.runId))
    .map(([, reporter]) => reporter);

/** Not all its reports were refused as they came. */
const hasReported = ({ isPast }: ReporterLedger): boolean => isPast !== undefined;

/** A late report of a workflow run whose attempt is over. */
export const isOfPastAttempt = (record: TaskRecord, report: By): boolean =>
  ofItsRun(record, report).some(({ isPast }) => isPast === true);

/** Who reports now is of the attempt that is on. */
export function joinAttempt(record: TaskRecord, report: TaskReport): void {
  for (const reporter of ofItsRun(record, report)) reporter.isPast = false;
  const reporter = report.owner && reporterOf(record.reporters, report.owner.ownerId);
  if (reporter) reporter.attempt = report.owner?.attempt;
}
