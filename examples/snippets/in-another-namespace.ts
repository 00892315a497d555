import { createNexusServiceClient, isCancellation, log } from '@temporalio/workflow';
import { migrationHubService } from 'temporal-migration-hub/nexus';

export async function migrateFromElsewhere(server: { name: string }): Promise<void> {
  const hub = createNexusServiceClient({ service: migrationHubService, endpoint: 'migration-hub' });
  const task = { progressUpdateStream: 'DatacenterExit', migrationTaskName: server.name };
  try {
    const report = { ...task, status: 'IN_PROGRESS', progressPercent: 10 } as const;
    await hub.executeOperation('reportTaskState', report, { scheduleToCloseTimeout: '1 minute' });
  } catch (error) {
    // The next report replaces it.
    if (isCancellation(error)) throw error;
    log.warn('a report was not accepted', { error });
  }
  // Without an end of its own the task becomes FAILED if this workflow fails, and stale if it completes.
  const end = { ...task, status: 'COMPLETED', progressPercent: 100 } as const;
  await hub.executeOperation('reportTaskState', end, { scheduleToCloseTimeout: '1 hour' });
}
