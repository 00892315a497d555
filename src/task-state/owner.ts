import { accept } from './accept';
import { isTerminal, type TaskRecord } from './record';
import { MANY_OWNERS } from './owners';
import type { OwnerEnd, OwnerQuestion } from './types';

/**
 * Who must still be open for the notification in flight to be true; undefined where nobody need be asked: who has just
 * reported is there, an end stays true, and who is no workflow cannot be asked. Many are asked each time: few are open.
 */
export function ownerQuestion({ inFlight, owners, failures }: TaskRecord): OwnerQuestion | undefined {
  if (!inFlight || owners.length === 0 || isTerminal(inFlight.notification.status)) return undefined;
  if (!inFlight.heartbeat && failures === 0 && owners.length < MANY_OWNERS) return undefined;
  return { workflows: [...owners], heartbeat: inFlight.heartbeat };
}

const HOW_IT_ENDED: Record<OwnerEnd, string> = {
  COMPLETED: 'completed without reporting an end (is an await missing on its run or its last report?)',
  FAILED: 'failed',
  CANCELLED: 'was cancelled',
  TERMINATED: 'was terminated',
  TIMED_OUT: 'timed out',
  NOT_FOUND: 'is not known to Temporal any more',
};

/**
 * The notification in flight was not sent, because all who reported of the task are gone (rule 8): it is closed as FAILED
 * where the newest failed, or who started it; where it completed, or Temporal does not know it, heartbeats end. Not where somebody has
 * reported meanwhile.
 */
export function ownerEnded(record: TaskRecord, end: OwnerEnd, now: number, endedOwner?: string): void {
  const { inFlight: flight, owners, progressUpdateStream, migrationTaskName } = record;
  if (!flight) return;
  record.inFlight = undefined;
  if (!flight.heartbeat) record.unsent = flight;
  if (record.pending !== undefined && record.pending.number !== flight.number) return;
  const who = endedOwner ?? owners.at(-1)?.workflowId;
  const abandoned = { at: now, reason: `its owner ${who} ${HOW_IT_ENDED[end]}` };
  record.abandoned = abandoned;
  if (end === 'COMPLETED' || end === 'NOT_FOUND') {
    // Nothing of a state is sent any more; what is attached to the task does not wait for that.
    if (!record.unsent && !record.pending) endTries(record);
    return;
  }
  const statusDetail = `The workflow ${who} ${HOW_IT_ENDED[end]}`;
  accept(record, { progressUpdateStream, migrationTaskName, status: 'FAILED', statusDetail }, now);
  record.abandoned = abandoned;
}

/** When a task whose reporter is no workflow has been silent for too long; undefined where no heartbeat of it is to end so. */
export function silentAt(record: TaskRecord, standardLimit: number): number | undefined {
  const { owners, reportedAt, abandoned, pending, inFlight, lastDelivered } = record;
  const limit = record.silenceLimitSeconds ?? standardLimit;
  if (limit <= 0 || owners.length > 0 || reportedAt === undefined) return undefined;
  if (abandoned || pending || inFlight || !lastDelivered || isTerminal(lastDelivered.status)) return undefined;
  return reportedAt + limit;
}

/**
 * Heartbeats end where nothing was reported for longer than the silence limit: the task becomes stale at its deadline.
 * True when that begins now. A report revives it.
 */
export function giveUpIfSilent(record: TaskRecord, standardLimit: number, now: number): boolean {
  if (now < (silentAt(record, standardLimit) ?? Infinity)) return false;
  const seconds = record.silenceLimitSeconds ?? standardLimit;
  record.abandoned = { at: now, reason: `nothing was reported for ${seconds} s, its silence limit` };
  record.unsent = undefined;
  endTries(record);
  return true;
}

/** Nothing waits for a next try. That the last one failed stays true. */
function endTries(record: TaskRecord): void {
  record.failures = 0;
  record.notBefore = undefined;
}
