import { TERMINAL_NEXT_UPDATE_SECONDS, UNCURED_RETRY_SECONDS } from '../report/limits';
import { stableHash } from '../report/names';
import { deadlineOf, isTerminal, newestState, repeatableUntil, reporterOf, type TaskRecord } from './record';
import type { NotifyFailure, ReadBack, TaskNotification } from './types';
import { merged, refusePending } from './accept';

/** Why a notification was not sent to its end: a newer report waits, or the run is to end. */
export const SUPERSEDED: NotifyFailure = {
  type: 'Superseded',
  message: 'not taken yet when a newer report, or the next run of the heartbeat workflow, took its place',
  retryable: true,
};

/** A last try begins so long before a deadline. */
const LAST_TRY_SECONDS = 5;

/** An UpdateDateTime held by Migration Hub that is further ahead of workflow time is taken for a mistake, and not waited for. */
const TOLERATED_SKEW_SECONDS = 60;

/** When a heartbeat is due: a fraction of `nextUpdateSeconds` after the last update, up to 10 % earlier by a phase of the task's own. */
export function heartbeatDueAt(record: TaskRecord, fraction: number): number | undefined {
  const last = record.lastDelivered;
  if (!last || isTerminal(last.status) || record.abandoned) return undefined;
  const phase = (stableHash(`${record.progressUpdateStream}:${record.migrationTaskName}`) % 1000) / 10_000;
  return last.updateDateTime + Math.max(1, Math.floor(last.nextUpdateSeconds * fraction * (1 - phase)));
}

/** Epoch seconds at which the task has something to send; undefined while one is in flight or nothing is left to say. */
export function sendDueAt(record: TaskRecord, fraction: number): number | undefined {
  if (record.inFlight) return undefined;
  const wanted = record.pending || record.unsent ? 0 : heartbeatDueAt(record, fraction);
  if (wanted === undefined) return undefined;
  // Whole seconds, strictly rising, never ahead of workflow time: at most one stamp per task and second.
  return Math.max(wanted, record.lastStamp + 1, record.notBefore ?? 0);
}

/** Makes the task's next notification and puts it in flight. */
export function stamp(record: TaskRecord, now: number): TaskNotification {
  const { pending, unsent } = record;
  const state = newestState(record);
  if (!state) throw new Error(`${record.migrationTaskName} has nothing to send`);
  record.unsent = undefined;
  const isRetry = unsent && unsent.number === pending?.number;
  if (isRetry && now < repeatableUntil(unsent.notification)) {
    record.inFlight = unsent;
    return unsent.notification;
  }
  const notification: TaskNotification = {
    progressUpdateStream: record.progressUpdateStream,
    migrationTaskName: record.migrationTaskName,
    status: state.status,
    ...(state.statusDetail !== undefined && { statusDetail: state.statusDetail }),
    ...(state.progressPercent !== undefined && { progressPercent: state.progressPercent }),
    updateDateTime: Math.floor(now),
    nextUpdateSeconds: isTerminal(state.status) ? TERMINAL_NEXT_UPDATE_SECONDS : record.nextUpdateSeconds,
  };
  record.lastStamp = notification.updateDateTime;
  record.inFlight = {
    notification,
    heartbeat: !pending,
    number: pending?.number,
    said: merged(unsent?.said, pending?.said),
  };
  return notification;
}

/**
 * The time that the notification in flight really carried, as history has it. A replay may have taken that step at another
 * time than the run that made history, where a workflow task was lost and taken again: what follows must not differ.
 */
export function sentAt(record: TaskRecord, updateDateTime: number): void {
  if (!record.inFlight) return;
  record.inFlight.notification.updateDateTime = updateDateTime;
  record.lastStamp = updateDateTime;
}

/** The notification in flight arrived. */
export function delivered(record: TaskRecord, now: number, attempts: number): void {
  const flight = record.inFlight;
  if (!flight) return;
  const { status, statusDetail, progressPercent, updateDateTime, nextUpdateSeconds } = flight.notification;
  const state = { status, statusDetail, progressPercent, updateDateTime, nextUpdateSeconds };
  const before = record.lastDelivered;
  if (before && !isTerminal(before.status) && now > before.deadline) record.counters.missedDeadlines++;
  record.lastDelivered = { ...state, deadline: deadlineOf(state), deliveredAt: now };
  record.inFlight = undefined;
  clearFailures(record);
  record.counters.notifications++;
  record.counters.retries += attempts - 1;
  if (flight.heartbeat) record.counters.heartbeats++;
  record.terminalAt = isTerminal(state.status) ? now : undefined;
  for (const { ownerId, sequence } of flight.said) {
    const reporter = reporterOf(record.reporters, ownerId);
    if (reporter) reporter.delivered = Math.max(reporter.delivered, sequence);
  }
  // A newer report may have come in meanwhile: it stays pending.
  if (record.pending?.number === flight.number) record.pending = undefined;
}

