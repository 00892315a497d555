import { ApplicationFailure, isCancellation, proxyActivities } from '@temporalio/workflow';
import type { ReportActivities } from '../activities';
import { TASK_QUEUE, type TaskIdentity } from '../report';
import type { ReportKey, TaskStateView } from '../task-state';
import { causeOf } from './cause-of';

/** See `MigrationTask.delivered`. */
export async function awaitDelivery(
  { progressUpdateStream, migrationTaskName }: TaskIdentity,
  { ownerId, sequence }: ReportKey,
  timeoutSeconds: number,
): Promise<TaskStateView> {
  if (sequence === 0)
    throw ApplicationFailure.nonRetryable(
      `nothing was reported of ${migrationTaskName} in this run`,
      'NothingReported',
    );
  const activities = proxyActivities<ReportActivities>({
    taskQueue: TASK_QUEUE,
    scheduleToCloseTimeout: timeoutSeconds * 1000,
    startToCloseTimeout: 10_000,
    // Each try is a query that ends within seconds: no slot is held while waiting.
    retry: { initialInterval: 1000, backoffCoefficient: 1.5, maximumInterval: 30_000 },
  });
  try {
    return await activities.awaitDelivery({ progressUpdateStream, migrationTaskName }, ownerId, sequence);
  } catch (error) {
    throw isCancellation(error) ? error : notDelivered(error, `${migrationTaskName}, ${timeoutSeconds} s`);
  }
}

/** As a failure that says what became of the report; the activity that asked is of no interest. */
function notDelivered(error: unknown, waited: string): ApplicationFailure {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if (cause instanceof ApplicationFailure && cause.type === 'ReportRefused')
      return ApplicationFailure.nonRetryable(cause.message, cause.type);
  }
  return ApplicationFailure.nonRetryable(`not delivered in time (${waited}): ${causeOf(error)}`, 'DeliveryTimeout');
}
