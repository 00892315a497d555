/** All workers are killed and a new one started: how long until every task has had a heartbeat again. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Child } from '../children';
import type { Figure, FigureContext } from '../figure';
import type { Measurement } from '../goals';
import { heartbeatRuns, historyLengths } from '../history';
import { keyOf } from '../lateness';
import { report, reportAll, startMigrations, type Migration } from '../migrations';
import { mean } from '../numbers';
import { inWorld, type World } from '../world';

/** By the default third a heartbeat each 30 s, with 60 s of room; in short each 15 s. */
const nextUpdateSecondsFor = (short: boolean) => (short ? 45 : 90);
const DOWN_SECONDS = 5;
/** Longer than by default: runs of 1,000 events are a harder case than a worker with default settings meets. */
const LONG_RUNS = { maxHistoryEvents: 1500 };
const GIVE_UP_SECONDS = 240;
const DELIVERED_WITHIN_SECONDS = 300;

/** How many of the tasks have been notified since `from` (epoch seconds), and when the last of them was for the first time. */
async function since(world: World, from: number): Promise<{ tasks: number; last: number }> {
  const first = new Map<string, number>();
  for (const arrival of await world.door.arrivals())
    if (arrival.at >= from && !first.has(keyOf(arrival))) first.set(keyOf(arrival), arrival.at);
  return { tasks: first.size, last: Math.max(from, ...first.values()) };
}

/** Kills the worker, starts another, and waits for every task. Times count from the start of the new process. */
async function restart(
  world: World,
  worker: Child,
  { role, what, tasks, every }: { role: 'long' | 'large'; what: string; tasks: number; every: number },
): Promise<Measurement[]> {
  await worker.kill();
  await sleep(DOWN_SECONDS * 1000);
  const before = await world.door.staleSeconds();
  const killed = Date.now() / 1000;
  const count = await world.door.delivered();
  const { startedAt } = await world.startHubWorker();
  const enough = async () => (await world.door.delivered()) - count >= tasks;
  await world.until(GIVE_UP_SECONDS, async () => (await enough()) && (await since(world, killed)).tasks === tasks, 1);
  const back = await since(world, killed);
  const missing = tasks - back.tasks;
  const detail =
    missing > 0 ? `${missing} of ${tasks} not within ${GIVE_UP_SECONDS} s` : `each is due within ${every} s`;
  const stale = (await world.door.staleSeconds()) - before;
  return [
    {
      id: `restart.${role}`,
      label: `worker killed and started until all have had a heartbeat, ${what}`,
      value: missing > 0 ? NaN : back.last - startedAt / 1000,
      unit: 's',
      detail,
    },
    { id: `restart.${role}.lost`, label: `tasks that never came back, ${what}`, value: missing, unit: '' },
    { id: `restart.${role}.stale`, label: `stale seconds, ${what}`, value: stale, unit: 's' },
  ];
}

/**
 * Reports of each group's tasks in turn, one a second, until histories are as long as wanted, or until the first run has
 * ended: it continued as new, so the others are as long as they get.
 */
async function fill(
  world: World,
  streams: Migration[][],
  events: number,
  nextUpdateSeconds: number,
): Promise<number[]> {
  const hub = world.hub(LONG_RUNS);
  let lengths: number[] = [];
  // Lists lag a little: a run that is not known yet would look like one that continues another.
  await world.until(30, async () => (await heartbeatRuns(world)).length >= streams.length);
  const known = new Set((await heartbeatRuns(world)).map(({ runId }) => runId));
  for (let tick = 0; tick < events; tick++) {
    const begin = Date.now();
    await Promise.all(
      streams.map((tasks) =>
        report(hub, tasks[tick % tasks.length] as Migration, {
          nextUpdateSeconds,
          statusDetail: `step ${tick}`,
        }),
      ),
    );
    if (tick % 10 === 9) {
      const runs = await heartbeatRuns(world, undefined, true);
      lengths = await historyLengths(world, runs);
      if (mean(lengths) >= events || runs.some(({ runId }) => !known.has(runId))) break;
    }
    await sleep(Math.max(0, 1000 - (Date.now() - begin)));
  }
  return lengths;
}

/** Few tasks in many groups, whose workflows have long histories that a new worker must replay. */
async function longHistories({ log, add }: FigureContext): Promise<void> {
  const [groups, perGroup, events] = [40, 10, 1000];
  const nextUpdateSeconds = nextUpdateSecondsFor(false);
  await inWorld(1, async (world) => {
    const worker = await world.startHubWorker();
    const streams: Migration[][] = [];
    for (let i = 0; i < groups; i++) streams.push(await startMigrations(world, `Long-${i + 1}`, perGroup));
    await reportAll(world.hub(LONG_RUNS), streams.flat(), { nextUpdateSeconds });
    const tasks = groups * perGroup;
    await world.until(DELIVERED_WITHIN_SECONDS, async () => (await world.door.delivered()) >= tasks);
    const lengths = await fill(world, streams, events, nextUpdateSeconds);
    const what = `${groups} groups of ${perGroup} with ${Math.round(mean(lengths))} events each`;
    log(what);
    add(...(await restart(world, worker, { role: 'long', what, tasks, every: nextUpdateSeconds / 3 })));
  });
}

/** Many tasks in few groups. */
async function largeGroups({ short, log, add }: FigureContext): Promise<void> {
  const [tasks, groups] = short ? [100, 2] : [10_000, 20];
  const nextUpdateSeconds = nextUpdateSecondsFor(short);
  await inWorld(groups, async (world) => {
    const worker = await world.startHubWorker();
    const migrations = await startMigrations(world, 'Large', tasks);
    await reportAll(world.hub(), migrations, { nextUpdateSeconds });
    // Every task has had a heartbeat, so that they are spread as they are in life.
    const delivered = await world.until(
      DELIVERED_WITHIN_SECONDS,
      async () => (await world.door.delivered()) >= 2 * tasks,
    );
    log(delivered ? `${tasks} tasks have their heartbeats` : `not all of ${tasks} tasks have their heartbeats`);
    add(
      ...(await restart(world, worker, {
        role: 'large',
        what: `${tasks} tasks in ${groups} groups`,
        tasks,
        every: nextUpdateSeconds / 3,
      })),
    );
  });
}

/** Both kinds of load. */
export const restarts: Figure = {
  about: 'all workers killed and started: 40 groups with long histories; 20 groups of 500 tasks',
  run: async (context) => {
    // To make long histories takes longer than a short run may.
    if (!context.short) await longHistories(context);
    await largeGroups(context);
  },
};
