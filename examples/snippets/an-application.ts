import { executeChild } from '@temporalio/workflow';
import { migrationTask, notifyApplicationState } from 'temporal-migration-hub/workflow';

export async function migrateServer(server: string): Promise<void> {
  const task = migrationTask({
    progressUpdateStream: 'DatacenterExit',
    migrationTaskName: server,
    labels: { application: 'payroll' },
  });
  await task.run(async () => {
    await task.report({ status: 'IN_PROGRESS', statusDetail: 'Replicating' });
  });
}

export async function migrateApplication(servers: string[]): Promise<void> {
  await Promise.all(servers.map((server) => executeChild(migrateServer, { args: [server] })));
  await notifyApplicationState({
    applicationId: 'd-application-0123456789abcdef',
    progressUpdateStream: 'DatacenterExit',
    application: 'payroll',
    tasks: servers.length,
  });
}
