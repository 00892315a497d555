import type { MigrationHubApi } from '../migration-hub/api';
import type { ReportSettings } from '../client/settings';
import { handOverTasks } from './hand-over-tasks';
import { createHolderSearch } from './holder-search';
import { createNotifyTaskState, createNotifyTaskStates } from './notify-task-states';
import { createPutAttributes } from './put-attributes';
import { createRegisterTasks } from './register-tasks';
import { createAwaitDelivery, createReportTaskState } from './report-task-state';

/** Activities of the queue `migration-hub`: talk to Temporal only. */
export const createReportActivities = (settings: ReportSettings) => ({
  reportTaskState: createReportTaskState(settings),
  awaitDelivery: createAwaitDelivery(settings),
  handOverTasks,
});

/** Activities of the queue `migration-hub-notify`: talk to Migration Hub, and ask Temporal whether they may. */
export const createNotifyActivities = (
  hub: MigrationHubApi,
  concurrency: number,
  groupsOf: ReportSettings['groupsOf'],
) => ({
  registerTasks: createRegisterTasks(hub, concurrency, createHolderSearch(groupsOf)),
  putAttributes: createPutAttributes(hub, concurrency),
  notifyTaskStates: createNotifyTaskStates(hub, concurrency),
  notifyTaskState: createNotifyTaskState(hub),
});

export type ReportActivities = ReturnType<typeof createReportActivities>;
export type NotifyActivities = ReturnType<typeof createNotifyActivities>;
