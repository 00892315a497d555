/** A load of heartbeats that is measured for a while, and what the processes used meanwhile. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Child } from './children';
import { cpuSeconds } from './proc';
import type { World } from './world';

/** What happened in a stretch of time. CPU seconds are per 1,000 notifications. */
export interface Pace {
  perSecond: number;
  workerCpu: number;
  serverCpu: number;
}

/** Counts the notifications of `seconds`, and the CPU time of the worker and of the Temporal server meanwhile. */
export async function paceOf(world: World, worker: Child, seconds: number): Promise<Pace> {
  const look = async () => ({
    at: Date.now() / 1000,
    delivered: await world.door.delivered(),
    worker: cpuSeconds(worker.pid),
    server: cpuSeconds(world.serverPid),
  });
  const from = await look();
  await sleep(seconds * 1000);
  worker.check();
  const to = await look();
  const thousands = (to.delivered - from.delivered) / 1000;
  return {
    perSecond: (thousands * 1000) / (to.at - from.at),
    workerCpu: (to.worker - from.worker) / thousands,
    serverCpu: (to.server - from.server) / thousands,
  };
}
