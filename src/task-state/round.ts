import { stableHash } from '../report';
import { MAY_FOLLOW } from './accept';
import { attachmentCalls, attachmentsDueAt, attachmentsForgotten, attachmentsSettled } from './attachments';
import { earliest } from './due-times';
import { failed, registrationFailed, SUPERSEDED, type RetryWait } from './failed';
import { clearFailures, delivered, notSent, sendTimes, sentAt, stamp, type HeartbeatTiming } from './notify';
import { ownerEnded, ownerQuestion } from './owner';
import { areNewRivals, ownersFound } from './owners';
import { isTerminal, reporterOf, type TaskRecord } from './record';
import { registered } from './registered';
import type { Following, NotifyFailure, NotifyItem, NotifyResult, Outcome, Warning } from './types';

/** One call of the activity `notifyTaskStates`: its tasks and what it is to do for each. */
export interface Round {
  /** The tasks. */
  records: TaskRecord[];
  /** What is to be done for each, in the same order. */
  items: NotifyItem[];
}

/** Puts in flight what a task has to send, and gives the item for it; undefined where there is nothing. */
export function itemOf(record: TaskRecord, timing: HeartbeatTiming, now: number): NotifyItem | undefined {
  const { progressUpdateStream, migrationTaskName } = record;
  const item: NotifyItem = { progressUpdateStream, migrationTaskName };
  const ready = sendTimes(record, timing)?.ready;
  if (ready !== undefined && ready <= now) {
    if (!record.registered) item.register = following(record);
    item.notification = { ...stamp(record, now) };
    item.dueBy = dueBy(record);
    const owners = ownerQuestion(record);
    if (owners) item.owners = owners;
  }
  if ((attachmentsDueAt(record, item.register !== undefined) ?? Infinity) <= now) {
    item.attach = attachmentCalls(record, now);
    // Of a task that nobody has reported nothing else would.
    if (!record.registered) item.register ??= {};
  }
  return item.notification || item.attach ? item : undefined;
}

/** Of the newest report. */
function following({ pending, reporters }: TaskRecord): Following {
  const { reopen, allowDecrease, startedAt, attempt, reports = [] } = pending ?? {};
  const { ownerId = '' } = reports.at(-1) ?? {};
  const { runId } = reporterOf(reporters, ownerId) ?? {};
  return { reopen, allowDecrease, startedAt, attempt, ...(ownerId && { ownerId, runId }) };
}

/** A report does not wait for heartbeats that have more time than this. */
const REPORT_SECONDS = 20;

/** When the task becomes stale, or when a report should be there; whole seconds, as it is kept in the history. */
export function dueBy({ pending, lastDelivered }: TaskRecord): number | undefined {
  const held = lastDelivered && !isTerminal(lastDelivered.status) ? lastDelivered.deadline : undefined;
  return earliest(held, pending && Math.floor(pending.acceptedAt) + REPORT_SECONDS);
}

/**
 * Takes in what became of a round; `answer` is a failure where the activity as a whole gave none.
 * Gives what is to be logged of it.
 */
export function settle({ records, items }: Round, answer: NotifyResult | NotifyFailure, now: number): Warning[] {
  const spread = spreadOf(records);
  const outcomes = items.map((item, i) => outcomeFor(item, i, answer));
  const isUp = items.some(({ notification }, i) => notification && isDelivered(outcomes[i] as Outcome));
  const warnings: Warning[] = [];
  records.forEach((record, i) => {
    const item = items[i] as NotifyItem;
    const outcome = outcomes[i] as Outcome;
    if (item.notification) {
      if ('others' in answer && answer.stampedAt !== undefined) sentAt(record, answer.stampedAt);
      if (item.owners) ownersFound(record, item.owners.workflows, outcome);
      if (areNewRivals(record, outcome)) warnings.push(rivalry(record, outcome));
      const { refused } = record.counters;
      settleState(record, item, outcome, now, { spread, isUp, answered: 'others' in answer });
      if (record.counters.refused > refused) warnings.push(refusal(record, outcome));
      if (outcome.ownerEnd && record.abandoned) warnings.push(endOfHeartbeats(record));
    } else if (item.register && !outcome.failure && !outcome.notBegun) readBack(record, item, outcome, now);
    if (outcome.registeredAnew) attachmentsForgotten(record, now);
    if (outcome.stateForgotten) stateForgotten(record);
    const attached = attachOutcome(item, outcome);
    if (attached) attachmentsSettled(record, item.attach ?? [], attached, now);
  });
  return warnings;
}

