import { accept } from './accept';
import { isTerminal, type TaskRecord } from './record';
import type { OwnerEnd, OwnerQuestion } from './results';

/**
 * The owner that must still be open for the notification in flight to be true; null where nobody need be asked: who has just
 * spoken is there, an end stays true, and who is no workflow cannot be asked.
 */
export function ownerQuestion({ inFlight, owner, failures, reporters }: TaskRecord): OwnerQuestion | null {
  if (!inFlight || !owner?.workflowId || isTerminal(inFlight.notification.status)) return null;
  if (!inFlight.heartbeat && failures === 0) return null;
  const ids = Object.values(reporters).flatMap(({ workflowId }) => workflowId ?? []);
  const others = [...new Set(ids)].filter((id) => id !== owner.workflowId);
  return { workflowId: owner.workflowId, heartbeat: inFlight.heartbeat, ...(others.length > 0 && { others }) };
}

const HOW_IT_ENDED: Record<OwnerEnd, string> = {
  COMPLETED: 'completed without reporting an end',
  FAILED: 'failed',
  CANCELLED: 'was cancelled',
  TERMINATED: 'was terminated',
  TIMED_OUT: 'timed out',
  NOT_FOUND: 'is not known to Temporal any more',
};

/**
 * The notification in flight was not sent, because its owner is gone (rule 7): the task is closed as FAILED where the owner
 * failed; where it completed, or nobody knows, no claim is made and heartbeats stop. Not where somebody has spoken meanwhile.
 */
export function ownerEnded(record: TaskRecord, end: OwnerEnd, now: number): void {
  const { inFlight: flight, owner, progressUpdateStream, migrationTaskName } = record;
  if (!flight) return;
  record.inFlight = undefined;
  if (!flight.heartbeat) record.unsent = flight;
  const hasSpoken = record.pending !== undefined && record.pending.number !== flight.number;
  if (hasSpoken) return;
  const reason = `its owner ${owner?.workflowId} ${HOW_IT_ENDED[end]}`;
  record.abandoned = { at: now, reason };
  if (end === 'COMPLETED' || end === 'NOT_FOUND') return;
  const statusDetail = `The workflow ${owner?.workflowId} ${HOW_IT_ENDED[end]}`;
  accept(record, { progressUpdateStream, migrationTaskName, status: 'FAILED', statusDetail }, now);
  record.abandoned = { at: now, reason };
}

/** When a task whose reporter is no workflow has been silent for too long; undefined where no limit is set. */
function silentAt(record: TaskRecord, standardLimit: number): number | undefined {
  const limit = record.silenceLimitSeconds ?? standardLimit;
  if (limit <= 0 || record.owner?.workflowId || record.reportedAt === undefined) return undefined;
  return record.reportedAt + limit;
}

/**
 * No heartbeat repeats what nobody has confirmed for longer than the silence limit: the task becomes stale at its deadline.
 * True when that begins now. A report revives it.
 */
export function giveUpIfSilent(record: TaskRecord, standardLimit: number, now: number): boolean {
  const at = silentAt(record, standardLimit);
  const isRepeating = !record.abandoned && !record.pending && !record.inFlight && record.lastDelivered !== undefined;
  if (at === undefined || now < at || !isRepeating || isTerminal(record.lastDelivered?.status)) return false;
  const seconds = record.silenceLimitSeconds ?? standardLimit;
  record.abandoned = { at: now, reason: `nothing was reported for ${seconds} s, its silence limit` };
  record.unsent = undefined;
  return true;
}
