import { proxyActivities } from '@temporalio/workflow';
import type { ReportActivities } from '../activities';
import {
  summaryOf,
  TASK_QUEUE,
  validateApplication,
  validateApplicationOptions,
  type ApplicationOptions,
  type ApplicationOutcome,
  type ApplicationReport,
} from '../report';
import { orInvalidReport } from '../report/or-invalid-report';
import { warnOfIgnored } from './checked-options';

/** The time of one try: all tasks of a stream may have to be read. */
const TRY_SECONDS = 600;

/**
 * Tells Migration Hub the state of an application: `status`, or, without it, what follows from the tasks that the stream has with the
 * label `application` (alone, or among several, separated by commas), by their newest reports. NOT_STARTED while none has begun,
 * IN_PROGRESS from the first one on, COMPLETED when all are, and at least `tasks` are known. Without `tasks`, those that ended longer
 * ago than the Retention Period are not missed. Nothing is sent where Migration Hub has that status. A derived status only goes on:
 * what is COMPLETED (a person may have set it) goes back only by `status`.
 * @throws ApplicationFailure of type `InvalidReport` before anything is sent; `NoTasks` where no task has the label; of the AWS
 * error's name when Migration Hub refuses it
 */
export async function notifyApplicationState(
  application: ApplicationReport,
  options: ApplicationOptions = {},
): Promise<ApplicationOutcome> {
  const {
    checked,
    dryRun,
    timeoutSeconds = 3600,
  } = orInvalidReport(() => ({
    ...validateApplicationOptions(options, warnOfIgnored),
    checked: validateApplication(application, warnOfIgnored),
  }));
  const { notifyApplicationState: notify } = proxyActivities<ReportActivities>({
    taskQueue: TASK_QUEUE,
    summary: summaryOf(
      checked.application ?? checked.applicationId,
      `: ${checked.status ?? 'state of the application'}`,
    ),
    scheduleToCloseTimeout: timeoutSeconds * 1000,
    startToCloseTimeout: TRY_SECONDS * 1000,
    heartbeatTimeout: 30_000,
  });
  return notify(checked, dryRun ? { dryRun } : {});
}
