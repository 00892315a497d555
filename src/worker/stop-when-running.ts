import type { Worker } from '@temporalio/worker';

/** How often it is looked whether a worker runs. */
const POLL_MS = 50;

/**
 * Shuts a worker down once it runs: the SDK takes no shutdown before, and a plugin may still hold the worker back. `isOver`: it will
 * never run, since what ran it has ended.
 */
export async function stopWhenRunning(
  worker: Worker,
  isOver: () => boolean,
  shutdown = () => worker.shutdown(),
): Promise<void> {
  while (worker.getState() === 'INITIALIZED' && !isOver())
    // A worker that nobody ever runs must not hold the process.
    await new Promise<void>((resolve) => setTimeout(resolve, POLL_MS).unref());
  if (worker.getState() === 'RUNNING') shutdown();
}
