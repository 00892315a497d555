import { CancelledFailure, TimeoutFailure } from '@temporalio/common';
import { SUPERSEDED, type NotifyFailure } from '../task-state';

/** What it means for its tasks that an activity gave no answer, by the cause of its failure. */
export function whyUnanswered(cause: unknown): NotifyFailure {
  if (cause instanceof CancelledFailure) return SUPERSEDED;
  if (cause instanceof TimeoutFailure)
    return { type: 'ActivityTimeout', message: `no worker answered in time (${cause.timeoutType})`, retry: 'backoff' };
  return { type: 'UnknownError', message: cause instanceof Error ? cause.message : String(cause), retry: 'backoff' };
}
