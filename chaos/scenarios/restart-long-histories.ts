import { inParallel } from '../../src/async/in-parallel';
import { heartbeatWorkflowId } from '../../src/client/heartbeat-workflow-id';
import { judgeRestart, nextUpdateSeconds, restart, startWorkers } from '../all-workers';
import { Reporter } from '../reporter';
import type { Scenario } from '../scenario';
import { nowSeconds, STREAM, taskNames, World } from '../world';

/** As long as a run may be set to grow. */
const HEARTBEAT = { maxHistoryEvents: 4600 };
const GROWN_WITHIN_SECONDS = 400;

/** Reports until each heartbeat workflow has so many events. */
async function grow(world: World, reporter: Reporter, names: string[], events: number): Promise<void> {
  const end = nowSeconds() + GROWN_WITHIN_SECONDS;
  const lengthOf = async (task: string) => {
    const id = heartbeatWorkflowId({ progressUpdateStream: STREAM, migrationTaskName: task });
    return (await world.client.workflow.getHandle(id).describe()).historyLength;
  };
  await inParallel(names, names.length, async (task) => {
    do {
      // Several to each notification: of these one a second and task is the most.
      await reporter.reportOften(task, 25, 0.4);
      if (nowSeconds() > end) throw new Error(`${task} has fewer than ${events} events`);
    } while ((await lengthOf(task)) < events);
  });
}

/** What a worker that starts must replay before it can do anything. */
export const restartLongHistories: Scenario = {
  about: 'all workers are killed at once, 40 tasks have histories of 1,000 events: all beat again within 60 s',
  inShort: false,
  alone: true,
  async run(context) {
    const { short, log } = context;
    const [tasks, events] = short ? [10, 200] : [40, 1000];
    const world = await World.make(context);
    const workers = await startWorkers(world);
    const names = taskNames(tasks);
    const ownerOf = await world.openOwners(names);
    const reporter = new Reporter(world, world.hubClient(HEARTBEAT), nextUpdateSeconds(short), STREAM, ownerOf);
    await grow(world, reporter, names, events);
    log(`${tasks} histories have at least ${events} events`);
    await world.allDelivered(60);
    const restartedAt = await restart(world, workers, () => reporter.reportAll(names.slice(0, tasks / 4)));
    return judgeRestart(world, `${tasks} tasks of ${events} events`, names, restartedAt);
  },
};
