import { attachmentFailure } from './attachments';
import { SUPERSEDED } from './failed';
import { isPastDeadline, isReadBack, type TaskRecord } from './record';
import type { NotifyFailure } from './types';

/** What is new about the delivery of some tasks, for a log. */
export interface DeliveryNews {
  /** A trouble that begins, changes or makes a task stale is a warning; its end is information. */
  level: 'warn' | 'info';
  /** What happened. */
  message: string;
  /** Their stream. */
  progressUpdateStream: string;
  /** How many. */
  tasks: number;
  /** Some of them. */
  migrationTaskNames: string[];
  /** The type of the failure. */
  failure?: string;
  /** What Migration Hub answered, and what to do. */
  reason?: string;
}

/** Of many tasks with one trouble so many are named. */
const NAMED = 5;
/** Of one trouble so many types of failures are told. */
const MOST_TYPES = 8;

const STALE = 'tasks are stale in Migration Hub: no notification arrived by their deadline';
const WAS_STALE = 'tasks were stale in Migration Hub: their notification arrived after their deadline';
const UNDELIVERED = 'reports do not reach Migration Hub; they are kept and tried again';
const DELIVERED = 'reports reach Migration Hub again';
const NO_ATTACHMENTS =
  'Migration Hub does not take attachments of tasks (resource attributes, artifacts, resources); statuses are sent all the same';
const ATTACHMENTS = 'Migration Hub takes attachments of tasks again';

/** A newer report took their place, or they had no turn. */
const NOT_TRIED: (string | undefined)[] = [SUPERSEDED.type, 'NotBegun'];

/** That Migration Hub throttles has two names: it says so, or we wait because it did. */
const typeOf = (failure: NotifyFailure | undefined): string | undefined =>
  failure?.type === 'HeldBack' ? 'ThrottlingException' : failure?.type;

/** What is new since the last call for the same tasks: each trouble once, however often it is met, and as one for all tasks that share it. */
export function deliveryNews(records: TaskRecord[], now: number): DeliveryNews[] {
  const news = new Map<string, DeliveryNews>();
  for (const record of records) {
    const { progressUpdateStream, migrationTaskName } = record;
    for (const { message, failure } of newsOf(record, now)) {
      // Not by the message, which may name the task.
      const key = `${message} ${typeOf(failure)}`;
      const known = news.get(key) ?? {
        level: message === DELIVERED || message === ATTACHMENTS ? 'info' : 'warn',
        message,
        progressUpdateStream,
        tasks: 0,
        migrationTaskNames: [],
        ...(failure && { failure: failure.type, reason: failure.message }),
      };
      known.tasks++;
      if (known.migrationTaskNames.length < NAMED) known.migrationTaskNames.push(migrationTaskName);
      news.set(key, known);
    }
  }
  return [...news.values()];
}

function newsOf(record: TaskRecord, now: number): { message: string; failure?: NotifyFailure }[] {
  const { lastDelivered, lastFailure, counters, said = { missedDeadlines: 0 } } = record;
  const isStale = isPastDeadline(lastDelivered, now);
  const missedDeadlines = counters.missedDeadlines + (isStale && lastFailure ? 1 : 0);
  const isMissed = missedDeadlines > said.missedDeadlines;
  if (NOT_TRIED.includes(lastFailure?.type) && !isMissed) return [];
  const failure = typeOf(lastFailure);
  const notAttached = attachmentFailure(record);
  const attachments = typeOf(notAttached);
  // In one outage several types come by turns: each is told of once.
  const failures = failure ? [...new Set([...(said.failures ?? []), failure])].slice(0, MOST_TYPES) : undefined;
  const news = { missedDeadlines: Math.max(missedDeadlines, said.missedDeadlines), failures, attachments };
  // It travels with the state of the task: of most there is nothing.
  record.said = news.missedDeadlines > 0 || failures || attachments ? news : undefined;
  const messages: { message: string; failure?: NotifyFailure }[] = [];
  if (isMissed) messages.push({ message: lastFailure ? STALE : WAS_STALE, failure: lastFailure });
  else if (failure && !(said.failures ?? []).includes(failure) && (said.failures?.length ?? 0) < MOST_TYPES)
    messages.push({ message: UNDELIVERED, failure: lastFailure });
  // What was reported there was refused.
  if (!failure && said.failures && !isReadBack(record)) messages.push({ message: DELIVERED });
  if (attachments && attachments !== said.attachments) messages.push({ message: NO_ATTACHMENTS, failure: notAttached });
  if (!attachments && said.attachments) messages.push({ message: ATTACHMENTS });
  return messages;
}
