import { Reporter } from '../reporter';
import type { Scenario } from '../scenario';
import type { HubWorker } from '../hub-worker';
import { taskNames, World } from '../world';

const NEXT_UPDATE_SECONDS = 120;
const TASKS = 50;
const LEAST_FROZEN_SECONDS = 8;
const MOST_FROZEN_SECONDS = 60;
const UP_SECONDS = 6;
const MEAN_PAUSE_SECONDS = 2;
/** Calls wait for their turns, so that a freeze finds some that wait. */
const CALLS_PER_SECOND = 30;
const DELIVERED_WITHIN_SECONDS = 60;

/** What the frozen one had begun is done again by the other; the frozen one wakes and finds its calls as they were. */
export const frozenWorkers: Scenario = {
  about:
    'one of two workers is stopped for 8 to 60 s and goes on, again and again: no older state over a newer one, no time that goes back',
  inShort: true,
  async run(context) {
    const { short, random, log } = context;
    const world = await World.make(context);
    const workers = await Promise.all([world.startHubWorker(), world.startHubWorker()]);
    world.emulator.setThrottle({ ratePerSecond: CALLS_PER_SECOND });
    const reporter = new Reporter(world, world.hubClient(), NEXT_UPDATE_SECONDS);
    const names = taskNames(TASKS);
    let isOver = false;
    const load = Promise.all(
      names.map(async (task, i) => {
        // Some end at once, some later: whoever wakes has something to say of a task that has ended.
        for (let n = 0; !isOver && n < 3 * (i + 1); n++) await reporter.reportOften(task, 1, MEAN_PAUSE_SECONDS);
        await reporter.report(task, 'COMPLETED');
      }),
    );
    load.catch((error: Error) => context.fail(error));
    const lengths = frozenSeconds(short, random);
    for (const seconds of lengths) {
      await world.sleep(1 + (UP_SECONDS - 1) * random());
      await world.freeze(workers[Math.floor(random() * workers.length)] as HubWorker, seconds);
      log(`a worker was frozen for ${seconds.toFixed(0)} s; ${world.reports.length} reports accepted`);
    }
    // What the last one to wake still has to say.
    await world.sleep(UP_SECONDS);
    isOver = true;
    await load;
    await world.allDelivered(DELIVERED_WITHIN_SECONDS);
    const outcome = await world.judge(`${lengths.length} freezes, ${TASKS} tasks, ${world.reports.length} reports`);
    outcome.notes.push(`frozen for ${Math.round(lengths.reduce((sum, each) => sum + each, 0))} s`);
    return outcome;
  },
};

/** Both ends of the range, and what lies between: about two and a half minutes, or half a minute in the short form. */
function frozenSeconds(short: boolean, random: () => number): number[] {
  const between = (from: number, to: number) => from + (to - from) * random();
  if (short) return [LEAST_FROZEN_SECONDS, between(LEAST_FROZEN_SECONDS, 12), between(LEAST_FROZEN_SECONDS, 12)];
  const some = Array.from({ length: 4 }, () => between(LEAST_FROZEN_SECONDS, 25));
  return [LEAST_FROZEN_SECONDS, ...some, MOST_FROZEN_SECONDS];
}
