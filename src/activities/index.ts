import type { MigrationHubApi } from '../migration-hub/api';
import type { ReportSettings } from '../settings';
import { createNotifyTaskState, createNotifyTaskStates } from './notify-task-states';
import { createPutAttributes } from './put-attributes';
import { createRegisterTasks } from './register-tasks';
import { createAwaitDelivery, createReportTaskState } from './report-task-state';

/** Activities of the queue `migration-hub`: talk to Temporal only. */
export const createReportActivities = (settings: ReportSettings) => ({
  reportTaskState: createReportTaskState(settings),
  awaitDelivery: createAwaitDelivery(settings),
});

/** Activities of the queue `migration-hub-notify`: talk to Migration Hub only. */
export const createNotifyActivities = (hub: MigrationHubApi, concurrency: number) => ({
  registerTasks: createRegisterTasks(hub, concurrency),
  putAttributes: createPutAttributes(hub, concurrency),
  notifyTaskStates: createNotifyTaskStates(hub, concurrency),
  notifyTaskState: createNotifyTaskState(hub),
});

export type ReportActivities = ReturnType<typeof createReportActivities>;
export type NotifyActivities = ReturnType<typeof createNotifyActivities>;
