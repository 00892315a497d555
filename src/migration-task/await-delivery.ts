import { ApplicationFailure, isCancellation, proxyActivities } from '@temporalio/workflow';
import type { ReportActivities } from '../activities';
import { summaryOf, TASK_QUEUE, type TaskIdentity } from '../report';
import type { ReportedState, ReportKey, TaskStateView } from '../task-state';
import { causeOf } from './cause-of';

/** Each try is an answer that comes within seconds: no slot is held while waiting. */
const asking = (timeoutSeconds: number, startToCloseTimeout: number, summary: string) =>
  proxyActivities<ReportActivities>({
    taskQueue: TASK_QUEUE,
    summary,
    scheduleToCloseTimeout: timeoutSeconds * 1000,
    startToCloseTimeout,
    retry: { initialInterval: 1000, backoffCoefficient: 1.5, maximumInterval: 30_000 },
  });

/** See `MigrationTask.lastReportedState`. */
export async function askState(
  { progressUpdateStream, migrationTaskName }: TaskIdentity,
  timeoutSeconds: number,
): Promise<ReportedState | null> {
  // A history may have to be read.
  const activities = asking(timeoutSeconds, 30_000, summaryOf(migrationTaskName, ': last reported state'));
  try {
    return await activities.lastReportedState({ progressUpdateStream, migrationTaskName });
  } catch (error) {
    if (isCancellation(error)) throw error;
    const why = `nobody could tell the last reported state of ${migrationTaskName} within ${timeoutSeconds} s: ${causeOf(error)}`;
    throw ApplicationFailure.nonRetryable(why, 'StateUnknown');
  }
}

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
  const activities = asking(timeoutSeconds, 10_000, summaryOf(migrationTaskName, ': until it is delivered'));
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
