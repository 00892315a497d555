/** @module `temporal-migration-hub`: for workers, clients and processes. Migration workflows import `temporal-migration-hub/workflow`. */
export { MigrationHubPlugin } from './plugin';
export {
  createMigrationHubWorkers,
  type MigrationHubWorkerOptions,
  type MigrationHubWorkers,
  type WorkerConnection,
} from './worker';
export {
  MigrationHubClient,
  DeliveryTimeoutError,
  ReportRefusedError,
  type HandedOver,
  type MigrationHubClientOptions,
} from './client';
export type { ReportedState } from './reported-state';
export { regroup, RegroupTimeoutError, type RegroupOptions, type RegroupProgress } from './regroup';
export { ConfigurationError } from './configuration-error';
export type { AwsMigrationHubOptions } from './migration-hub/aws-migration-hub';
export type { GroupsOption, HeartbeatOptions } from './settings';
export { InvalidReportError, type Freshness, type Status, type TaskReport, type TaskStateView } from './task-state';
