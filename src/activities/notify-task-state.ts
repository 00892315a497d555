import { cancellationSignal } from '@temporalio/activity';
import type { CallOptions, MigrationHubApi } from '../migration-hub/api';
import { deadlineOf, type TaskNotification } from '../task-state';
import { asApplicationFailure } from './as-application-failure';
import { attempt } from './attempt';
import { NOBODY } from './notify-observer';
import type { StandstillWatch } from './standstill';
import type { TaskCalls } from './task-calls';
import { whileHeartbeating } from './while-heartbeating';

/**
 * One NotifyMigrationTaskState without heartbeats of the task afterwards. `dryRun` asks only for permission:
 * `DryRunOperation` is its success, `UnauthorizedOperation` its failure.
 */
export function createNotifyTaskState(
  hub: MigrationHubApi,
  calls: TaskCalls,
  watch: StandstillWatch,
  observer = NOBODY,
) {
  return async function notifyTaskState(
    notification: TaskNotification,
    options: { dryRun?: boolean } = {},
  ): Promise<void> {
    const callOptions: CallOptions = {
      abortSignal: cancellationSignal(),
      dueBy: deadlineOf(notification),
      beforeSending: watch.check(),
    };
    const { progressUpdateStream, migrationTaskName, ...state } = notification;
    const send = async () => {
      const { failure } = await calls.notify(notification, callOptions);
      observer.tried({ progressUpdateStream, migrationTaskName, notification: state }, { failure });
      return failure;
    };
    const ask = () =>
      attempt(callOptions, () => hub.notifyMigrationTaskState(notification, { ...callOptions, dryRun: true }));
    const failure = await whileHeartbeating(
      () => [],
      () => (options.dryRun ? ask() : send()),
    );
    if (!failure) return;
    throw asApplicationFailure(failure);
  };
}
