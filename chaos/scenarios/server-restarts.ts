import { haveTime, latestHeartbeat } from '../pace';
import { Reporter } from '../reporter';
import type { Scenario } from '../scenario';
import { nowSeconds, taskNames, World } from '../world';

const NEXT_UPDATE_SECONDS = 120;
const TASKS = 50;
const MIN_DOWN_SECONDS = 5;
const MAX_DOWN_SECONDS = 20;
const MAX_UP_SECONDS = 20;
/** How soon the workers recover from a restart depends on the machine. */
const RECOVERED_WITHIN_SECONDS = 60;

/** The Temporal server itself dies. Reports are repeated by their caller until the server has taken them. */
export const serverRestarts: Scenario = {
  about: 'the Temporal server is killed 10 times and is down for 5 to 20 s: nothing lost, out of order or stale',
  inShort: false,
  async run(context) {
    const { short, random, log } = context;
    const restarts = short ? 2 : 10;
    const world = await World.make(context, { keepsState: true });
    await world.startHubWorker();
    const names = taskNames(TASKS);
    const reporter = new Reporter(world, world.hubClient(), NEXT_UPDATE_SECONDS);
    await reporter.reportAll(names);
    await world.allDelivered(60);
    const from = nowSeconds();
    let over = false;
    const load = Promise.all(
      names.map(async (task) => {
        while (!over) await reporter.reportOften(task, 1, NEXT_UPDATE_SECONDS / 4);
      }),
    );
    load.catch((error: Error) => context.fail(error));
    for (let n = 1; n <= restarts; n++) {
      await world.sleep(MAX_UP_SECONDS * random());
      await world.until(RECOVERED_WITHIN_SECONDS, () => haveTime(world.emulator.tasks(), NEXT_UPDATE_SECONDS / 2));
      await world.server.kill();
      const down = MIN_DOWN_SECONDS + (MAX_DOWN_SECONDS - MIN_DOWN_SECONDS) * random();
      await world.sleep(down);
      await world.server.start();
      log(`restart ${n} after ${down.toFixed(0)} s; ${world.reports.length} reports accepted`);
    }
    over = true;
    await load;
    await world.allDelivered(60);
    // The newest states must also be kept fresh by the server that came back last.
    await world.sleep(NEXT_UPDATE_SECONDS / 2);
    const outcome = await world.judge(`${restarts} restarts, ${TASKS} tasks, ${world.reports.length} reports`);
    const late = latestHeartbeat(world.calls(), { from, until: nowSeconds() });
    outcome.notes.push(`latest heartbeat ${late.seconds} s after it was due`);
    return outcome;
  },
};
