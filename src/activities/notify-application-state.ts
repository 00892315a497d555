import { activityInfo, ApplicationFailure, cancellationSignal, getClient, log, sleep } from '@temporalio/activity';
import { rememberLabels } from '../client/state-reader';
import { listTasks } from '../client/task-lists';
import type { CallOptions, MigrationHubApi } from '../migration-hub/api';
import { isNotPermitted } from '../migration-hub/errors';
import { splitMend, withOwnMend } from '../migration-hub/mends';
import {
  countTasks,
  isFurther,
  isOfApplication,
  statusOfTasks,
  validateActivityOptions,
  validateApplication,
  type ApplicationOptions,
  type ApplicationOutcome,
  type ApplicationReport,
  type ApplicationStatus,
  type ApplicationTasks,
  type Status,
} from '../report';
import { orInvalidReport } from '../report/or-invalid-report';
import { newestStateOf, type NotifyFailure } from '../task-state';
import { asApplicationFailure } from './as-application-failure';
import { attempt } from './attempt';
import type { StandstillWatch } from './standstill';
import { whileHeartbeating } from './while-heartbeating';

/** So far behind may Temporal's list of workflows be. */
const LIST_LAG_MS = 3000;

/**
 * One NotifyApplicationState, where Migration Hub does not have that status already. Without a status it is derived from the tasks,
 * and then only goes on: what a person has set is not taken back. `dryRun` asks only for permission.
 */
export function createNotifyApplicationState(hub: MigrationHubApi, watch: StandstillWatch) {
  return async function notifyApplicationState(
    input: ApplicationReport,
    options: Pick<ApplicationOptions, 'dryRun'> | null = {},
  ): Promise<ApplicationOutcome> {
    const warn = (message: string) => log.warn(message);
    const { report, dryRun = false } = orInvalidReport(() => ({
      ...validateActivityOptions(options, warn),
      report: validateApplication(input, warn),
    }));
    return whileHeartbeating(
      () => undefined,
      () => notify(report, dryRun),
    );
  };

  async function notify(report: ApplicationReport, dryRun: boolean): Promise<ApplicationOutcome> {
    const { applicationId, status } = report;
    if (status !== undefined) return bring(applicationId, status, { dryRun });
    const { tasks: expected } = report;
    const tasks = { ...(await tasksOf(report)), ...(expected !== undefined && { expected }) };
    return { ...(await bring(applicationId, statusOfTasks(tasks), { dryRun, isDerived: true })), tasks };
  }

  /** What Migration Hub has is read last: what another activity attempt has sent meanwhile counts. */
  async function bring(
    applicationId: string,
    wanted: ApplicationStatus,
    { dryRun, isDerived = false }: { dryRun: boolean; isDerived?: boolean },
  ): Promise<ApplicationOutcome> {
    const options: CallOptions = { abortSignal: cancellationSignal(), beforeSending: watch.check() };
    const held = await orFail(options, () => hub.describeApplicationState(applicationId, options));
    const status = isDerived && held && !isFurther(wanted, held) ? held : wanted;
    if (status === held && !dryRun) return { status, sent: false };
    // The same in each activity attempt.
    const updateDateTime = Math.floor(activityInfo().scheduledTimestampMs / 1000);
    const notification = { applicationId, status, updateDateTime };
    await orFail(options, () => hub.notifyApplicationState(notification, { ...options, dryRun }));
    return { status, sent: !dryRun };
  }
}

/** @throws ApplicationFailure `NoTasks` where there are none */
async function tasksOf({
  progressUpdateStream: stream,
  application = '',
}: ApplicationReport): Promise<ApplicationTasks> {
  const earlierLabels = rememberLabels();
  const count = async () => {
    const statuses: (Status | undefined)[] = [];
    for await (const state of listTasks(getClient(), stream, { signal: cancellationSignal(), earlierLabels }))
      if (isOfApplication(state.labels['application'], application)) statuses.push(newestStateOf(state)?.status);
    return countTasks(statuses);
  };
  let tasks = await count();
  // A task that was first reported a moment ago is missing; COMPLETED without it would not be taken back.
  if (tasks.completed === tasks.total) {
    await sleep(LIST_LAG_MS);
    tasks = await count();
  }
  if (tasks.total > 0) return tasks;
  throw ApplicationFailure.create({
    message: `no task of stream ${stream} has the label application=${application}: check both names; tasks get the label when they are reported, and are known within the retention of the namespace`,
    type: 'NoTasks',
    nonRetryable: true,
  });
}

/** @throws ApplicationFailure of the AWS error's name */
async function orFail<T>(options: CallOptions, call: () => Promise<T>): Promise<T> {
  const answers: T[] = [];
  const failure = await attempt(options, async () => answers.push(await call()));
  if (failure) throw asApplicationFailure({ ...failure, message: inWords(failure) });
  return answers[0] as T;
}

/** The mends of tasks are others. */
function inWords({ type, message }: NotifyFailure): string {
  const { said } = splitMend(message);
  if (isNotPermitted(type))
    return withOwnMend(
      said,
      'allow the credentials of the worker mgh:DescribeApplicationState and mgh:NotifyApplicationState on Resource "*"',
    );
  if (type === 'ResourceNotFoundException')
    return withOwnMend(
      said,
      'check the id: `aws discovery list-configurations --configuration-type APPLICATION`, in the home region, lists those of the account',
    );
  return message;
}
