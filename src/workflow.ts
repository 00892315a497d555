/**
 * @module `temporal-migration-hub/workflow`: for migration workflows. Imports nothing that a workflow bundle may not hold.
 */
export type { MigrationReport, MigrationTask, MigrationTaskOptions } from './migration-task/migration-task';
export { migrationTask } from './migration-task/reporting-task';
export { notifyApplicationState } from './migration-task/notify-application-state';
export { notifyTaskState } from './migration-task/notify-task-state';
export type {
  ApplicationOptions,
  ApplicationOutcome,
  ApplicationReport,
  ApplicationStatus,
  ApplicationTasks,
  AttachmentKind,
  CreatedArtifact,
  ReportOwner,
  ResourceAttribute,
  SourceResource,
  Status,
  TaskIdentity,
  TaskReport,
  TaskState,
} from './report';
export type {
  AttachmentView,
  DeliveredState,
  NotifyFailure,
  Owner,
  ReportedState,
  TaskNotification,
  TaskStateView,
} from './task-state';
