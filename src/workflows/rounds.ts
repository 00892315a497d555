import { ActivityFailure, isCancellation, log, TimeoutFailure } from '@temporalio/workflow';
import {
  attributesLost,
  attributesPut,
  deadlineOf,
  delivered,
  failed,
  registered,
  registrationFailed,
  sentAt,
  stamp,
  type NotifyFailure,
  type TaskRecord,
} from '../task-state';
import { notifyActivities } from './definitions';

export const workflowSeconds = (): number => Date.now() / 1000;

/** Registers tasks that this workflow meets for the first time; what Migration Hub holds of them counts. */
export async function registerRound(records: TaskRecord[]): Promise<void> {
  try {
    const results = await notifyActivities(records.length).registerTasks(records.map(identityOf));
    records.forEach((record, i) => {
      const result = results[i];
      if (!result || 'failure' in result)
        return registrationFailed(record, result?.failure ?? unknown('no result'), workflowSeconds());
      registered(record, result.found, workflowSeconds());
      if (result.unread) warn('a task could not be read back: what it holds is not known', record, result.unread);
    });
  } catch (error) {
    for (const record of records) registrationFailed(record, toFailure(error), workflowSeconds());
  }
}

/** Puts the resource attributes of tasks that are registered. */
export async function attributesRound(records: TaskRecord[]): Promise<void> {
  const tasks = records.map((record) => ({
    ...identityOf(record),
    resourceAttributes: record.resourceAttributes ?? [],
  }));
  const book = (failureOf: (index: number) => NotifyFailure | undefined) =>
    records.forEach((record, i) => {
      const failure = failureOf(i);
      attributesPut(record, tasks[i]?.resourceAttributes ?? [], failure, workflowSeconds());
      if (failure) warn('resource attributes were not taken', record, failure);
    });
  try {
    const outcomes = await notifyActivities(tasks.length).putAttributes(tasks);
    book((i) => (outcomes[i] ? outcomes[i].failure : unknown('no outcome')));
  } catch (error) {
    book(() => toFailure(error));
  }
}

/** Stamps and sends one notification of each task, and books what became of it. */
export async function notifyRound(records: TaskRecord[]): Promise<void> {
  const now = workflowSeconds();
  const notifications = records.map((record) => stamp(record, now));
  // Past its deadline a notification would arrive stale: it is then not started, but stamped anew.
  const startWithin = Math.max(10, Math.min(...notifications.map(deadlineOf)) - now);
  try {
    const outcomes = await notifyActivities(records.length, Math.min(startWithin, 86_400)).notifyTaskStates(
      notifications,
    );
    records.forEach((record, i) => {
      const outcome = outcomes[i];
      if (outcome) sentAt(record, outcome.updateDateTime);
      if (outcome && 'delivered' in outcome) {
        delivered(record, workflowSeconds(), outcome.attempts);
        if (outcome.registeredAnew) attributesLost(record);
      } else failed(record, outcome?.failure ?? unknown('no outcome'), workflowSeconds(), outcome?.attempts ?? 1);
    });
  } catch (error) {
    for (const record of records) failed(record, toFailure(error), workflowSeconds(), 1);
  }
}

const identityOf = ({ progressUpdateStream, migrationTaskName }: TaskRecord) => ({
  progressUpdateStream,
  migrationTaskName,
});

const warn = (what: string, { migrationTaskName }: TaskRecord, { type, message }: NotifyFailure) =>
  log.warn(what, { migrationTaskName, reason: `${type}: ${message}` });

const unknown = (message: string): NotifyFailure => ({ type: 'UnknownError', message, retryable: true });

function toFailure(error: unknown): NotifyFailure {
  if (isCancellation(error)) return { type: 'Cancelled', message: 'the notification was cancelled', retryable: true };
  const cause = error instanceof ActivityFailure ? error.cause : error;
  if (cause instanceof TimeoutFailure)
    return { type: 'ActivityTimeout', message: `no worker answered in time (${cause.timeoutType})`, retryable: true };
  return unknown(cause instanceof Error ? cause.message : String(cause));
}
