import { bounded } from '../async/bounded';
import type { NotifyFailure } from '../task-state';
import type { CallOptions } from './api';
import { CallRate } from './call-rate';
import { MigrationHubError } from './errors';

/** Calls at once in this process: as many as the AWS client has connections, by default. */
const CALLS_AT_ONCE = 50;
/** A call waits so long for its turn; what cannot go out by then is tried again later. */
const LONGEST_WAIT_SECONDS = 10;

/** The call was not made: nobody wants it any more. */
export const NOT_BEGUN: NotifyFailure = {
  type: 'NotBegun',
  message: 'its activity was asked to end before the call had its turn',
  retry: 'backoff',
};

/** The call was not made: the calls of this worker had no room for it. */
export const WORKER_BUSY = 'WorkerBusy';

/** Types of failures of calls that were never made. */
export const NOT_MADE: readonly string[] = [
  ...[NOT_BEGUN.type, 'HeldBack', WORKER_BUSY, 'WorkerStoodStill', 'OperationNotInClient'],
];

interface Waiting {
  dueBy: number;
  go: () => void;
  giveUp: (reason: Error) => void;
}

/**
 * Gives calls their turn, the nearest deadline first: never more at once than the AWS client has connections, and, once Migration
 * Hub throttles them, no more a second than it takes.
 */
export class Pace {
  private readonly rate = new CallRate();
  /** In the order of their turns. */
  private readonly waiting: Waiting[] = [];
  private underway = 0;
  private timer?: NodeJS.Timeout;
  /** A call has begun in this turn of the event loop. */
  private hasGiven = false;

  /**
   * Resolves when a call may go out; each must end with `ended`.
   * @throws MigrationHubError `HeldBack` or `WorkerBusy` where its turn is too far off: Migration Hub throttles, or too many calls are
   * under way; `NotBegun` where it is not wanted any more.
   */
  async turn({ abortSignal, waitSignal, goesOn, dueBy = Infinity }: CallOptions = {}): Promise<void> {
    const signal = goesOn ? abortSignal : (waitSignal ?? abortSignal);
    if (signal?.aborted) throw new MigrationHubError(NOT_BEGUN);
    if (this.waiting.length === 0 && !this.hasGiven && this.waitMs() === 0) return this.given();
    let waiting: Waiting | undefined;
    let isGiven = false;
    const wait = () =>
      new Promise<void>((resolve, giveUp) => {
        const go = () => {
          isGiven = true;
          resolve();
        };
        waiting = { dueBy: goesOn ? -Infinity : dueBy, go, giveUp };
        this.enqueue(waiting);
      });
    try {
      await bounded(LONGEST_WAIT_SECONDS * 1000, signal, wait);
    } catch {
      // A turn that was given at the same moment goes to the next.
      if (isGiven) this.ended();
      else if (waiting) this.leave(waiting);
      throw new MigrationHubError(signal?.aborted ? NOT_BEGUN : this.heldBack());
    }
  }

  /** A call that had a turn is over. */
  ended(isThrottled = false): void {
    this.underway--;
    this.rate.answered(isThrottled);
    if (this.waiting.length > 0) this.giveTurns();
  }

  /** Takes a turn and gives 0; else gives the milliseconds until there may be one. */
  private waitMs(): number {
    if (this.underway >= CALLS_AT_ONCE) return Infinity;
    const ms = this.rate.take();
    if (ms === 0) this.underway++;
    return ms;
  }

  private enqueue(entry: Waiting): void {
    // Most are due after those that wait already.
    this.waiting.splice(this.waiting.findLastIndex(({ dueBy }) => dueBy <= entry.dueBy) + 1, 0, entry);
    // More than has its turn in time is held back at once.
    if (this.waiting.length > this.rate.perSecond * LONGEST_WAIT_SECONDS)
      this.waiting.pop()?.giveUp(new MigrationHubError(this.heldBack(true)));
    this.giveTurns();
  }

  private leave(entry: Waiting): void {
    const index = this.waiting.indexOf(entry);
    if (index >= 0) this.waiting.splice(index, 1);
  }

  private giveTurns(): void {
    if (this.timer || this.hasGiven || this.waiting.length === 0) return;
    const ms = this.waitMs();
    // Of those that are under way each looks here when it ends.
    if (ms === Infinity) return;
    if (ms > 0) {
      this.timer = setTimeout(() => {
        this.timer = undefined;
        this.giveTurns();
      }, ms);
      return;
    }
    this.waiting.shift()?.go();
    this.given();
  }

  /** A call is a millisecond of CPU: of many in a row, workflow tasks would wait for all, and a replay of hundreds for too long. */
  private given(): void {
    this.hasGiven = true;
    setImmediate(() => {
      this.hasGiven = false;
      this.giveTurns();
    });
  }

  private heldBack(isThrottled = this.rate.perSecond < Infinity && this.underway < CALLS_AT_ONCE): NotifyFailure {
    const why = isThrottled
      ? `Migration Hub throttles this worker, which makes ${Math.round(this.rate.perSecond)} calls/s`
      : `${CALLS_AT_ONCE} calls run at once, and others went first`;
    return {
      type: isThrottled ? 'HeldBack' : WORKER_BUSY,
      message: `the call had no turn within ${LONGEST_WAIT_SECONDS} s: ${why}`,
      retry: 'backoff',
      // Not all at once.
      retryAfterSeconds: 5 + Math.round(Math.random() * 10),
    };
  }
}
