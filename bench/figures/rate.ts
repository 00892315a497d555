/** Sustained heartbeats, CPU and memory, beside a bare loop of SDK calls and a workflow per task. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Figure, FigureContext } from '../figure';
import { paceOf, type Pace } from '../load';
import { reportAll, startMigrations } from '../migrations';
import { mean } from '../numbers';
import { memory, resetPeak } from '../proc';
import { bareLoop, type BareResult } from '../sides/bare';
import { startNaive } from '../sides/naive';
import { inWorld, type World } from '../world';

const GROUP_SIZE = 500;
/** The lowest there is: more heartbeats are wanted than can be sent. */
const FRACTION = 0.1;
/** Heartbeats come on average a twentieth before the fraction, since they are brought forward by up to a tenth. */
const FORWARD = 0.95;
/** So much more is wanted than the bare loop sends, where `nextUpdateSeconds` can be that small. */
const WANTED_OVER_BARE = 1.3;
/** The least that a report may say at that fraction: 30 s must be left for retries. */
const LEAST_NEXT_UPDATE_SECONDS = 34;
/** Of first reports: the figure is about heartbeats, and `burst` about a burst. */
const FIRST_NEXT_UPDATE_SECONDS = 3600;
/** Time until all first reports are delivered, and until each task has had two further notifications. */
const WARM_UP_SECONDS = 300;
const IDLE_SECONDS = 5;

/** How much is done and for how long. */
interface Size {
  seconds: number;
  bareSeconds: number;
  naiveTasks: number;
  naiveEverySeconds: number;
}

const LONG: Size = { seconds: 40, bareSeconds: 15, naiveTasks: 1000, naiveEverySeconds: 4 };
const SHORT: Size = { seconds: 5, bareSeconds: 2, naiveTasks: 50, naiveEverySeconds: 1 };

/** So that more heartbeats fall due than the bare loop would manage. */
const nextUpdateSecondsFor = (tasks: number, bare: number): number =>
  Math.max(LEAST_NEXT_UPDATE_SECONDS, Math.floor(tasks / (FRACTION * FORWARD * bare * WANTED_OVER_BARE)));

const perThousand = ({ cpuSeconds, calls }: BareResult) => (cpuSeconds / calls) * 1000;
const perSecond = ({ calls, seconds }: BareResult) => calls / seconds;

