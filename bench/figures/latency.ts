/** Time from a report to its arrival at Migration Hub, on an idle machine. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Figure } from '../figure';
import type { Measurement } from '../goals';
import { inParallel } from '../../src/async/in-parallel';
import { report, reportAll, startMigrations } from '../migrations';
import { percentile } from '../numbers';
import { USER_QUEUE } from '../sides/user-queue';
import { inWorld, type World } from '../world';

/** Tasks that take turns: one sends at most once a second. */
const TASKS = 8;
/**
 * A Temporal server reads the task queue of a history shard at most 20 times a second (`history.transferProcessorMaxPollRPS`),
 * and a dev server has one shard. A report from a workflow takes some seven reads: with four reports a second each step
 * waits up to 50 ms for its read, and the server is not idle.
 */
const PAUSE_MS = 750;
const NEXT_UPDATE_SECONDS = 86_400;

/** Milliseconds from `sent …` in a notification's detail to its arrival. The first of each task is a registration, too, and left out. */
async function latencies(world: World, stream: string): Promise<number[]> {
  const seen = new Set<string>();
  return (await world.door.arrivals()).flatMap(({ stream: of, task, at, detail }) => {
    const [, sent] = /^sent (\d+)$/.exec(detail) ?? [];
    if (of !== stream || sent === undefined) return [];
    if (!seen.has(task)) {
      seen.add(task);
      return [];
    }
    return [at * 1000 - Number(sent)];
  });
}

function figures(way: 'client' | 'workflow', what: string, values: number[], wanted: number): Measurement[] {
  const ms = (share: number) => percentile(values, share).toFixed(0);
  const label = `report to delivered, idle, ${what}`;
  const detail = `p90 ${ms(0.9)} ms, p99 ${ms(0.99)} ms, max ${ms(1)} ms of ${values.length}`;
  return [
    { id: `latency.${way}.p50`, label: `${label}: p50`, value: percentile(values, 0.5), unit: 'ms', detail },
    { id: `latency.${way}.lost`, label: `${label}: not delivered`, value: wanted - values.length, unit: '' },
  ];
}

/** `client.report`, one report after the other. */
async function fromClient(world: World, count: number): Promise<Measurement[]> {
  const stream = 'FromClient';
  const hub = world.hub();
  const migrations = await startMigrations(world, stream, TASKS);
  const now = () => ({ nextUpdateSeconds: NEXT_UPDATE_SECONDS, statusDetail: `sent ${Date.now()}` });
  await reportAll(hub, migrations, now());
  await world.until(30, async () => (await world.door.delivered()) >= TASKS);
  await sleep(2000);
  for (let i = 0; i < count; i++) {
    await report(hub, migrations[i % TASKS] as (typeof migrations)[number], now());
    await sleep(PAUSE_MS);
  }
  await sleep(2000);
  return figures('client', 'client.report()', await latencies(world, stream), count);
}

/** `task.report()` in workflows of a user, which take turns. */
async function fromWorkflows(world: World, count: number): Promise<Measurement[]> {
  const stream = 'FromWorkflow';
  const each = Math.ceil(count / TASKS);
  const everyMs = TASKS * PAUSE_MS;
  await world.startUserWorker();
  const inputs = Array.from({ length: TASKS }, (_, i) => ({
    stream,
    task: `server-${i + 1}`,
    count: each + 1,
    firstAfterMs: 2000 + i * PAUSE_MS,
    everyMs,
  }));
  await inParallel(inputs, TASKS, (input) =>
    world.client.workflow.execute('reportingMigration', {
      workflowId: `reports-${input.task}`,
      taskQueue: USER_QUEUE,
      args: [input],
    }),
  );
  await sleep(2000);
  return figures('workflow', 'task.report() in a workflow', await latencies(world, stream), each * TASKS);
}

/** Both ways in. Groups of one, as by default. */
export const latency: Figure = {
  about: 'milliseconds from a report to its arrival at Migration Hub, idle: from a client and from a workflow',
  longOnly: true,
  run: async ({ short, add }) => {
    const count = short ? 16 : 80;
    await inWorld(0, async (world) => {
      await world.startHubWorker();
      add(...(await fromClient(world, count)));
      add(...(await fromWorkflows(world, count)));
    });
  },
};
