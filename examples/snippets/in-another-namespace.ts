import { createNexusServiceClient } from '@temporalio/workflow';
import { migrationHubService } from 'temporal-migration-hub/nexus';

export async function migrateFromElsewhere(server: { name: string }): Promise<void> {
  const hub = createNexusServiceClient({ service: migrationHubService, endpoint: 'migration-hub' });
  const task = { progressUpdateStream: 'DatacenterExit', migrationTaskName: server.name };
  await hub.executeOperation('reportTaskState', { ...task, status: 'IN_PROGRESS', progressPercent: 10 });
  // Without an end of its own the task becomes FAILED if this workflow fails, and stale if it completes.
  await hub.executeOperation('reportTaskState', { ...task, status: 'COMPLETED', progressPercent: 100 });
}
