/** The worker of a user, with the settings that a worker has when nobody sets any. It finds both servers in its environment. */
import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import * as activities from './user-activities';
import { USER_QUEUE } from './user-queue';

async function main(): Promise<void> {
  Runtime.install({ logger: new DefaultLogger('ERROR') });
  const connection = await NativeConnection.connect({ address: process.env['TEMPORAL_ADDRESS'] });
  const worker = await Worker.create({
    connection,
    taskQueue: USER_QUEUE,
    workflowsPath: require.resolve('./user-workflows'),
    activities,
  });
  const running = worker.run();
  process.stdout.write(`serving ${USER_QUEUE}\n`);
  await running;
  await connection.close();
}

void main();
