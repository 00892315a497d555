import { UNCURED_RETRY_SECONDS } from '../report';
import { refusePending } from './accept';
import { clearFailures } from './notify';
import { deadlineOf, type TaskRecord } from './record';
import type { NotifyFailure } from './types';

/** Why a notification was not sent to its end: a newer report waits, or the run is to end. */
export const SUPERSEDED: NotifyFailure = {
  type: 'Superseded',
  message: 'not taken yet when a newer report, or the next run of the heartbeat workflow, took its place',
  retry: 'backoff',
};

/** Temporal gave the round to one worker after another, and each was lost with it. */
export const WORKER_LOST: NotifyFailure = {
  type: 'WorkerLost',
  message: 'each worker that took it stopped before it answered',
  retry: 'backoff',
};

/** The longest pause between retries in an outage: tasks are to be fresh again 35 s after its end, and a round takes seconds. */
const LONGEST_BACKOFF_SECONDS = 25;
/** A last try begins so long before a deadline. */
const LAST_TRY_SECONDS = 5;

/** AWS answers as to wrong input also while it deletes a stream, and outside the home region: so often in a row an end is tried all the same. */
const NEVER_TRIES = 3;

/** What shortens the wait until the next try. */
export interface RetryWait {
  /** From 0 to 1: what fails in one round is not tried again at the same moment as what fails in others. @default 0 */
  spread?: number;
  /** Migration Hub took another notification of the same round: it is up, and this one need not wait as in an outage. @default false */
  isUp?: boolean;
}

/** The notification in flight did not arrive; what it carried stays wanted and is tried again. */
export function failed(
  record: TaskRecord,
  failure: NotifyFailure,
  now: number,
  attempts: number,
  retryWait: RetryWait = {},
): void {
  if (!record.inFlight) return;
  const { notification } = record.inFlight;
  record.unsent = record.inFlight;
  record.inFlight = undefined;
  record.counters.retries += Math.max(0, attempts - 1);
  if (giveUpEnd(record, failure)) return clearFailures(record);
  // Registering it at once did not help: it is registered again before the next try.
  if (failure.retry === 'register') record.registered = false;
  const wait = waitAfter(record, failure, now, retryWait);
  const roomTo = (deadline: number) => deadline - LAST_TRY_SECONDS - now;
  const known = roomTo(record.lastDelivered?.deadline ?? Infinity);
  // What was sent now may have arrived with only its answer lost: its deadline counts, too.
  const sent = roomTo(deadlineOf(notification));
  // Once more before each deadline: waiting past it would make the task stale for sure.
  const rooms = failure.retry === 'backoff' ? [known, sent].filter((room) => room >= 1) : [];
  // With no room before it any more, the task is stale or about to be: whatever Migration Hub asks for, it is not left so.
  const isLate = known < 1;
  record.notBefore = now + Math.min(wait, ...rooms, isLate ? UNCURED_RETRY_SECONDS : Infinity);
}

/** The task could not be registered; it is tried again later. */
export function registrationFailed(
  record: TaskRecord,
  failure: NotifyFailure,
  now: number,
  retryWait: RetryWait = {},
): void {
  if (giveUpEnd(record, failure)) return clearFailures(record);
  record.notBefore = now + waitAfter(record, failure, now, retryWait);
}

/** The next attempt does not wait for an end that Migration Hub never takes. Returns whether there was one. */
function giveUpEnd(record: TaskRecord, { retry, type, message }: NotifyFailure): boolean {
  if (retry !== 'never' || !record.nextAttempt || (record.nevers ?? 0) < NEVER_TRIES) return false;
  record.unsent = undefined;
  refusePending(record, `Migration Hub does not take it, and the next attempt has begun: ${type}: ${message}`);
  return true;
}

/**
 * Records the failure and gives the seconds until the next try: doubling to 25 (1 where Migration Hub is up) and up to a quarter less by `spread`, or as
 * long as Migration Hub asks and up to a quarter more, so that not all workers try at the same moment. However long it asks, as long
 * as one notification holds is long enough.
 */
function waitAfter(
  record: TaskRecord,
  failure: NotifyFailure,
  now: number,
  { spread = 0, isUp = false }: RetryWait,
): number {
  record.failures++;
  record.nevers = failure.retry === 'never' ? (record.nevers ?? 0) + 1 : undefined;
  record.superseded = failure.type === SUPERSEDED.type ? (record.superseded ?? 0) + 1 : undefined;
  // That a newer report took its place is no failure of Migration Hub.
  if (failure.type !== SUPERSEDED.type || !record.lastFailure) record.lastFailure = { ...failure, at: now };
  if (failure.retry !== 'backoff') return UNCURED_RETRY_SECONDS;
  // That says nothing of Migration Hub, and the next worker may be there already.
  if (failure.type === WORKER_LOST.type) return 1;
  const asked = failure.retryAfterSeconds ?? 0;
  const backoff = isUp ? 1 : Math.min(LONGEST_BACKOFF_SECONDS, 2 ** Math.min(record.failures - 1, 5));
  const longest = Math.max(UNCURED_RETRY_SECONDS, record.nextUpdateSeconds);
  return Math.min(longest, Math.max(1, backoff * (1 - spread / 4), asked * (1 + spread / 4)));
}
