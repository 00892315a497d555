import { activityInfo, ApplicationFailure, cancellationSignal } from '@temporalio/activity';
import type { MigrationHubApi } from '../migration-hub/api';
import { UNCURED_RETRY_SECONDS } from '../report';
import {
  repeatableUntil,
  SUPERSEDED,
  type NotifyFailure,
  type Outcome,
  type OwnerEnd,
  type OwnerQuestion,
  type TaskNotification,
} from '../task-state';
import { attempt } from './attempt';
import { ending } from './ending';
import { askingOnce, ownerEndOf } from './owner-watch';
import { callForTask } from './register-tasks';
import { settleInParallel } from './settle-in-parallel';
import { whileHeartbeating } from './while-heartbeating';

/** Attempts Temporal makes of one round; what is left then goes back to the workflow, which tries on with what is newest. */
const ROUND_ATTEMPTS = 4;
/** A longer wait is the workflow's: a newer report then takes the place of this one and keeps to the time asked for. */
const LONGEST_DELAY_SECONDS = 5;
/** A further attempt must end while the notification may be repeated; past that the workflow stamps anew. */
const ATTEMPT_SECONDS = 5;

/** Sends one notification; a task that Migration Hub does not know is registered once and sent again. */
const send = (hub: MigrationHubApi, notification: TaskNotification, abortSignal: AbortSignal) =>
  callForTask(hub, notification, abortSignal, () => hub.notifyMigrationTaskState(notification, { abortSignal }));

/** Seconds to the next attempt: 30 for what needs mending; what Migration Hub asked for, else 1, 2, 4; plus up to a quarter so that a fleet does not come back as one. */
function nextDelaySeconds(failures: NotifyFailure[], attempt: number): number {
  if (failures.some(({ needsMending }) => needsMending)) return UNCURED_RETRY_SECONDS;
  const asked = Math.max(0, ...failures.map((failure) => failure.retryAfterSeconds ?? 0));
  return Math.max(1, asked, asked ? 0 : 2 ** (attempt - 1)) * (1 + Math.random() / 4);
}

const inMilliseconds = (seconds: number) => `${Math.ceil(seconds * 1000)}ms` as const;

/**
 * Sends a batch with bounded concurrency. It ends once anything is settled; the workflow sends the rest again.
 * `owners`, one for each notification: not sent where that workflow has ended (rule 7 of docs/design.md).
 */
export function createNotifyTaskStates(
  hub: MigrationHubApi,
  concurrency: number,
  endOf: typeof ownerEndOf = ownerEndOf,
) {
  return async function notifyTaskStates(
    notifications: TaskNotification[],
    owners: (OwnerQuestion | null)[] = [],
  ): Promise<Outcome[]> {
    const { attempt: attempts, currentAttemptScheduledTimestampMs } = activityInfo();
    const { cutOff, isAsked } = ending();
    const ownerEnd = askingOnce(endOf);
    const open: { index: number; failure: NotifyFailure }[] = [];
    const settled = await settleInParallel<TaskNotification, Outcome>(
      notifications,
      concurrency,
      async (notification, index) => {
        const { updateDateTime } = notification;
        const owner = owners[index];
        const end = owner && (await endOfAll(owner, ownerEnd));
        // A report that has waited still arrives where its owner has gone without saying how.
        if (end && (owner.heartbeat || isFailure(end))) return { ownerEnd: end, attempts, updateDateTime };
        const sent = isAsked() ? { failure: SUPERSEDED } : await send(hub, notification, cutOff);
        if (!sent.failure)
          return {
            delivered: true,
            attempts,
            updateDateTime,
            ...('registeredAnew' in sent && { registeredAnew: true }),
          };
        if (!sent.failure.retryable) return { failure: sent.failure, attempts, updateDateTime };
        open.push({ index, failure: sent.failure });
        return undefined;
      },
    );
    const delay = nextDelaySeconds(
      open.map(({ failure }) => failure),
      attempts,
    );
    // Server time, as the notification's own: no worker clock decides over a deadline.
    const left = Math.min(...notifications.map(repeatableUntil)) - currentAttemptScheduledTimestampMs / 1000;
    const hasTime = attempts < ROUND_ATTEMPTS && delay <= LONGEST_DELAY_SECONDS && delay + ATTEMPT_SECONDS < left;
    // Once anything is settled the round ends: tasks that were delivered must not wait for those that were not.
    if (open.length > 0 && settled.size === 0 && !isAsked() && hasTime) {
      const first = open[0]?.failure as NotifyFailure;
      throw ApplicationFailure.create({
        message: `${open.length} of ${notifications.length} notifications not taken yet: ${first.type}: ${first.message}`,
        type: first.type,
        category: 'BENIGN',
        nextRetryDelay: inMilliseconds(delay),
      });
    }
    for (const { index, failure } of open) {
      const { updateDateTime } = notifications[index] as TaskNotification;
      settled.set(index, { failure, attempts, updateDateTime });
    }
    return notifications.map((_, index) => settled.get(index) as Outcome);
  };
}

/** How the owner has ended; undefined while it, or another that has reported of the task, is open. */
async function endOfAll({ workflowId, others = [] }: OwnerQuestion, endOf: typeof ownerEndOf) {
  const end = await endOf(workflowId);
  if (end === undefined) return undefined;
  const ends = await Promise.all(others.map(endOf));
  return ends.includes(undefined) ? undefined : end;
}

const isFailure = (end: OwnerEnd): boolean => end !== 'COMPLETED' && end !== 'NOT_FOUND';

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
      nextRetryDelay: inMilliseconds(nextDelaySeconds([failure], Math.min(attempts, 6))),
    });
  };
}
