import { p99OverMean, perSecond } from '../pace';
import { Reporter } from '../reporter';
import type { Scenario } from '../scenario';
import { nowSeconds, taskNames, World } from '../world';

const NEXT_UPDATE_SECONDS = 60;
const TASKS = 800;
const GROUPS = 8;
/** One call in so many is throttled, whatever the rate. */
const RARELY = 1 / 800;
/** 800 tasks with a heartbeat every 18 to 20 s need up to 45. */
const CALLS_PER_SECOND = 60;

/** Nobody asks for less than the tasks need: a worker that slows down further than it must makes them stale. */
export const throttledHeartbeats: Scenario = {
  about:
    '800 tasks with a heartbeat every 20 s, while single calls are throttled, then all beyond 60 calls/s: nothing stale',
  inShort: false,
  async run(context) {
    const { short, log } = context;
    const seconds = short ? 45 : 75;
    const world = await World.make(context, { groups: GROUPS });
    const { emulator } = world;
    await world.startHubWorker();
    const reporter = new Reporter(world, world.hubClient(), NEXT_UPDATE_SECONDS);
    const names = taskNames(TASKS);
    await reporter.reportAll(names);
    if (!(await world.allDelivered(60))) throw new Error('the tasks were not delivered before the throttle');

    log('single calls are throttled');
    emulator.setFaults([{ probability: RARELY, seed: 1, action: { type: 'throttle' } }]);
    await world.sleep(seconds);
    emulator.clearFaults();
    log(`no more than ${CALLS_PER_SECOND} calls a second pass`);
    const from = nowSeconds();
    emulator.setThrottle({ ratePerSecond: CALLS_PER_SECOND });
    await world.sleep(seconds);
    const requests = emulator.requests();
    const throttled = requests.filter(({ error }) => error === 'ThrottlingException');
    emulator.clearThrottle();

    const outcome = await world.judge(`${TASKS} tasks in ${GROUPS} groups, ${2 * seconds} s`);
    const counts = perSecond(
      requests.map(({ at }) => at),
      from,
      nowSeconds(),
    );
    log(`requests in each second of the limit: ${counts.join(' ')}`);
    outcome.notes.push(`${throttled.length} of ${requests.length} calls throttled`, `p99/mean ${p99OverMean(counts)}`);
    if (throttled.length === 0) outcome.faults.push('no call was throttled');
    return outcome;
  },
};
