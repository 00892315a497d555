import { inParallel } from '../../src/async/in-parallel';
import { heartbeatWorkflowId } from '../../src/client/heartbeat-workflow-id';
import { latestHeartbeat, lastBack } from '../pace';
import { Reporter } from '../reporter';
import type { Outcome, Scenario } from '../scenario';
import type { HubWorker } from '../hub-worker';
import { nowSeconds, STREAM, taskNames, World } from '../world';

const WORKERS = 2;
const BACK_WITHIN_SECONDS = 60;
/** A heartbeat is due after a third of it, so that each task has one within `BACK_WITHIN_SECONDS`. */
const nextUpdateSeconds = (short: boolean): number => (short ? 60 : 120);
/** So long heartbeats go on before and after. */
const SETTLED_SECONDS = 45;
/** As long as a run may be set to grow. */
const HEARTBEAT = { maxHistoryEvents: 4600 };
const GROWN_WITHIN_SECONDS = 400;
const DELIVERED_WITHIN_SECONDS = 300;

const startWorkers = (world: World): Promise<HubWorker[]> =>
  Promise.all(Array.from({ length: WORKERS }, () => world.startHubWorker()));

/** Kills all workers at once, with reports on their way, and starts them again. Gives when. */
async function restart(world: World, workers: HubWorker[], report: () => Promise<void>): Promise<number> {
  await report();
  const at = nowSeconds();
  await Promise.all(workers.map((worker) => worker.kill()));
  await Promise.all(workers.map((worker) => worker.start()));
  world.context.log(`all ${workers.length} workers are back after ${(nowSeconds() - at).toFixed(1)} s`);
  return at;
}

async function judgeRestart(world: World, load: string, names: string[], restartedAt: number): Promise<Outcome> {
  const isBack = () => lastBack(names, world.calls(), restartedAt).seconds < Infinity;
  await world.until(restartedAt + BACK_WITHIN_SECONDS - nowSeconds(), isBack, 2);
  const back = lastBack(names, world.calls(), restartedAt);
  await world.allDelivered(BACK_WITHIN_SECONDS);
  // Who beat once must go on.
  await world.sleep(world.context.short ? 5 : SETTLED_SECONDS);
  const outcome = await world.judge(load);
  const late = latestHeartbeat(world.calls(), { from: restartedAt, until: nowSeconds() });
  outcome.notes.push(
    `the last task beat again ${back.seconds.toFixed(1)} s after the restart`,
    `latest heartbeat ${late.seconds} s after it was due`,
  );
  if (back.seconds > BACK_WITHIN_SECONDS)
    outcome.faults.push(`${back.task} did not beat again within ${BACK_WITHIN_SECONDS} s of the restart`);
  return outcome;
}

/** Reports until each heartbeat workflow has so many events. */
async function grow(world: World, reporter: Reporter, names: string[], events: number): Promise<void> {
  const end = nowSeconds() + GROWN_WITHIN_SECONDS;
  const lengthOf = async (task: string) => {
    const id = heartbeatWorkflowId({ progressUpdateStream: STREAM, migrationTaskName: task });
    return (await world.client.workflow.getHandle(id).describe()).historyLength;
  };
  await inParallel(names, names.length, async (task) => {
    do {
      // One notification a second and task is the most.
      await reporter.reportOften(task, 10, 1);
      if (nowSeconds() > end) throw new Error(`${task} has fewer than ${events} events`);
    } while ((await lengthOf(task)) < events);
  });
}

/** What a worker that starts must replay before it can do anything. */
export const restartLongHistories: Scenario = {
  about: 'all workers are killed at once, 40 tasks have histories of 1,000 events: all beat again within 60 s',
  inShort: true,
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
    return judgeRestart(world, `${tasks} tasks of ${events} events, ${WORKERS} workers`, names, restartedAt);
  },
};

/** Each group has all its tasks to take up again from what it was started with and its history since. */
export const restartLargeGroups: Scenario = {
  about: 'all workers are killed at once, 20 groups have 500 tasks each: all beat again within 60 s',
  inShort: false,
  alone: true,
  async run(context) {
    const { short, log } = context;
    const [groups, tasks] = short ? [4, 400] : [20, 10_000];
    const world = await World.make(context, { groups });
    const names = taskNames(tasks);
    const ownerOf = await world.openOwners(names);
    const workers = await startWorkers(world);
    const reporter = new Reporter(world, world.hubClient(), nextUpdateSeconds(short), STREAM, ownerOf);
    await reporter.reportAll(names, 50);
    if (!(await world.allDelivered(DELIVERED_WITHIN_SECONDS)))
      throw new Error('the tasks were not delivered before the restart');
    log(`${tasks} tasks delivered, heartbeats begin`);
    await world.sleep(short ? 5 : SETTLED_SECONDS);
    const restartedAt = await restart(world, workers, () => reporter.reportAll(names.slice(0, tasks / 20)));
    return judgeRestart(world, `${groups} groups of ${tasks / groups} tasks, ${WORKERS} workers`, names, restartedAt);
  },
};