/** This package with `tasks` tasks in groups of 500, between two laps of the bare loop. */
async function ofPackage(role: '5000' | '10000', tasks: number, size: Size, context: FigureContext): Promise<Pace> {
  const { log, add } = context;
  const groups = Math.max(1, Math.round(tasks / GROUP_SIZE));
  return inWorld(groups, async (world) => {
    const laps = [await bareLoop(world.door.url, tasks, size.bareSeconds)];
    const worker = await world.startHubWorker();
    await sleep(IDLE_SECONDS * 1000);
    const idle = memory(worker.pid).rssMb;
    resetPeak(worker.pid);
    const nextUpdateSeconds = nextUpdateSecondsFor(tasks, perSecond(laps[0] as BareResult));
    const migrations = await startMigrations(world, 'Rate', tasks);
    log(
      `${tasks} tasks in ${groups} groups, a heartbeat each ${(FRACTION * FORWARD * nextUpdateSeconds).toFixed(1)} s`,
    );
    const before = await world.door.delivered();
    const hub = world.hub({ heartbeatFraction: FRACTION });
    const each = (times: number) =>
      world.until(WARM_UP_SECONDS, async () => (await world.door.delivered()) - before >= times * tasks);
    await reportAll(hub, migrations, { nextUpdateSeconds: FIRST_NEXT_UPDATE_SECONDS });
    const isRegistered = await each(1);
    await reportAll(hub, migrations, { nextUpdateSeconds });
    if (!(isRegistered && (await each(3))))
      log(
        `not every task had three notifications in time (${WARM_UP_SECONDS} s for the first, as long for the others)`,
      );
    const pace = await paceOf(world, worker, size.seconds);
    const { peakMb } = memory(worker.pid);
    const ours = (await world.door.tasks()).filter((task) => task.progressUpdateStream === 'Rate');
    const staleSeconds = ours.reduce((sum, task) => sum + task.staleSeconds, 0);
    await worker.kill();
    laps.push(await bareLoop(world.door.url, tasks, size.bareSeconds));
    const bare = mean(laps.map(perSecond));
    const bareCpu = mean(laps.map(perThousand));
    const what = `${tasks} tasks in ${groups} groups`;
    const wanted = tasks / Math.floor(FRACTION * FORWARD * nextUpdateSeconds);
    const laid = laps.map((lap) => perSecond(lap).toFixed(0)).join(' and ');
    add(
      {
        id: `rate.${role}.over-bare`,
        label: `notifications over bare loop, ${what}`,
        value: pace.perSecond / bare,
        unit: '×',
        detail: `${pace.perSecond.toFixed(0)}/s, about ${wanted.toFixed(0)}/s fall due; bare ${laid}/s`,
      },
      {
        id: `cpu.${role}.over-bare`,
        label: `worker CPU over bare loop, ${what}`,
        value: pace.workerCpu / bareCpu,
        unit: '×',
        detail: `${pace.workerCpu.toFixed(2)} s per 1,000; bare ${bareCpu.toFixed(2)} s`,
      },
      { id: `cpu.${role}.server`, label: `Temporal server CPU per 1,000, ${what}`, value: pace.serverCpu, unit: 's' },
      {
        id: role === '10000' ? 'memory.above-idle' : `memory.${role}`,
        label: `peak worker memory above idle, ${what}`,
        value: peakMb - idle,
        unit: 'MB',
        detail: `idle ${idle.toFixed(0)} MB, peak ${peakMb.toFixed(0)} MB`,
      },
      {
        id: `rate.${role}.lost`,
        label: `tasks without a notification, ${what}`,
        value: tasks - ours.filter((task) => task.notifications > 0).length,
        unit: '',
      },
      { id: `rate.${role}.stale`, label: `stale seconds, ${what}`, value: staleSeconds, unit: 's' },
    );
    return pace;
  });
}

/** A workflow per task: an activity, a sleep, as a user would write it. */
async function ofNaive(size: Size, { log, add }: FigureContext): Promise<Pace> {
  return inWorld(0, async (world: World) => {
    const { naiveTasks: tasks, naiveEverySeconds, seconds } = size;
    const worker = await world.startUserWorker();
    log(`${tasks} workflows of a user, each notifies every ${naiveEverySeconds} s`);
    await startNaive(world, tasks, naiveEverySeconds);
    await world.until(60, async () => (await world.door.delivered()) >= 2 * tasks);
    const pace = await paceOf(world, worker, seconds);
    const what = `${tasks} naive workflows`;
    const { workerCpu, serverCpu } = pace;
    add(
      { id: 'naive.rate', label: `notifications per second, ${what}`, value: pace.perSecond, unit: '/s' },
      { id: 'naive.cpu', label: `worker CPU per 1,000, ${what}`, value: workerCpu, unit: 's' },
      { id: 'naive.server', label: `Temporal server CPU per 1,000, ${what}`, value: serverCpu, unit: 's' },
      { id: 'naive.memory', label: `worker memory, ${what}`, value: memory(worker.pid).rssMb, unit: 'MB' },
    );
    return pace;
  });
}

/** All rates of one run, so that they may be compared. */
export const rate: Figure = {
  about:
    'notifications per second, CPU and memory with 5,000 and 10,000 tasks, beside the bare loop and the naive workflow',
  run: async (context) => {
    const { short, add } = context;
    const size = short ? SHORT : LONG;
    const five = await ofPackage('5000', short ? 200 : 5000, size, context);
    const naive = await ofNaive(size, context);
    add({
      id: 'rate.over-naive',
      label: 'notifications over naive workflow',
      value: five.perSecond / naive.perSecond,
      unit: '×',
    });
    // One size shows that it runs.
    if (!short) await ofPackage('10000', 10_000, size, context);
  },
};
