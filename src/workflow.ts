/**
 * @module `temporal-migration-hub/workflow`: for migration workflows. Imports nothing that a workflow bundle may not hold.
 */
import { proxyActivities } from '@temporalio/workflow';
import type { NotifyActivities } from './activities';
import { checkIdentity, NOTIFY_TASK_QUEUE, toEpochSeconds, toStatusDetail, type TaskNotification } from './task-state';

export {
  migrationTask,
  type MigrationReport,
  type MigrationTask,
  type MigrationTaskOptions,
} from './workflow-side/migration-task';
export type { Status, TaskStateView, TaskNotification } from './task-state';

/**
 * A single NotifyMigrationTaskState, without heartbeats afterwards. Retried by Temporal for up to `nextUpdateSeconds`.
 * `updateDateTime`: a Date, an ISO string or epoch seconds; fixed here, so every retry is the same to the byte.
 * With `dryRun` it asks only for permission; fails with `UnauthorizedOperation` where there is none.
 */
export async function notifyTaskState(
  notification: Omit<TaskNotification, 'updateDateTime'> & { updateDateTime?: Date | string | number },
  options: { dryRun?: boolean } = {},
): Promise<void> {
  checkIdentity(notification);
  const { notifyTaskState: notify } = proxyActivities<NotifyActivities>({
    taskQueue: NOTIFY_TASK_QUEUE,
    scheduleToCloseTimeout: notification.nextUpdateSeconds * 1000,
    startToCloseTimeout: 30_000,
    heartbeatTimeout: 5000,
  });
  const { statusDetail } = notification;
  await notify(
    {
      ...notification,
      ...(statusDetail !== undefined && { statusDetail: toStatusDetail(statusDetail) }),
      updateDateTime: toEpochSeconds(notification.updateDateTime ?? Math.floor(Date.now() / 1000)),
    },
    options,
  );
}
