import { inParallel } from '../../src/async/in-parallel';
import { CALLERS } from '../migrations';
import type { World } from '../world';

/**
 * `count` bare calls of signalWithStart from 50 callers, spread over `workflows` workflows. Nobody serves their queue: the
 * server only writes the signals down, which is the least that a report through Temporal can cost.
 * @returns seconds
 */
export async function bareSignals(world: World, count: number, workflows: number): Promise<number> {
  const begin = Date.now();
  await inParallel(Array.from({ length: count }), CALLERS, async (_, i) => {
    await world.client.workflow.signalWithStart('bareSignals', {
      workflowId: `bare-signals-${i % workflows}`,
      taskQueue: 'bench-unserved',
      signal: 'report',
      signalArgs: [
        {
          progressUpdateStream: 'Bare',
          migrationTaskName: `server-${i}`,
          status: 'IN_PROGRESS',
          statusDetail: 'Replicating',
          progressPercent: 50,
          nextUpdateSeconds: 3600,
        },
      ],
    });
  });
  return (Date.now() - begin) / 1000;
}
