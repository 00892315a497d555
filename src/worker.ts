/** @module `temporal-migration-hub/worker`: the workers of this package, alone or beside the user's own. */
export { MigrationHubPlugin } from './worker/plugin';
export type { MigrationHubPluginOptions } from './worker/service';
export type { BundlerOptions, MigrationHubWorkerOptions } from './worker/options';
export { createMigrationHubWorkers, type MigrationHubWorkers } from './worker/workers';
export type { MetricsOptions } from './worker/metrics/options';
export type { WorkerConnection } from './worker/connection';
export type { AwsMigrationHubOptions } from './migration-hub/aws-migration-hub';
export type {
  ApplicationApi,
  ApplicationNotification,
  CallOptions,
  MigrationHubApi,
  ResourceApi,
  TaskApi,
  TaskUpdate,
} from './migration-hub/api';
export { MigrationHubError } from './migration-hub/errors';
export type { GroupsOption, HeartbeatOptions } from './client/settings';
export type {
  ApplicationStatus,
  CreatedArtifact,
  ResourceAttribute,
  SourceResource,
  Status,
  TaskIdentity,
  TaskState,
} from './report';
export type { HeartbeatSettings, NotifyFailure, ReadBack, TaskNotification } from './task-state';
