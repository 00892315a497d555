/** How late heartbeats of many tasks are, and what they cost when they are spread out as real ones are. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Arrival } from '../emulator-door';
import type { Figure } from '../figure';
import { heartbeatRuns, historyLengths } from '../history';
import { byFraction, keyOf, lateness } from '../lateness';
import { paceOf } from '../load';
import { reportAll, startMigrations } from '../migrations';
import { percentile } from '../numbers';
import { inWorld, type World } from '../world';

const STREAM = 'Lateness';
const FRACTION = 1 / 3;
const DELIVERED_WITHIN_SECONDS = 300;

/** Heartbeats each `everySeconds`: what 20 minutes are in life. */
interface Size {
  tasks: number;
  groups: number;
  everySeconds: number;
  seconds: number;
}

const LONG: Size = { tasks: 10_000, groups: 100, everySeconds: 60, seconds: 150 };
const SHORT: Size = { tasks: 200, groups: 4, everySeconds: 15, seconds: 15 };

/** Each task's own time from a notification to the next heartbeat, as the package tells it in its query. */
async function ownTimes(world: World): Promise<Map<string, number>> {
  const times = new Map<string, number>();
  for await (const state of world.hub().list({ progressUpdateStream: STREAM })) {
    const { progressUpdateStream: stream, migrationTaskName: task, nextHeartbeatAt, lastDelivered } = state;
    if (nextHeartbeatAt === undefined || lastDelivered === undefined) continue;
    times.set(keyOf({ stream, task }), nextHeartbeatAt - lastDelivered.updateDateTime);
  }
  return times;
}

/** Events of all heartbeat workflows so far. */
const eventsOf = async (world: World) =>
  (await historyLengths(world, await heartbeatRuns(world, STREAM))).reduce((sum, length) => sum + length, 0);

/** p50, p99 and the greatest. */
const spread = (late: number[]) =>
  [0.5, 0.99, 1].map((share) => `${percentile(late, share).toFixed(2)} s`).join(', ') + ` of ${late.length}`;

/** Lateness by the rule, and by the time that each task has of its own. */
export const latenessOfHeartbeats: Figure = {
  about: 'how late heartbeats are: 10,000 tasks in 100 groups, each task about once in 60 s',
  run: async ({ short, log, add }) => {
    const { tasks, groups, everySeconds, seconds } = short ? SHORT : LONG;
    const nextUpdateSeconds = everySeconds / FRACTION;
    await inWorld(groups, async (world) => {
      const worker = await world.startHubWorker();
      const migrations = await startMigrations(world, STREAM, tasks);
      await reportAll(world.hub({ heartbeatFraction: FRACTION }), migrations, { nextUpdateSeconds });
      const delivered = await world.until(
        DELIVERED_WITHIN_SECONDS,
        async () => (await world.door.delivered()) >= tasks,
      );
      log(delivered ? 'all first reports are delivered' : 'not all first reports are delivered');
      // What was due while first reports were delivered belongs to the burst.
      await sleep(everySeconds * 500);
      const [from, eventsBefore, countBefore] = [
        Date.now() / 1000,
        await eventsOf(world),
        await world.door.delivered(),
      ];
      const pace = await paceOf(world, worker, seconds);
      const until = Date.now() / 1000;
      const [eventsAfter, countAfter] = [await eventsOf(world), await world.door.delivered()];
      const arrivals: Arrival[] = await world.door.arrivals();
      const late = lateness({ arrivals, dueAfter: byFraction(FRACTION), from, until });
      const own = await ownTimes(world);
      const lateByOwn = lateness({ arrivals, dueAfter: (arrival) => own.get(keyOf(arrival)), from, until });
      const held = await world.door.tasks();
      const what = `${tasks} tasks in ${groups} groups, a heartbeat each ${everySeconds} s`;
      add(
        {
          id: 'lateness.p99',
          label: `lateness p99, ${what}`,
          value: percentile(late, 0.99),
          unit: 's',
          detail: `p50, p99, max: ${spread(late)}`,
        },
        {
          id: 'lateness.own.p99',
          label: `the same after each task's own time, which is up to a tenth earlier`,
          value: percentile(lateByOwn, 0.99),
          unit: 's',
          detail: `p50, p99, max: ${spread(lateByOwn)}`,
        },
        {
          id: 'lateness.events',
          label: `events per heartbeat, ${what}`,
          value: (eventsAfter - eventsBefore) / (countAfter - countBefore),
          unit: '',
          detail: `${eventsAfter - eventsBefore} events, ${countAfter - countBefore} heartbeats`,
        },
        { id: 'lateness.cpu', label: `worker CPU per 1,000, ${what}`, value: pace.workerCpu, unit: 's' },
        { id: 'lateness.server', label: `Temporal server CPU per 1,000, ${what}`, value: pace.serverCpu, unit: 's' },
        {
          id: 'lateness.lost',
          label: `tasks without a notification, ${what}`,
          value: tasks - held.filter((task) => task.notifications > 0).length,
          unit: '',
        },
        { id: 'lateness.stale', label: `stale seconds, ${what}`, value: await world.door.staleSeconds(), unit: 's' },
      );
    });
  },
};
