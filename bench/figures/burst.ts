/** First reports of many tasks at once, beside the same calls and signals made by hand. */
import { NOTIFY } from '../emulator-door';
import type { Figure } from '../figure';
import { CALLERS, reportAll, startMigrations } from '../migrations';
import { memory, resetPeak } from '../proc';
import { bareFirstReports } from '../sides/bare';
import { bareSignals } from '../sides/bare-signals';
import { inWorld, type World } from '../world';

const STREAM = 'Burst';
const GIVE_UP_SECONDS = 400;
/** No heartbeat comes meanwhile. */
const NEXT_UPDATE_SECONDS = 86_400;

/** When the first notification of each task arrived, epoch seconds. */
async function firstArrivals(world: World): Promise<Map<string, number>> {
  const first = new Map<string, number>();
  for (const { stream, task, at } of await world.door.arrivals())
    if (stream === STREAM && !first.has(task)) first.set(task, at);
  return first;
}

/** Time from the first call of a burst until the last task was notified, over that of bare calls and bare signals. */
export const burst: Figure = {
  about: 'first reports of 10,000 tasks from 50 callers, until all are delivered',
  run: async ({ short, log, add }) => {
    const [tasks, groups] = short ? [200, 2] : [10_000, 20];
    await inWorld(groups, async (world) => {
      const calls = await bareFirstReports(world.door.url, tasks);
      const signalSeconds = await bareSignals(world, tasks, groups);
      log(
        `bare: ${calls.calls} calls in ${calls.seconds.toFixed(1)} s, ${tasks} signals in ${signalSeconds.toFixed(1)} s`,
      );
      const migrations = await startMigrations(world, STREAM, tasks);
      const worker = await world.startHubWorker();
      const idle = memory(worker.pid).rssMb;
      resetPeak(worker.pid);
      const before = await world.door.delivered();
      const begin = Date.now() / 1000;
      await reportAll(world.hub(), migrations, { nextUpdateSeconds: NEXT_UPDATE_SECONDS });
      const accepted = Date.now() / 1000 - begin;
      await world.until(GIVE_UP_SECONDS, async () => {
        const enough = (await world.door.delivered()) - before >= tasks;
        return enough && (await firstArrivals(world)).size === tasks;
      });
      const arrivals = await firstArrivals(world);
      const lost = tasks - arrivals.size;
      const seconds = lost > 0 ? NaN : Math.max(...arrivals.values()) - begin;
      const bare = calls.seconds + signalSeconds;
      const what = `${tasks} first reports, ${groups} groups, ${CALLERS} callers`;
      const notified = (await world.door.journal({ operation: NOTIFY })).filter(
        (entry) => entry.progressUpdateStream === STREAM,
      );
      add(
        {
          id: 'burst.over-bare',
          label: `time until delivered over bare calls and signals, ${what}`,
          value: seconds / bare,
          unit: '×',
          detail: `${seconds.toFixed(1)} s (accepted after ${accepted.toFixed(1)} s); bare ${calls.seconds.toFixed(1)} + ${signalSeconds.toFixed(1)} s`,
        },
        { id: 'burst.lost', label: `not delivered within ${GIVE_UP_SECONDS} s, ${what}`, value: lost, unit: '' },
        {
          id: 'burst.calls',
          label: `notifications per first report, ${what}`,
          value: notified.length / tasks,
          unit: '',
        },
        {
          id: 'burst.memory',
          label: `peak worker memory above idle, ${what}`,
          value: memory(worker.pid).peakMb - idle,
          unit: 'MB',
          detail: `idle ${idle.toFixed(0)} MB`,
        },
      );
    });
  },
};
