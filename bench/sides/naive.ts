import { CALLERS } from '../migrations';
import { inParallel } from '../../src/async/in-parallel';
import type { World } from '../world';
import { USER_QUEUE } from './user-queue';

/** Imports `count` tasks by hand and starts a workflow for each that notifies every `everySeconds`. */
export async function startNaive(world: World, count: number, everySeconds: number): Promise<void> {
  const stream = 'Naive';
  const call = async (operation: string, input: object) => {
    const headers = { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': `AWSMigrationHub.${operation}` };
    const { status } = await fetch(world.door.url, { method: 'POST', headers, body: JSON.stringify(input) });
    if (status !== 200) throw new Error(`${operation} was answered by ${status}`);
  };
  await call('CreateProgressUpdateStream', { ProgressUpdateStreamName: stream });
  await inParallel(Array.from({ length: count }), CALLERS, async (_, i) => {
    const task = `server-${i + 1}`;
    await call('ImportMigrationTask', { ProgressUpdateStream: stream, MigrationTaskName: task });
    await world.client.workflow.start('naiveMigration', {
      workflowId: `naive-${task}`,
      taskQueue: USER_QUEUE,
      args: [stream, task, everySeconds],
    });
  });
}
