/** @module `temporal-migration-hub/nexus`: the Nexus service of this package, for workflows in other namespaces that call it. */
export { migrationHubService } from './nexus/service';
export type { NamedAttachment, TaskArtifact, TaskIdentity, TaskReport, TaskSourceResource } from './report';
export type { Owner, ReportedState, ReportKey } from './task-state';
