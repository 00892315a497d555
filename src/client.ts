/** @module `temporal-migration-hub/client`: reports and asks from outside of workflows. Loads no native module. */
export { MigrationHubClient, type MigrationHubClientOptions } from './client/migration-hub-client';
export {
  DeliveryTimeoutError,
  ReportRefusedError,
  type AcceptedReport,
  type DeliveryWaitOptions,
} from './client/delivery';
export { ApplicationStateError } from './client/application-states';
export { ReopenRefusedError, type ReopenedTask } from './client/reopen';
export type { Reporter, TaskEvent } from './client/history/task-timeline';
export type { TaskFilter, WatchedTasks } from './client/task-filter';
export type { TaskListOptions } from './client/task-lists';
export type { WatchOptions } from './client/watch';
export type { GroupsOption, HeartbeatOptions } from './client/settings';
export {
  createMgnEventHandler,
  type MgnEventHandler,
  type MgnEventOptions,
  type MgnOutcome,
} from './events/mgn-event-handler';
export { mgnReports, type MgnEventFilter, type MgnReading, type MgnReport } from './events/mgn-reports';
export type { MgnEvent } from './events/mgn-event';
export type { MgnState } from './events/mgn-states';
export type { SqsBatchResponse } from './events/sqs-batch';
export { ConfigurationError } from './report/configuration-error';
export {
  InvalidReportError,
  type AttachmentKind,
  type CreatedArtifact,
  type NamedAttachment,
  type ApplicationOptions,
  type ApplicationOutcome,
  type ApplicationReport,
  type ApplicationStatus,
  type ApplicationTasks,
  type ReportOwner,
  type ResourceAttribute,
  type SourceResource,
  type Status,
  type TaskArtifact,
  type TaskIdentity,
  type TaskReport,
  type TaskSourceResource,
  type TaskState,
} from './report';
export type {
  AttachmentView,
  DeliveredState,
  Freshness,
  HeartbeatSettings,
  NotifyFailure,
  Owner,
  ReportedState,
  ReporterLedger,
  ReportKey,
  TaskCounters,
  TaskStateView,
} from './task-state';