/** The notification in flight did not arrive; what it said stays wanted and is tried again. `spread`: 0 to 1, see `waitAfter`. */
export function failed(record: TaskRecord, failure: NotifyFailure, now: number, attempts: number, spread = 0): void {
  if (!record.inFlight) return;
  record.unsent = record.inFlight;
  record.inFlight = undefined;
  record.counters.retries += Math.max(0, attempts - 1);
  // Registering it at once did not help: it is registered again before the next try.
  if (failure.type === 'ResourceNotFoundException') record.registered = false;
  const wait = Math.min(waitAfter(record, failure, now, spread), longestWait(record));
  const roomTo = (deadline: number) => deadline - LAST_TRY_SECONDS - now;
  const known = record.lastDelivered?.deadline;
  // What was sent now may have arrived with only its answer lost: its deadline counts, too.
  const deadlines = [...(known === undefined ? [] : [known]), deadlineOf(record.unsent.notification)];
  // Once more before each deadline: waiting past it would make the task stale for sure.
  const mayPass = failure.retryable && !failure.needsMending;
  const rooms = mayPass ? deadlines.map(roomTo).filter((room) => room >= 1) : [];
  // With no room before it any more, the task is stale or about to be: whatever Migration Hub asks for, it is not left so.
  const isLate = known !== undefined && roomTo(known) < 1;
  record.notBefore = now + Math.min(wait, ...rooms, isLate ? UNCURED_RETRY_SECONDS : Infinity);
}

/** The task could not be registered; it is tried again later. */
export function registrationFailed(record: TaskRecord, failure: NotifyFailure, now: number, spread = 0): void {
  record.notBefore = now + Math.min(waitAfter(record, failure, now, spread), longestWait(record));
}

/** However long Migration Hub asks to wait: as long as one notification holds is long enough. */
const longestWait = (record: TaskRecord): number => Math.max(UNCURED_RETRY_SECONDS, record.nextUpdateSeconds);

/**
 * Books the failure and gives the seconds until the next try: doubling to 30 and up to a quarter less by `spread`, or as long
 * as Migration Hub asks and up to a quarter more, so that a fleet does not come back as one.
 */
function waitAfter(record: TaskRecord, failure: NotifyFailure, now: number, spread: number): number {
  record.failures++;
  // That a newer report took its place says nothing of Migration Hub.
  if (failure.type !== SUPERSEDED.type || !record.lastFailure) record.lastFailure = { ...failure, at: now };
  if (!failure.retryable || failure.needsMending) return UNCURED_RETRY_SECONDS;
  const asked = failure.retryAfterSeconds ?? 0;
  const backoff = Math.min(UNCURED_RETRY_SECONDS, 2 ** Math.min(record.failures - 1, 5));
  return Math.max(1, backoff * (1 - spread / 4), asked * (1 + spread / 4));
}

function clearFailures(record: TaskRecord): void {
  record.failures = 0;
  record.lastFailure = undefined;
  record.notBefore = undefined;
}

/** Migration Hub was read back: what it holds counts for order, percent and the refusal of late reports. */
export function registered(record: TaskRecord, found: ReadBack | undefined, now: number): void {
  record.registered = true;
  clearFailures(record);
  if (found?.updateDateTime === undefined || !found.status) return;
  // Ours must be newer than another writer's, whose clock may be a little ahead; a time far ahead would silence the task.
  if (found.updateDateTime <= now + TOLERATED_SKEW_SECONDS)
    record.lastStamp = Math.max(record.lastStamp, Math.floor(found.updateDateTime));
  const terminal = isTerminal(found.status);
  if (terminal && !record.pending?.reopen) {
    const { status, statusDetail, progressPercent, updateDateTime } = found;
    const held = { updateDateTime, nextUpdateSeconds: TERMINAL_NEXT_UPDATE_SECONDS };
    record.lastDelivered = { status, statusDetail, progressPercent, ...held, deadline: deadlineOf(held) };
    record.terminalAt = now;
    refusePending(record, `Migration Hub already holds ${found.status}; only a report with reopen may follow`);
    return;
  }
  if (terminal || found.progressPercent === undefined || record.pending?.allowDecrease) return;
  record.highestPercent = Math.max(found.progressPercent, record.highestPercent ?? 0);
  if (record.pending) record.pending.progressPercent = record.highestPercent;
}
