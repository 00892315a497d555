import { defineQuery, defineSignal, proxyActivities } from '@temporalio/workflow';
import type { NotifyActivities } from '../activities';
import {
  DEFAULT_CONCURRENCY,
  NOTIFY_TASK_QUEUE,
  REPORT_SIGNAL,
  STATE_QUERY,
  type HeartbeatSettings,
  type TaskRecord,
  type TaskReport,
  type TaskStateView,
} from '../task-state';

export const reportSignal = defineSignal<[TaskReport]>(REPORT_SIGNAL);
export const stateQuery = defineQuery<TaskStateView | TaskStateView[] | null, [string?, number?, boolean?]>(
  STATE_QUERY,
);

export interface HeartbeatInput {
  settings: HeartbeatSettings;
  /** Carried through continue-as-new. */
  tasks?: TaskRecord[];
  /** Set once the workflow was cancelled: tasks are closed with this detail, and nothing else. */
  closing?: string;
}

const CALL_SECONDS = 7;

/** The notify activities for a batch of `size`, started within `startWithinSeconds` or not at all. */
export function notifyActivities(size: number, startWithinSeconds?: number): NotifyActivities {
  const rounds = Math.ceil(size / DEFAULT_CONCURRENCY);
  return proxyActivities<NotifyActivities>({
    taskQueue: NOTIFY_TASK_QUEUE,
    startToCloseTimeout: (3 + CALL_SECONDS * 4 * rounds) * 1000,
    // Short: a running attempt learns of its cancellation, and the server of a lost worker, within it.
    heartbeatTimeout: 5000,
    scheduleToStartTimeout: startWithinSeconds === undefined ? undefined : Math.ceil(startWithinSeconds) * 1000,
    // An attempt must be really dead before a newer notification goes out.
    cancellationType: 'WAIT_CANCELLATION_COMPLETED',
    retry: { initialInterval: 1000, backoffCoefficient: 2, maximumAttempts: 4 },
  });
}
