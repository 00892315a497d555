import { migrationTask } from 'temporal-migration-hub/workflow';

export async function migrateServer(server: { name: string }): Promise<void> {
  const task = migrationTask({
    progressUpdateStream: 'DatacenterExit',
    migrationTaskName: server.name,
    nextUpdateSeconds: 3600,
    labels: { wave: 'wave-7' },
  });
  // COMPLETED when the function returns, FAILED when it is cancelled or fails the workflow
  await task.run(async () => {
    await task.report({ status: 'IN_PROGRESS', progressPercent: 10, statusDetail: 'Replicating' });
  });
}
