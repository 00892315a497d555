import { DefaultRateLimiter } from '@smithy/util-retry';
import { MigrationHubError } from './errors';
import type { NotifyFailure } from '../task-state';

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
 * Spreads the calls of this worker once Migration Hub throttles them, by the rate control of the AWS SDKs' adaptive retry
 * mode: slower with every throttled call, faster again with the others. Nothing waits before the first throttled call.
 */
export class Pace {
  /** Set from the first throttled call on. */
  private limiter?: DefaultRateLimiter;
  private throttledAt = 0;
  private readonly waiting: (() => void)[] = [];
  private isGivingTurns = false;

  /**
   * Resolves when a call may go out, or is to be given up. `goesOn`: it is a further call for a task that had a turn, so that
   * one task is dealt with before the next begins.
   * @throws MigrationHubError `HeldBack` where its turn is too far off.
   */
  async turn(abortSignal?: AbortSignal, goesOn = false): Promise<void> {
    if (!this.isThrottled() || abortSignal?.aborted) return;
    if (!goesOn && this.waiting.length >= MOST_WAITING) throw new MigrationHubError(heldBack());
    const limit = AbortSignal.timeout(LONGEST_WAIT_MS);
    const over = AbortSignal.any(abortSignal ? [limit, abortSignal] : [limit]);
    const given = await new Promise<boolean>((resolve) => {
      const go = () => resolve(true);
      over.addEventListener(
        'abort',
        () => {
          const index = this.waiting.indexOf(go);
          if (index >= 0) this.waiting.splice(index, 1);
          resolve(false);
        },
        { once: true },
      );
      if (goesOn) this.waiting.unshift(go);
      else this.waiting.push(go);
      void this.giveTurns();
    });
    if (!given && !abortSignal?.aborted) throw new MigrationHubError(heldBack());
  }

  /** What became of a call. */
  ended(failure?: NotifyFailure): void {
    if (failure?.type === 'ThrottlingException') {
      this.limiter ??= new DefaultRateLimiter({ minFillRate: LEAST_CALLS_PER_SECOND, scaleConstant: GROWTH });
      this.throttledAt = Date.now();
    }
    this.limiter?.updateClientSendingRate({ name: failure?.type ?? 'none' });
  }

  /** The limiter lets all that wait go at once; so it is asked for one after another. */
  private async giveTurns(): Promise<void> {
    if (this.isGivingTurns) return;
    this.isGivingTurns = true;
    while (this.waiting.length > 0) {
      if (this.isThrottled()) await this.limiter?.getSendToken();
      this.waiting.shift()?.();
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
