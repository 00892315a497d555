import { Worker } from '@temporalio/worker';
import { MigrationHubPlugin } from 'temporal-migration-hub';

export async function createWorker(): Promise<Worker> {
  return Worker.create({
    taskQueue: 'migrations',
    workflowsPath: require.resolve('./in-a-workflow'),
    plugins: [new MigrationHubPlugin({ region: 'us-west-2' })],
  });
}
