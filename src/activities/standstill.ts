import { MigrationHubError } from '../migration-hub/errors';

const TICK_MS = 1000;
/**
 * The server gives an activity attempt up 5 s after the last activity heartbeat that reached it. When a worker is stopped, that
 * one may be 2 s old. What another worker sends then comes a second later, or more.
 */
const STANDSTILL_MS = 3000;
/** Within less the server cannot have given up an attempt that it gave to this worker just before. */
const GIVEN_UP_MS = 5000;

/**
 * Knows when this process stood still: it was stopped, its container frozen, its machine suspended, or its event loop blocked.
 * Meanwhile the server may have given an activity attempt to another worker, which has sent something newer.
 */
export class StandstillWatch {
  private seen = performance.now();
  private seenWall = Date.now();
  private endedAt = -Infinity;
  /** The same of one in which an attempt that this worker has not begun may have been given to another. */
  private longEndedAt = -Infinity;
  private seconds = 0;

  constructor() {
    setInterval(() => this.look(), TICK_MS).unref();
  }

  /**
   * Gives, for an activity attempt that begins now, what to call right before each of its requests goes out. One that begins
   * right after a long standstill may have been given to this worker before it, or during it.
   * @throws MigrationHubError `WorkerStoodStill` (the check)
   */
  check(): () => void {
    const begunAt = this.look();
    return () => {
      this.look();
      if (this.endedAt > begunAt || this.longEndedAt > begunAt - STANDSTILL_MS)
        throw new MigrationHubError(stoodStill(this.seconds));
    };
  }

  /** Timers that were due fire before or after what waits for a socket: whoever comes first finds the gap. */
  private look(): number {
    const now = performance.now();
    const wall = Date.now();
    // The monotonic clock does not count the time in which the whole machine was suspended.
    let gap = Math.max(now - this.seen, wall - this.seenWall);
    if (gap > STANDSTILL_MS) {
      // Right after another it is the same one: what was given to this worker before both may begin only now.
      if (this.seen < this.endedAt + STANDSTILL_MS) gap += this.seconds * 1000;
      this.endedAt = now;
      if (gap >= GIVEN_UP_MS) this.longEndedAt = now;
      this.seconds = gap / 1000;
    }
    this.seen = now;
    this.seenWall = wall;
    return now;
  }
}

let watch: StandstillWatch | undefined;
/** The one of this process. */
export const watchStandstills = (): StandstillWatch => (watch ??= new StandstillWatch());

const stoodStill = (seconds: number) => ({
  type: 'WorkerStoodStill',
  message: `this worker stood still for ${Math.round(seconds)} s (stopped, suspended or its event loop blocked), so another may have sent something newer: nothing was sent`,
  retry: 'backoff' as const,
  // Then what it was given meanwhile is over.
  retryAfterSeconds: STANDSTILL_MS / 1000,
});