/** That a task has no heartbeats any more. */
export const endOfHeartbeats = ({ migrationTaskName, abandoned }: TaskRecord): Warning => ({
  message: 'heartbeats of a task end',
  migrationTaskName,
  reason: abandoned?.reason,
});

/** What was pending is dropped: its reporter can ask, and the log says so. */
const refusal = ({ migrationTaskName }: TaskRecord, { found, failure }: Outcome): Warning => ({
  message: 'a report was refused',
  migrationTaskName,
  reason: found
    ? `Migration Hub already holds ${found.status}, from another writer or an earlier heartbeat workflow: ${MAY_FOLLOW}`
    : `Migration Hub never takes this end, and the next attempt has begun: ${failure?.type}: ${failure?.message}`,
});

const rivalry = ({ migrationTaskName }: TaskRecord, { rivals = [] }: Outcome): Warning => ({
  message:
    'workflows that do not belong together report of one task: the first that ends decides, the reports of the others are then refused',
  migrationTaskName,
  reason: `open are ${rivals.join(' and ')}`,
});

function outcomeFor(item: NotifyItem, index: number, answer: NotifyResult | NotifyFailure): Outcome {
  if ('others' in answer) return answer.others[index] ?? {};
  return { failure: answer };
}

/** Migration Hub has taken the notification. */
const isDelivered = ({ failure, found, ownerEnd, notBegun }: Outcome): boolean =>
  !(failure || found || ownerEnd || notBegun);

/** What became of the calls for attachments; undefined where they had no turn: they come after the notification, if that was taken. */
function attachOutcome({ attach, notification }: NotifyItem, outcome: Outcome): Outcome | undefined {
  if (!attach) return undefined;
  if (notification) return isDelivered(outcome) ? outcome : undefined;
  const { failure, notBegun } = outcome;
  if (notBegun || failure?.type === SUPERSEDED.type) return { attachmentsLeft: attach.length };
  if (!failure) return outcome;
  // The task could not be registered: that says nothing of what the call names.
  const retry = failure.retry === 'backoff' ? failure.retry : 'operator';
  return { attachmentFailures: { 0: { ...failure, retry } }, attachmentsLeft: attach.length - 1 };
}

/** Migration Hub has no state of the task any more: it gets again what it had, unless something newer follows or nothing is sent any more. */
function stateForgotten(record: TaskRecord): void {
  const { lastDelivered, pending, unsent, abandoned } = record;
  if (!lastDelivered || pending || unsent || (abandoned && !isTerminal(lastDelivered.status))) return;
  const { deadline: _deadline, deliveredAt: _deliveredAt, ...notification } = lastDelivered;
  record.unsent = { notification, heartbeat: true, reports: [] };
}

/** What a task must know of the round as a whole. */
interface RoundEnd extends RetryWait {
  /** The activity gave an answer. */
  answered: boolean;
}

function settleState(record: TaskRecord, item: NotifyItem, outcome: Outcome, now: number, round: RoundEnd): void {
  const { failure, attempts = 1, found, ownerEnd } = outcome;
  if (outcome.notBegun) return notSent(record);
  if (failure && outcome.unregistered) {
    notSent(record);
    return registrationFailed(record, failure, now, round);
  }
  if (ownerEnd) return ownerEnded(record, ownerEnd, now, outcome.endedOwner);
  if (found) {
    notSent(record);
    // Nor may what was tried before: it is older, and what it reported is pending still.
    record.unsent = undefined;
    return readBack(record, item, outcome, now);
  }
  // It was registered and read back before anything was sent.
  if (item.register && round.answered) record.registered = true;
  if (failure) failed(record, failure, now, attempts, round);
  else delivered(record, now, attempts);
}

/** Whether a report may follow an end was found out for its reporter; for another one, that has reported meanwhile, it is asked again. */
function readBack(record: TaskRecord, { register = {} }: NotifyItem, outcome: Outcome, now: number): void {
  const by = following(record);
  const isOfAnother = by.ownerId !== register.ownerId || by.runId !== register.runId;
  if (isOfAnother && isTerminal(outcome.found?.status)) clearFailures(record);
  else registered(record, outcome, now, by);
}

/**
 * From 0 to 1, the same for all tasks of a round, other for each round: what failed together is tried again together, and
 * not at the same moment as everybody else.
 */
const spreadOf = ([first]: TaskRecord[]): number =>
  first ? (stableHash(`${first.migrationTaskName}:${first.lastStamp}:${first.failures}`) % 1000) / 1000 : 0;
