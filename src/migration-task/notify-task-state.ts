import { proxyActivities } from '@temporalio/workflow';
import type { NotifyActivities } from '../activities';
import {
  DEFAULT_NEXT_UPDATE_SECONDS,
  NOTIFY_TASK_QUEUE,
  stateSummary,
  toEpochSeconds,
  validateReport,
} from '../report';
import { orInvalidReport } from '../report/or-invalid-report';
import { isTerminal, type TaskNotification } from '../task-state';
import { warnOfIgnored } from './checked-options';
import { despiteCancellation } from './despite-cancellation';

/**
 * A single NotifyMigrationTaskState, without heartbeats afterwards. Retried by Temporal for up to `nextUpdateSeconds`.
 * `updateDateTime`: a Date, an ISO string or epoch seconds, by default now; fixed here, so every retry is the same to the byte.
 * `nextUpdateSeconds`: 1 to 2147483647, by default 3600.
 * With `dryRun` it asks only for permission; fails with `UnauthorizedOperation` where there is none.
 * A terminal status is sent though the workflow, or the scope, is cancelled, for as long; then it rejects with the cancellation. Any
 * other is not, and it rejects at once.
 * @throws ApplicationFailure of type `InvalidReport` before anything is sent; of the AWS error's name when Migration Hub refuses it.
 */
export async function notifyTaskState(
  notification: Omit<TaskNotification, 'updateDateTime' | 'nextUpdateSeconds'> & {
    updateDateTime?: Date | string | number;
    nextUpdateSeconds?: number;
  },
  options: { dryRun?: boolean } = {},
): Promise<void> {
  const { updateDateTime: at, ...state } = notification;
  const checked = orInvalidReport(() => ({
    ...validateReport(state, { heartbeats: false, onIgnored: warnOfIgnored }),
    updateDateTime: toEpochSeconds(at ?? Math.floor(Date.now() / 1000)),
  }));
  const { progressUpdateStream, migrationTaskName, status, statusDetail, progressPercent, updateDateTime } = checked;
  const { nextUpdateSeconds = DEFAULT_NEXT_UPDATE_SECONDS } = checked;
  const { notifyTaskState: notify } = proxyActivities<NotifyActivities>({
    taskQueue: NOTIFY_TASK_QUEUE,
    summary: stateSummary(checked),
    scheduleToCloseTimeout: nextUpdateSeconds * 1000,
    startToCloseTimeout: 30_000,
    heartbeatTimeout: 5000,
  });
  const sent = { progressUpdateStream, migrationTaskName, status, statusDetail, progressPercent };
  const send = () => notify({ ...sent, updateDateTime, nextUpdateSeconds }, options);
  await (isTerminal(status) && !options.dryRun ? despiteCancellation(send) : send());
}
