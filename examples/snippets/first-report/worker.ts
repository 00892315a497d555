import { NativeConnection, Worker } from '@temporalio/worker';
import { MigrationHubPlugin } from 'temporal-migration-hub';

async function main(): Promise<void> {
  const worker = await Worker.create({
    connection: await NativeConnection.connect({ address: process.env['TEMPORAL_ADDRESS'] }),
    taskQueue: 'migrations',
    workflowsPath: require.resolve('./workflows'),
    plugins: [new MigrationHubPlugin({ region: 'us-west-2' })],
  });
  await worker.run();
}

main().catch((error: unknown) => {
  console.error(error);
  process.exit(1);
});
