/**
 * `npm run bench:list [-- --tasks 10000 --group-size 500 --reports 5]`: seconds that `list --stale` takes as a process of its own, once
 * each task has reported so often: with a hub worker, when none is stale, and without one, when all are and each is listed.
 * `--group-size 1`: every task is a group of one. Then `list` without a worker lists all as they are: two cores cannot send the
 * heartbeats of 10,000 such groups so often that their tasks become stale soon after.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import type { TaskReport } from '../src/client';
import { inParallel } from '../src/async/in-parallel';
import { onStopSignal } from '../dev/on-stop-signal';
import { killAll } from './children';
import { inWorld, type World } from './world';

const STREAM = 'Listed';
/** Heartbeats as late as they may be, and the least `nextUpdateSeconds` for that. */
const HEARTBEAT_FRACTION = 0.8;
const NEXT_UPDATE_SECONDS = { groupsOfOne: 3600, shared: 150 };
const LAPS = 3;
/** With groups of one as many histories as tasks are read. */
const GOAL_SECONDS = { groupsOfOne: 60, shared: 5 };
const DELIVERED_SECONDS = 600;

const number = (value: string | undefined, standard: number) => (value === undefined ? standard : Number(value));

async function main(): Promise<void> {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({ options: { tasks: text, 'group-size': text, reports: text } });
  const tasks = number(values.tasks, 10_000);
  const groupSize = number(values['group-size'], 500);
  const groups = groupSize === 1 ? 0 : Math.ceil(tasks / groupSize);
  const kind = groups === 0 ? 'groupsOfOne' : 'shared';
  const goalSeconds = GOAL_SECONDS[kind];
  const nextUpdateSeconds = NEXT_UPDATE_SECONDS[kind];
  const reports = number(values.reports, 5);
  await inWorld(groups, async (world) => {
    const worker = await world.startHubWorker();
    const hub = world.hub({ heartbeatFraction: HEARTBEAT_FRACTION });
    const hasArrived = async (round: number) =>
      (await world.door.tasks()).filter(({ progressPercent }) => progressPercent === round).length === tasks;
    const isDelivered = async (round: number) =>
      (await hasArrived(round)) && (await lap(world, ['--freshness', 'never-delivered'])).rows === 0;
    for (let round = 1; round <= reports; round++) {
      await inParallel(Array.from({ length: tasks }), 50, (_, i) => hub.report(reportOf(i, round, nextUpdateSeconds)));
      if (!(await world.until(DELIVERED_SECONDS, () => isDelivered(round), 5)))
        throw new Error('not all tasks are delivered');
    }
    console.log(
      `${tasks} tasks in ${groups === 0 ? 'groups of one' : `${groups} groups`} have reported ${reports} times`,
    );
    const fresh = await lap(world, ['--stale']);
    console.log(`with a worker: ${fresh.seconds.toFixed(2)} s, ${fresh.rows} stale`);
    await worker.kill();
    const [flags, listed] = kind === 'shared' ? [['--stale'], 'stale'] : [[], 'listed'];
    if (kind === 'shared') await sleep((nextUpdateSeconds + 1) * 1000);
    let slowest = fresh.seconds;
    for (let i = 0; i < LAPS; i++) {
      const { seconds, rows } = await lap(world, flags);
      console.log(`without one: ${seconds.toFixed(2)} s, ${rows} ${listed}`);
      if (rows !== tasks) throw new Error(`${rows} of ${tasks} tasks are ${listed}`);
      slowest = Math.max(slowest, seconds);
    }
    console.log(`goal ${goalSeconds} s: ${slowest < goalSeconds ? 'met' : 'missed'}`);
    if (slowest >= goalSeconds) process.exitCode = 1;
  });
}

const reportOf = (i: number, round: number, nextUpdateSeconds: number): TaskReport => ({
  ...{ progressUpdateStream: STREAM, migrationTaskName: `server-${i}`, status: 'IN_PROGRESS', progressPercent: round },
  ...{ statusDetail: 'Replicating volume 2 of 3', nextUpdateSeconds },
  labels: { wave: `wave-${i % 20}`, application: `application-${i % 300}` },
});

/** Runs the command, and counts what it lists. */
async function lap(world: World, flags: string[]): Promise<{ seconds: number; rows: number }> {
  const begun = performance.now();
  const child = spawn(process.execPath, ['lib/cli.js', 'list', STREAM, ...flags, '-o', 'jsonl'], {
    env: { ...process.env, ...world.environment },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let rows = 0;
  child.stdout.on('data', (data: Buffer) => {
    for (const byte of data) if (byte === 10) rows++;
  });
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0) throw new Error(`list ended with ${code}`);
  return { seconds: (performance.now() - begun) / 1000, rows };
}

process.on('exit', killAll);
onStopSignal((code) => process.exit(code));
main().catch((error: Error) => {
  console.error(error.message);
  process.exitCode = 1;
});
