import { isUnreported, pendingAttachments } from './attachments';
import { earliest } from './due-times';
import { undeliveredState, type TaskRecord } from './record';

/** A task at its end stays so long, from the newest change on, for attachments that Migration Hub does not take: a week. */
const ATTACHMENTS_SECONDS = 7 * 86_400;

/**
 * When a task that is not busy may leave its group: it is at its end, or was only attached something to, has nothing left to send, and
 * has lingered. One that was given up stays until its end is reported: Migration Hub shows it stale, and nobody else would say so.
 */
export function removalAt(record: TaskRecord, lingerSeconds: number): number | undefined {
  const { terminalAt, attachedAt = 0 } = record;
  const endedAt = terminalAt ?? (isUnreported(record) ? record.attachedAt : undefined);
  if (endedAt === undefined || undeliveredState(record)) return undefined;
  if (pendingAttachments(record).length === 0) return endedAt + lingerSeconds;
  return Math.max(endedAt, attachedAt) + Math.max(lingerSeconds, ATTACHMENTS_SECONDS);
}

/**
 * Who leaves a full group, of tasks that are not busy: the oldest at their end, though they have not lingered; where there is none, the
 * one that was given up first.
 */
export function givingWay(records: TaskRecord[], lingerSeconds: number): TaskRecord[] {
  const oldest = earliest(...records.map((record) => removalAt(record, lingerSeconds)));
  if (oldest !== undefined) return records.filter((record) => removalAt(record, lingerSeconds) === oldest);
  const givenUp = records.filter((record) => record.abandoned && !undeliveredState(record));
  return givenUp.sort((a, b) => (a.abandoned?.at ?? 0) - (b.abandoned?.at ?? 0)).slice(0, 1);
}
