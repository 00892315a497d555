import { fault } from '../judge';
import { latestHeartbeat } from '../pace';
import { wrongEnds } from '../referee';
import { Reporter } from '../reporter';
import type { Scenario } from '../scenario';
import type { HubWorker } from '../hub-worker';
import { nowSeconds, STREAM, taskNames, World } from '../world';
import type { migration } from '../workflows';

/** Where the worker starts in `START_SECONDS`: from a heartbeat that is due to the deadline there are then some eight cycles of down, start and up. */
const NEXT_UPDATE_SECONDS = 90;
const TASKS = 50;
const DOWN_SECONDS = 5;
const UP_SECONDS = 6;
/** How long the worker takes to start on a machine that does nothing else: as `burst-and-restart` says. */
const START_SECONDS = 1;
const DELIVERED_WITHIN_SECONDS = 60;

/** Half of the tasks report from migration workflows, half through a client, while the only worker is killed again and again. */
export const workerKills: Scenario = {
  about:
    'the worker is killed at random, 100 times, and comes back 0 to 5 s later: nothing lost, out of order or stale',
  inShort: true,
  async run(context) {
    const { short, random, log } = context;
    const kills = short ? 12 : 100;
    const perTask = short ? 4 : 20;
    const world = await World.make(context);
    const began = nowSeconds();
    const worker = await world.startHubWorker();
    // Cycles take longer on a machine on which the start does.
    const slowness = Math.max(1, (nowSeconds() - began) / START_SECONDS);
    const nextUpdateSeconds = Math.ceil(NEXT_UPDATE_SECONDS * slowness);
    const taskQueue = await world.startUserWorker();
    const names = taskNames(TASKS);
    // A cycle of down, start and up takes about this long; the reports are spread over all of them.
    const meanPause = (kills * (short ? 3 : 6.5)) / (perTask + 1);

    const handles = await Promise.all(
      names.slice(0, TASKS / 2).map((task) => {
        const pauses = Array.from({ length: perTask }, () => 2 * meanPause * random());
        const args: Parameters<typeof migration> = [{ stream: STREAM, task, nextUpdateSeconds, pauses }];
        return world.client.workflow.start<typeof migration>('migration', { workflowId: task, taskQueue, args });
      }),
    );
    const reporter = new Reporter(world, world.hubClient(), nextUpdateSeconds);
    const load = Promise.all([
      ...handles.map(async (handle) => world.reports.push(...(await handle.result()))),
      ...names.slice(TASKS / 2).map((task) => reporter.reportOften(task, perTask, meanPause)),
    ]);
    load.catch((error: Error) => context.fail(error));
    const from = nowSeconds();
    await killOften(world, worker, kills, short);
    log(`${kills} kills done, waiting for the last reports`);
    await load;
    await world.allDelivered(DELIVERED_WITHIN_SECONDS);
    const outcome = await world.judge(`${kills} kills, ${TASKS} tasks, ${world.reports.length} reports`);
    const late = latestHeartbeat(world.calls(), { from, until: nowSeconds() });
    outcome.notes.push(`latest heartbeat ${late.seconds} s after it was due, of ${nextUpdateSeconds} s`);
    outcome.faults.push(...fault('wrong ends', wrongEnds(world.calls(), names.slice(0, TASKS / 2))));
    return outcome;
  },
};

async function killOften(world: World, worker: HubWorker, kills: number, short: boolean): Promise<void> {
  const { random, log } = world.context;
  const share = short ? 0.3 : 1;
  let upSeconds = UP_SECONDS * share;
  for (let n = 1; n <= kills; n++) {
    await world.sleep(upSeconds * random());
    await worker.kill();
    await world.sleep(DOWN_SECONDS * share * random());
    const from = nowSeconds();
    await worker.start();
    // On a machine that is busy with other things all takes longer, as the start does.
    upSeconds = Math.max(UP_SECONDS * share, 2 * (nowSeconds() - from));
    if (n % 10 === 0) log(`${n} kills, ${world.reports.length} reports accepted`);
  }
}
