import { latestHeartbeat } from '../pace';
import { Reporter } from '../reporter';
import type { Scenario } from '../scenario';
import { nowSeconds, taskNames, World } from '../world';

const NEXT_UPDATE_SECONDS = 90;
const LATENESS_SECONDS = 15;
const TASKS = 50;

/** Both workers hold workflows in their sticky caches when one is killed; the server learns of it only by time-outs. */
export const twoWorkers: Scenario = {
  about: 'of two workers one is killed for good while it holds workflows: the next heartbeats are at most 15 s late',
  inShort: true,
  async run(context) {
    const { short, log } = context;
    const world = await World.make(context);
    const [doomed] = await Promise.all([world.startHubWorker(), world.startHubWorker()]);
    const reporter = new Reporter(world, world.hubClient(), NEXT_UPDATE_SECONDS);
    const names = taskNames(TASKS);
    await reporter.reportAll(names);
    await world.allDelivered(30);
    // Once more, so that whoever has a workflow in its cache has used it.
    await reporter.reportAll(names);
    await world.allDelivered(30);
    // Just before heartbeats are due, in the middle of them, it may also have taken some on.
    await world.sleep(short ? 25 : 28);
    const from = nowSeconds();
    await doomed.kill();
    log('one of two workers is gone');
    await world.sleep(short ? 25 : 60);
    // Reports after the kill, too, to workflows of the lost cache.
    await reporter.reportAll(names);
    await world.allDelivered(30);
    await world.sleep(short ? 0 : 45);
    const late = latestHeartbeat(world.calls(), { from, until: nowSeconds() });
    const outcome = await world.judge(`${TASKS} tasks, ${world.reports.length} reports`);
    outcome.notes.push(`latest heartbeat ${late.seconds} s after it was due`);
    if (late.seconds > LATENESS_SECONDS)
      outcome.faults.push(
        `a heartbeat of ${late.task} came ${late.seconds} s after it was due, over ${LATENESS_SECONDS} s`,
      );
    return outcome;
  },
};
