import { DefaultRateLimiter } from '@smithy/util-retry';
import { bounded } from '../async/bounded';
import { MigrationHubError } from './errors';
import type { NotifyFailure } from '../task-state';

/** Calls at once in this process: as many as the AWS client has connections, by default. */
const CALLS_AT_ONCE = 50;
/** A call waits so long for its turn; what cannot go out by then is tried again later. */
const LONGEST_WAIT_MS = 10_000;
/** However much Migration Hub throttles, a worker asks so often: else it would not notice that it may again. */
const LEAST_CALLS_PER_SECOND = 10;
/** What waits has its turn in time at the least rate; more is held back at once. */
const MOST_WAITING = (LEAST_CALLS_PER_SECOND * LONGEST_WAIT_MS) / 1000;
/** How fast the rate grows again; the limiter's own 0.4 shoots far beyond what Migration Hub takes, and is throttled again. */
const GROWTH = 0.0005;
/** So long after the last throttled call nothing waits any more. */
const FORGOTTEN_AFTER_MS = 600_000;

/**
 * Gives calls their turn: never more at once than the AWS client has connections, and, once Migration Hub throttles them, at
 * the rate of the AWS SDKs' adaptive retry mode: slower with every throttled call, faster again with the others.
 */
export class Pace {
  /** Set from the first throttled call on. */
  private limiter?: DefaultRateLimiter;
  private throttledAt = 0;
  private readonly waiting: (() => void)[] = [];
  private underway = 0;
  private isGivingTurns = false;

  /**
   * Resolves when a call may go out, or is to be given up; each must end with `ended`. `goesOn`: it is a further call for a task
   * that had a turn, so that one task is dealt with before the next begins.
   * @throws MigrationHubError `HeldBack` where its turn is too far off.
   */
  async turn(abortSignal?: AbortSignal, goesOn = false): Promise<void> {
    const isThrottled = this.isThrottled();
    if (abortSignal?.aborted || (!isThrottled && this.waiting.length === 0 && this.underway < CALLS_AT_ONCE)) {
      this.underway++;
      return;
    }
    if (isThrottled && !goesOn && this.waiting.length >= MOST_WAITING) throw new MigrationHubError(heldBack());
    let go: (() => void) | undefined;
    try {
      await bounded(
        LONGEST_WAIT_MS,
        abortSignal,
        () =>
          new Promise<void>((resolve) => {
            go = resolve;
            if (goesOn) this.waiting.unshift(resolve);
            else this.waiting.push(resolve);
            void this.giveTurns();
          }),
      );
    } catch {
      const index = go ? this.waiting.indexOf(go) : -1;
      if (index >= 0) this.waiting.splice(index, 1);
      // A turn that was given at the same moment was counted.
      else if (go) this.underway--;
      if (!abortSignal?.aborted) throw new MigrationHubError(heldBack());
      this.underway++;
    }
  }

  /** What became of a call that had a turn. */
  ended(failure?: NotifyFailure): void {
    this.underway--;
    if (failure?.type === 'ThrottlingException') {
      this.limiter ??= new DefaultRateLimiter({ minFillRate: LEAST_CALLS_PER_SECOND, scaleConstant: GROWTH });
      this.throttledAt = Date.now();
    }
    this.limiter?.updateClientSendingRate({ name: failure?.type ?? 'none' });
    if (this.waiting.length > 0) void this.giveTurns();
  }

  /** The limiter lets all that wait go at once; so it is asked for one after another. */
  private async giveTurns(): Promise<void> {
    if (this.isGivingTurns) return;
    this.isGivingTurns = true;
    while (this.waiting.length > 0 && this.underway < CALLS_AT_ONCE) {
      if (this.isThrottled()) await this.limiter?.getSendToken();
      const go = this.waiting.shift();
      if (!go) break;
      this.underway++;
      go();
    }
    this.isGivingTurns = false;
  }

  private isThrottled(): boolean {
    const since = Date.now() - this.throttledAt;
    // The limiter goes by the machine's clock: set back, it would wait until that is where it was.
    if (since < 0 || since > FORGOTTEN_AFTER_MS) this.limiter = undefined;
    return this.limiter !== undefined;
  }
}

const heldBack = (): NotifyFailure => ({
  type: 'HeldBack',
  message: `Migration Hub throttles this worker, and the call had no turn within ${LONGEST_WAIT_MS / 1000} s`,
  retry: 'backoff',
  // Not all at once.
  retryAfterSeconds: 5 + Math.round(Math.random() * 10),
});
