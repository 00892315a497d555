import type { HubWorker } from './hub-worker';
import { latestHeartbeat, lastBack } from './pace';
import type { Outcome } from './scenario';
import { nowSeconds, type World } from './world';

const WORKERS = 2;
const BACK_WITHIN_SECONDS = 60;
/** So long heartbeats must go on after a restart. */
const SETTLED_SECONDS = 45;

/** A heartbeat is due after a third of it, so that each task has one within `BACK_WITHIN_SECONDS`. */
export const nextUpdateSeconds = (short: boolean): number => (short ? 60 : 120);

export const startWorkers = (world: World): Promise<HubWorker[]> =>
  Promise.all(Array.from({ length: WORKERS }, () => world.startHubWorker()));

/** Kills all workers at once, with reports on their way, and starts them again. Gives when. */
export async function restart(world: World, workers: HubWorker[], report: () => Promise<unknown>): Promise<number> {
  await report();
  const at = nowSeconds();
  await Promise.all(workers.map((worker) => worker.kill()));
  await Promise.all(workers.map((worker) => worker.start()));
  world.context.log(`all ${workers.length} workers are back after ${(nowSeconds() - at).toFixed(1)} s`);
  return at;
}

/** @param load what the workers have to take up again */
export async function judgeRestart(world: World, load: string, names: string[], restartedAt: number): Promise<Outcome> {
  const isBack = () => lastBack(names, world.calls(), restartedAt).seconds < Infinity;
  await world.until(restartedAt + BACK_WITHIN_SECONDS - nowSeconds(), isBack, 2);
  const back = lastBack(names, world.calls(), restartedAt);
  await world.allDelivered(BACK_WITHIN_SECONDS);
  // Who beat once must go on.
  await world.sleep(world.context.short ? 5 : SETTLED_SECONDS);
  const outcome = await world.judge(`${load}, ${WORKERS} workers`);
  const late = latestHeartbeat(world.calls(), { from: restartedAt, until: nowSeconds() });
  outcome.notes.push(
    `the last task beat again ${back.seconds.toFixed(1)} s after the restart`,
    `latest heartbeat ${late.seconds} s after it was due`,
  );
  if (back.seconds > BACK_WITHIN_SECONDS)
    outcome.faults.push(`${back.task} did not beat again within ${BACK_WITHIN_SECONDS} s of the restart`);
  return outcome;
}
