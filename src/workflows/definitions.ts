import { defineQuery, defineSignal, proxyActivities } from '@temporalio/workflow';
import type { NotifyActivities, ReportActivities } from '../activities';
import {
  ADOPT_SIGNAL,
  DEFAULT_CONCURRENCY,
  MOVE_SIGNAL,
  NOTIFY_TASK_QUEUE,
  REPORT_SIGNAL,
  STATE_QUERY,
  TASK_QUEUE,
  type TaskReport,
} from '../report';
import {
  type BegunMove,
  type HandedTask,
  type HeartbeatSettings,
  type Move,
  type TaskRecord,
  type TaskStateView,
} from '../task-state';

export const reportSignal = defineSignal<[TaskReport]>(REPORT_SIGNAL);
export const adoptSignal = defineSignal<[HandedTask[]]>(ADOPT_SIGNAL);
export const moveSignal = defineSignal<[Move]>(MOVE_SIGNAL);
export const stateQuery = defineQuery<TaskStateView | TaskStateView[] | null, [string?, number?, boolean?]>(
  STATE_QUERY,
);

export interface HeartbeatInput {
  settings: HeartbeatSettings;
  /** Carried through continue-as-new. */
  tasks?: TaskRecord[];
  /** Set once the workflow was cancelled: tasks are closed with this detail, and nothing else. */
  closing?: string;
  /** Set once the tasks are to be shared by another number of groups. */
  move?: BegunMove;
}

/** It waits for its turn up to 10 s where Migration Hub throttles, then connects and is answered within 7 s. */
const CALL_SECONDS = 17;

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

/** Hands tasks over to other heartbeat workflows. It is tried until it is done: who holds a task must not forget it before. */
export const { handOverTasks } = proxyActivities<ReportActivities>({
  taskQueue: TASK_QUEUE,
  startToCloseTimeout: 60_000,
  // Short: nothing is sent of these tasks until a lost worker's attempt is made again.
  heartbeatTimeout: 5000,
  retry: { initialInterval: 500, backoffCoefficient: 2, maximumInterval: 5000 },
});
