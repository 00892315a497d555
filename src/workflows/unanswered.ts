import { CancelledFailure, TimeoutFailure } from '@temporalio/common';
import { NOTIFY_TASK_QUEUE } from '../report';
import { SUPERSEDED, WORKER_LOST, type NotifyFailure } from '../task-state';

const NO_WORKER: NotifyFailure = {
  type: 'NoWorker',
  message: `no worker of the task queue ${NOTIFY_TASK_QUEUE} took it before its deadline: none runs, or those that run have too much to do`,
  retry: 'backoff',
};

/** What it means for its tasks that an activity gave no answer, by the cause of its failure. */
export function whyUnanswered(cause: unknown): NotifyFailure {
  if (cause instanceof CancelledFailure) return SUPERSEDED;
  if (cause instanceof TimeoutFailure) return cause.timeoutType === 'SCHEDULE_TO_START' ? NO_WORKER : WORKER_LOST;
  return { type: 'UnknownError', message: cause instanceof Error ? cause.message : String(cause), retry: 'backoff' };
}
