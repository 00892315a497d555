import { operation, service } from 'nexus-rpc';
import type { NamedAttachment, TaskArtifact, TaskIdentity, TaskReport, TaskSourceResource } from '../report';
import type { ReportedState, ReportKey } from '../task-state';

/**
 * The Nexus service `migration-hub`, for workflows in other namespaces: workers with `nexus: true` serve it on the task queue
 * `migration-hub`.
 */
export const migrationHubService = service('migration-hub', {
  /** As the activity of that name: answers once the report is accepted. */
  reportTaskState: operation<TaskReport, ReportKey>(),
  /** What was last reported of a task, as a client would read it; null for one that nobody reported. */
  lastReportedState: operation<TaskIdentity, ReportedState | null>(),
  /** As the activity of that name. */
  associateArtifact: operation<TaskArtifact, void>(),
  /** As the activity of that name. */
  disassociateArtifact: operation<NamedAttachment, void>(),
  /** As the activity of that name. */
  associateSourceResource: operation<TaskSourceResource, void>(),
  /** As the activity of that name. */
  disassociateSourceResource: operation<NamedAttachment, void>(),
});
