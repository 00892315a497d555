import { activityInfo, ApplicationFailure, cancellationSignal } from '@temporalio/activity';
import type { MigrationHubApi } from '../migration-hub/api';
import { repeatableUntil, type NotifyFailure, type TaskNotification } from '../task-state';
import { attempt } from './attempt';
import { callForTask } from './register-tasks';
import { settleInParallel } from './settle-in-parallel';
import { whileHeartbeating } from './while-heartbeating';

/** What became of one notification, which time it carried, and at which attempt of the activity. */
export type Outcome = { attempts: number; updateDateTime: number } & (
  | { delivered: true; /** Migration Hub had forgotten the task, its attributes too. */ registeredAnew?: true }
  | { failure: NotifyFailure }
);

/** Attempts Temporal makes of one round; what is left then goes back to the workflow, which tries on with what is newest. */
const ROUND_ATTEMPTS = 4;
/** A longer wait is the workflow's: a newer report must not wait behind it, nor the rest of the batch. */
const LONGEST_DELAY_SECONDS = 30;
/** A further attempt must end while the notification may be repeated; past that the workflow stamps anew. */
const ATTEMPT_SECONDS = 5;

/** Sends one notification; a task that Migration Hub does not know is registered once and sent again. */
const send = (hub: MigrationHubApi, notification: TaskNotification, abortSignal: AbortSignal) =>
  callForTask(hub, notification, abortSignal, () => hub.notifyMigrationTaskState(notification, { abortSignal }));

/** Seconds to the next attempt: what Migration Hub asked for, else 1, 2, 4; plus up to a quarter so that a fleet does not come back as one. */
function nextDelaySeconds(failures: NotifyFailure[], attempt: number): number {
  const asked = Math.max(0, ...failures.map((failure) => failure.retryAfterSeconds ?? 0));
  return Math.max(1, asked, asked ? 0 : 2 ** (attempt - 1)) * (1 + Math.random() / 4);
}

/**
 * Sends a batch with bounded concurrency. It ends once anything is settled; the workflow sends the rest again.
 */
export function createNotifyTaskStates(hub: MigrationHubApi, concurrency: number) {
  return async function notifyTaskStates(notifications: TaskNotification[]): Promise<Outcome[]> {
    const { attempt: attempts, currentAttemptScheduledTimestampMs } = activityInfo();
    const abortSignal = cancellationSignal();
    const open: { index: number; failure: NotifyFailure }[] = [];
    const settled = await settleInParallel<TaskNotification, Outcome>(
      notifications,
      concurrency,
      async (notification, index) => {
        const { failure, registeredAnew } = await send(hub, notification, abortSignal);
        if (!failure)
          return {
            delivered: true,
            attempts,
            updateDateTime: notification.updateDateTime,
            ...(registeredAnew && { registeredAnew }),
          };
        if (!failure.retryable) return { failure, attempts, updateDateTime: notification.updateDateTime };
        open.push({ index, failure });
        return undefined;
      },
    );
    const delay = nextDelaySeconds(
      open.map(({ failure }) => failure),
      attempts,
    );
    // Server time, as the notification's own: no worker clock decides over a deadline.
    const left = Math.min(...notifications.map(repeatableUntil)) - currentAttemptScheduledTimestampMs / 1000;
    const worthwhile = attempts < ROUND_ATTEMPTS && delay <= LONGEST_DELAY_SECONDS && delay + ATTEMPT_SECONDS < left;
    // Once anything is settled the round ends: tasks that were delivered must not wait for those that were not.
    if (open.length > 0 && settled.size === 0 && worthwhile) {
      const first = open[0]?.failure as NotifyFailure;
      throw ApplicationFailure.create({
        message: `${open.length} of ${notifications.length} notifications not taken yet: ${first.type}: ${first.message}`,
        type: first.type,
        category: 'BENIGN',
        nextRetryDelay: `${Math.ceil(delay * 1000)}ms`,
      });
    }
    for (const { index, failure } of open) {
      const { updateDateTime } = notifications[index] as TaskNotification;
      settled.set(index, { failure, attempts, updateDateTime });
    }
    return notifications.map((_, index) => settled.get(index) as Outcome);
  };
}

/**
 * One NotifyMigrationTaskState without heartbeats of the task afterwards. `dryRun` asks only for permission:
 * `DryRunOperation` is its success, `UnauthorizedOperation` its failure.
 */
export function createNotifyTaskState(hub: MigrationHubApi) {
  return async function notifyTaskState(
    notification: TaskNotification,
    options: { dryRun?: boolean } = {},
  ): Promise<void> {
    const { attempt: attempts } = activityInfo();
    const abortSignal = cancellationSignal();
    const ask = () =>
      attempt(abortSignal, () => hub.notifyMigrationTaskState(notification, { abortSignal, dryRun: true }));
    const failure = await whileHeartbeating(
      () => [],
      () => (options.dryRun ? ask() : send(hub, notification, abortSignal).then((sent) => sent.failure)),
    );
    if (!failure) return;
    throw ApplicationFailure.create({
      message: failure.message,
      type: failure.type,
      nonRetryable: !failure.retryable,
      nextRetryDelay: `${Math.ceil(nextDelaySeconds([failure], Math.min(attempts, 6)) * 1000)}ms`,
    });
  };
}
