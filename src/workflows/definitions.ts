import { defineQuery, defineSignal, proxyActivities } from '@temporalio/workflow';
import type { NotifyActivities, ReportActivities } from '../activities';
import {
  ATTACH_SIGNAL,
  DEFAULT_CONCURRENCY,
  NOTIFY_TASK_QUEUE,
  REPORT_SIGNAL,
  STATE_QUERY,
  TASK_QUEUE,
  type AttachmentChange,
  type TaskReport,
} from '../report';
import type { TaskStateView } from '../task-state';

/** Brings a report. */
export const reportSignal = defineSignal<[TaskReport]>(REPORT_SIGNAL);
/** Brings a change of an artifact or source resource. */
export const attachSignal = defineSignal<[AttachmentChange]>(ATTACH_SIGNAL);
/** Task name (none: all), the time to judge at in epoch seconds, and true where the workflow has ended; anybody may ask with anything. */
export const stateQuery = defineQuery<TaskStateView | TaskStateView[] | null, unknown[]>(STATE_QUERY);

/** Asks Temporal to cancel the run that calls it, for up to a minute. */
export const cancelCaller = (): Promise<void> =>
  proxyActivities<ReportActivities>({
    taskQueue: TASK_QUEUE,
    summary: 'asks Temporal to cancel this run, as the one before',
    startToCloseTimeout: 10_000,
    scheduleToCloseTimeout: 60_000,
  }).cancelCaller();

/** A call waits for its turn up to 10 s where Migration Hub throttles, then connects and is answered within 7 s. */
const CALL_SECONDS = 17;
/** Register (stream, task, read back), send, register anew and send again; attachments for 5 s, and one last, read back and registered anew. */
const CALLS_PER_TASK = 12;

/** The activity for a batch of `size`, started within `startWithinSeconds` or not at all. */
export function notifyTaskStates(
  size: number,
  summary: string,
  startWithinSeconds?: number,
): NotifyActivities['notifyTaskStates'] {
  const turns = Math.ceil(size / DEFAULT_CONCURRENCY);
  return proxyActivities<NotifyActivities>({
    taskQueue: NOTIFY_TASK_QUEUE,
    summary,
    startToCloseTimeout: (3 + CALL_SECONDS * CALLS_PER_TASK * turns) * 1000,
    // Short: a running activity attempt learns of its cancellation, and the server of a lost worker, within it.
    heartbeatTimeout: 5000,
    scheduleToStartTimeout: startWithinSeconds === undefined ? undefined : Math.ceil(startWithinSeconds) * 1000,
    // An activity attempt must be over before a newer notification goes out.
    cancellationType: 'WAIT_CANCELLATION_COMPLETED',
    // After a lost worker; a failure of Migration Hub says itself when to try again.
    retry: { initialInterval: 1000, backoffCoefficient: 1, maximumAttempts: 4 },
  }).notifyTaskStates;
}
