import { ActivityFailure, isCancellation, log, TimeoutFailure } from '@temporalio/workflow';
import {
  attributesLost,
  deadlineOf,
  delivered,
  failed,
  registered,
  registrationFailed,
  stamp,
  type NotifyFailure,
  type TaskRecord,
} from '../task-state';
import { notifyActivities } from './definitions';

export const workflowSeconds = (): number => Date.now() / 1000;

/** Registers tasks that this workflow meets for the first time; what Migration Hub holds of them counts. */
export async function registerRound(records: TaskRecord[]): Promise<void> {
  const tasks = records.map(({ progressUpdateStream, migrationTaskName, resourceAttributes }) => ({
    progressUpdateStream,
    migrationTaskName,
    resourceAttributes,
  }));
  try {
    const results = await notifyActivities(tasks.length).registerTasks(tasks);
    records.forEach((record, i) => {
      const result = results[i];
      if (!result || 'failure' in result)
        registrationFailed(record, result?.failure ?? unknown('no result'), workflowSeconds());
      else {
        const { found, attributesFailure: failure } = result;
        const attributes = { sent: tasks[i]?.resourceAttributes, failure };
        registered(record, found, record.pending?.reopen ?? false, workflowSeconds(), attributes);
        const { migrationTaskName } = record;
        if (failure) log.warn('resource attributes were not taken', { migrationTaskName, reason: failure.message });
      }
    });
  } catch (error) {
    for (const record of records) registrationFailed(record, toFailure(error), workflowSeconds());
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
      if (outcome && 'delivered' in outcome) {
        delivered(record, workflowSeconds(), outcome.attempts);
        if (outcome.registeredAnew) attributesLost(record);
      } else failed(record, outcome?.failure ?? unknown('no outcome'), workflowSeconds(), outcome?.attempts ?? 1);
    });
  } catch (error) {
    for (const record of records) failed(record, toFailure(error), workflowSeconds(), 1);
  }
}

const unknown = (message: string): NotifyFailure => ({ type: 'UnknownError', message, retryable: true });

function toFailure(error: unknown): NotifyFailure {
  if (isCancellation(error)) return { type: 'Cancelled', message: 'the notification was cancelled', retryable: true };
  const cause = error instanceof ActivityFailure ? error.cause : error;
  if (cause instanceof TimeoutFailure)
    return { type: 'ActivityTimeout', message: `no worker answered in time (${cause.timeoutType})`, retryable: true };
  return unknown(cause instanceof Error ? cause.message : String(cause));
}
