import type { CallOptions, MigrationHubApi } from '../migration-hub/api';
import type { TaskIdentity } from '../report';
import type { AttachmentCall } from '../task-state';

/** Makes the call to Migration Hub about one attachment of a task. */
export function callOf(
  hub: MigrationHubApi,
  task: TaskIdentity,
  { kind, name = '', description, statusDetail, resourceAttributes = [], disassociate }: AttachmentCall,
  options: CallOptions,
): Promise<void> {
  switch (kind) {
    case 'resourceAttributes':
      return hub.putResourceAttributes(task, resourceAttributes, options);
    case 'discoveredResource':
      return disassociate
        ? hub.disassociateDiscoveredResource(task, name, options)
        : hub.associateDiscoveredResource(task, name, options);
    case 'createdArtifact':
      return disassociate
        ? hub.disassociateCreatedArtifact(task, name, options)
        : hub.associateCreatedArtifact(task, { name, description }, options);
    case 'sourceResource':
      return disassociate
        ? hub.disassociateSourceResource(task, name, options)
        : hub.associateSourceResource(task, { name, description, statusDetail }, options);
  }
}
