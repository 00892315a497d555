/** @module `temporal-migration-hub/nexus`: the Nexus service of this package, for workflows in other namespaces that call it. */
export { migrationHubService } from './nexus/service';
export type { ReportedState } from './client/state-reader';
export type { TaskIdentity, TaskReport } from './report';
export type { ReportKey } from './task-state';
