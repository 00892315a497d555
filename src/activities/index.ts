import type { GroupRoutes } from '../client/group-routes';
import type { MigrationHubApi } from '../migration-hub/api';
import type { HeartbeatSettings } from '../task-state';
import { createAttachmentActivities } from './change-attachment';
import { endFinder } from './find-end';
import { createNotifyApplicationState } from './notify-application-state';
import { createNotifyTaskState } from './notify-task-state';
import { createNotifyTaskStates } from './notify-task-states';
import { NOBODY } from './notify-observer';
import { createReadActivities } from './read-hub';
import { Registration } from './registration';
import type { ReportIntake } from './report-intake';
import { cancelCaller, createAwaitDelivery, createLastReportedState, createReportTaskState } from './report-task-state';
import { watchStandstills } from './standstill';
import { TaskCalls } from './task-calls';
import type { UndeliveredReports } from './undelivered-reports';

/** Activities of the queue `migration-hub`: those of tasks talk to Temporal only, that of applications to Migration Hub, too. */
export const createReportActivities = (intake: ReportIntake, routes: GroupRoutes, hub: MigrationHubApi) => ({
  reportTaskState: createReportTaskState(intake),
  awaitDelivery: createAwaitDelivery(routes),
  lastReportedState: createLastReportedState(routes),
  notifyApplicationState: createNotifyApplicationState(hub, watchStandstills()),
  ...createAttachmentActivities(intake),
  cancelCaller,
});

/** Activities of the queue `migration-hub-notify`: talk to Migration Hub, and ask Temporal whether they may. */
export function createNotifyActivities(
  hub: MigrationHubApi,
  concurrency: number,
  heartbeat: HeartbeatSettings,
  undelivered: UndeliveredReports,
  observer = NOBODY,
) {
  const calls = new TaskCalls(hub, new Registration(hub), undelivered, observer, endFinder());
  const watch = watchStandstills();
  return {
    notifyTaskStates: createNotifyTaskStates(calls, concurrency, heartbeat, watch, observer),
    notifyTaskState: createNotifyTaskState(hub, calls, watch, observer),
    ...createReadActivities(hub),
  };
}

/** As workflow code calls them. */
export type ReportActivities = ReturnType<typeof createReportActivities>;
/** As workflow code calls them. */
export type NotifyActivities = ReturnType<typeof createNotifyActivities>;
