import { sleep } from '@temporalio/workflow';
import { migrationTask } from 'temporal-migration-hub/workflow';

export async function migrateServer(server: string): Promise<void> {
  const task = migrationTask({ progressUpdateStream: 'DatacenterExit', migrationTaskName: server });
  await task.run(async () => {
    await task.report({ status: 'IN_PROGRESS', progressPercent: 10, statusDetail: 'Replicating' });
    await sleep('12 hours'); // in place of your activities
  });
}
