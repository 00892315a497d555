import { p99OverMean, perSecond } from '../pace';
import { Reporter } from '../reporter';
import type { Scenario } from '../scenario';
import { nowSeconds, taskNames, World } from '../world';

const NEXT_UPDATE_SECONDS = 1200;
const GROUPS = 5;
const TOKENS_PER_SECOND = 5;
const THROTTLED = 0.9;
const MOST_P99_OVER_MEAN = 3;
/** Of the 350 tasks or so that wait when the storm is over. */
const MOST_PER_SECOND_AFTER = 100;
/** A worker begins with its rate in the storm then, and adds at most so many calls a second in each second (5 % of the highest rate). */
const MOST_ADDED = 3;
const DELIVERED_WITHIN_SECONDS = 300;

/** Every task has something new to say while Migration Hub takes one call in two seconds. */
export const throttleStorm: Scenario = {
  about:
    '5 calls/s pass, 90 % of them throttled, for 5 min, while 500 tasks in 5 groups report: no bursts, nothing stale',
  inShort: false,
  async run(context) {
    const { short, log } = context;
    const stormSeconds = short ? 60 : 300;
    const names = taskNames(short ? 100 : 500);
    const world = await World.make(context, { groups: GROUPS });
    const { emulator } = world;
    await world.startHubWorker();
    const reporter = new Reporter(world, world.hubClient(), NEXT_UPDATE_SECONDS);
    await reporter.reportAll(names);
    if (!(await world.allDelivered(120))) throw new Error('the tasks were not delivered before the storm');

    const from = nowSeconds();
    emulator.setThrottle({ ratePerSecond: TOKENS_PER_SECOND });
    emulator.setFaults([{ probability: THROTTLED, seed: 1, action: { type: 'throttle' } }]);
    log(`storm of ${stormSeconds} s`);
    await reporter.reportAll(names);
    await world.sleep(from + stormSeconds - nowSeconds());
    const arrived = () => emulator.tasks().filter(({ notifications }) => notifications > 1).length;
    log(`the storm is over; ${arrived()} of ${names.length} got through it`);
    emulator.clearThrottle();
    emulator.clearFaults();
    await world.allDelivered(DELIVERED_WITHIN_SECONDS);

    const over = from + stormSeconds;
    const until = Math.max(
      ...world
        .calls()
        .filter(({ applied }) => applied)
        .map(({ at }) => at),
    );
    const times = emulator.requests().map(({ at }) => at);
    const counts = perSecond(times, from, over);
    // It becomes faster after the storm, as it should: that is judged by itself.
    const after = perSecond(times, over, until);
    log(`requests in each second: ${counts.join(' ')}; after the storm: ${after.join(' ')}`);
    const ratio = p99OverMean(counts);
    const outcome = await world.judge(`${names.length} tasks in ${GROUPS} groups, ${stormSeconds} s`);
    const requests = counts.reduce((sum, count) => sum + count, 0);
    const [most, mostAfter] = [Math.max(...counts), Math.max(...after)];
    outcome.notes.push(
      `p99/mean ${ratio}`,
      `${(requests / counts.length).toFixed(1)} requests/s, at most ${most}`,
      `all delivered ${(until - over).toFixed(0)} s after the storm, at most ${mostAfter} requests/s`,
    );
    if (ratio > MOST_P99_OVER_MEAN)
      outcome.faults.push(`p99/mean of requests per second is ${ratio}, over ${MOST_P99_OVER_MEAN}`);
    // What a busy machine holds up for a second comes with that of the next.
    const mayBe = (second: number) =>
      Math.min(MOST_PER_SECOND_AFTER, (2 * requests) / counts.length + MOST_ADDED * (second + 1));
    const burst = after.findIndex((count, second) => count > mayBe(second));
    if (burst >= 0) outcome.faults.push(`${after[burst]} requests in second ${burst} after the storm`);
    return outcome;
  },
};
