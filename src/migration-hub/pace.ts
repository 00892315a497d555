import { DefaultRateLimiter } from '@smithy/util-retry';
import { MigrationHubError } from './errors';
import type { NotifyFailure } from '../task-state';

/** A call waits so long for its turn; what cannot go out by then is tried again later, in order of deadlines. */
const LONGEST_WAIT_MS = 10_000;
/** However much Migration Hub throttles, a worker asks so often: else it would not notice that it may again. */
const LEAST_CALLS_PER_SECOND = 10;
/** How fast the rate grows again; the limiter's own 0.4 shoots far beyond what Migration Hub takes, and is throttled again. */
const GROWTH = 0.0005;

/**
 * Spreads the calls of this worker once Migration Hub throttles them, by the rate control of the AWS SDKs' adaptive retry
 * mode: slower with every throttled call, faster again with the others. Nothing waits before the first throttled call.
 */
export class Pace {
  private readonly limiter = new DefaultRateLimiter({ minFillRate: LEAST_CALLS_PER_SECOND, scaleConstant: GROWTH });
  /** The limiter lets all that wait go at once; so they ask it one after another. */
  private last: Promise<void> = Promise.resolve();

  /** Resolves when a call may go out, or is to be given up. @throws MigrationHubError `HeldBack` where that is too far off. */
  async turn(abortSignal?: AbortSignal): Promise<void> {
    const limit = AbortSignal.timeout(LONGEST_WAIT_MS);
    const over = AbortSignal.any(abortSignal ? [limit, abortSignal] : [limit]);
    const mine = this.last.then(async () => {
      if (!over.aborted) await this.limiter.getSendToken();
    });
    this.last = mine;
    const given = await Promise.race([
      mine.then(() => true),
      new Promise<boolean>((resolve) => over.addEventListener('abort', () => resolve(false), { once: true })),
    ]);
    if (!given && !abortSignal?.aborted) throw new MigrationHubError(heldBack());
  }

  /** What became of a call that had its turn. */
  ended(failure?: NotifyFailure): void {
    this.limiter.updateClientSendingRate({ name: failure?.type ?? 'none' });
  }
}

const heldBack = (): NotifyFailure => ({
  type: 'HeldBack',
  message: `Migration Hub throttles this worker, and the call had no turn within ${LONGEST_WAIT_MS / 1000} s`,
  retryable: true,
  // Not all at once.
  retryAfterSeconds: 5 + Math.round(Math.random() * 10),
});
