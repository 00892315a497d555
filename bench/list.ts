/**
 * `npm run bench:list [-- --tasks 10000 --group-size 500 --heartbeat-minutes 3]`: seconds that `list --stale` takes as a process of its
 * own, with a hub worker and without one. All tasks are stale then, and all of them are listed.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { inParallel } from '../src/async/in-parallel';
import { killAll } from './children';
import { inWorld, type World } from './world';

const STREAM = 'Listed';
/** The least that takes heartbeats. */
const NEXT_UPDATE_SECONDS = 45;
const LAPS = 3;
const GOAL_SECONDS = 5;
const DELIVERED_SECONDS = 600;

const number = (value: string | undefined, standard: number) => (value === undefined ? standard : Number(value));

async function main(): Promise<void> {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({ options: { tasks: text, 'group-size': text, 'heartbeat-minutes': text } });
  const tasks = number(values.tasks, 10_000);
  const groups = Math.ceil(tasks / number(values['group-size'], 500));
  const minutes = number(values['heartbeat-minutes'], 3);
  await inWorld(groups, async (world) => {
    const worker = await world.startHubWorker();
    const hub = world.hub();
    const names = Array.from({ length: tasks }, (_, i) => `server-${i}`);
    await inParallel(names, 50, (migrationTaskName, i) =>
      hub.report({
        ...{ progressUpdateStream: STREAM, migrationTaskName, status: 'IN_PROGRESS', progressPercent: i % 100 },
        ...{ statusDetail: 'Replicating volume 2 of 3', nextUpdateSeconds: NEXT_UPDATE_SECONDS },
        labels: { wave: `wave-${i % 20}`, application: `application-${i % 300}` },
      }),
    );
    console.log(`${tasks} tasks in ${groups} groups are reported; their heartbeats go on for ${minutes} minutes`);
    const isDelivered = async () => (await lap(world, ['--freshness', 'fresh'])).rows === tasks;
    if (!(await world.until(DELIVERED_SECONDS, isDelivered, 10))) throw new Error('not all tasks are delivered');
    await sleep(minutes * 60_000);
    const fresh = await lap(world, ['--stale']);
    console.log(`with a worker: ${fresh.seconds.toFixed(2)} s, ${fresh.rows} stale`);
    await worker.kill();
    await sleep((NEXT_UPDATE_SECONDS + 1) * 1000);
    let slowest = 0;
    for (let i = 0; i < LAPS; i++) {
      const { seconds, rows } = await lap(world, ['--stale']);
      console.log(`without one: ${seconds.toFixed(2)} s, ${rows} stale`);
      if (rows !== tasks) throw new Error(`${rows} of ${tasks} tasks are listed as stale`);
      slowest = Math.max(slowest, seconds);
    }
    console.log(`goal ${GOAL_SECONDS} s: ${slowest < GOAL_SECONDS ? 'met' : 'missed'}`);
    if (slowest >= GOAL_SECONDS) process.exitCode = 1;
  });
}

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
main().catch((error: Error) => {
  console.error(error.message);
  process.exitCode = 1;
});
