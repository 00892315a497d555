import { Runtime } from '@temporalio/worker';

/** Looked at so often; said when it was blocked so long, and once in so long. */
const LOOK_MS = 1000;
const BLOCKED_MS = 2000;
const SAY_MS = 60_000;

/** Warns where code of the user's keeps this process, and our workers in it, from doing anything. Gives what ends it. */
export function watchEventLoop(): () => void {
  let looked = performance.now();
  let said = -Infinity;
  const look = () => {
    const now = performance.now();
    const blockedMs = now - looked - LOOK_MS;
    looked = now;
    if (blockedMs < BLOCKED_MS || now - said < SAY_MS) return;
    said = now;
    Runtime.instance().logger.warn(
      `the event loop of this process was blocked for ${Math.round(blockedMs / 1000)} s, and the Migration Hub workers beside yours with it: heartbeats may come too late and tasks become stale; move the code that blocks to a worker thread, or run the worker process of temporal-migration-hub apart from it, in place of the plugin`,
    );
  };
  const timer = setInterval(look, LOOK_MS).unref();
  return () => clearInterval(timer);
}
