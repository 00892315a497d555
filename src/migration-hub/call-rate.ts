/** However much Migration Hub throttles, a worker asks so often: else it would not notice that it may again. */
const LEAST_PER_SECOND = 10;
/** What counts as the rate before the first throttled call, where fewer calls were needed so far. */
const USUAL_PER_SECOND = 50;
/** The rate is looked at again after so many seconds: what was on its way meanwhile says nothing new. */
const WINDOW_SECONDS = 0.25;
/** Of fewer calls, one that was throttled is no large share. */
const LEAST_CALLS = 10;
/** Beyond the share that was throttled, so that Migration Hub's bucket fills again. */
const CUT = 0.9;
/** Each second without a throttled call adds this share of the highest rate of late. */
const GROWTH = 0.05;
/** The highest rate counts half after so many seconds. */
const HALF_LIFE_SECONDS = 60;
/** A timer that is late loses no turn within this time. */
const CREDIT_MS = 100;
/** So long after the last throttled call there is no limit any more. */
const FORGOTTEN_AFTER_MS = 600_000;

/**
 * How many calls a second go out: no limit until Migration Hub throttles; then what it took, by the share of calls that it
 * throttled, and from there slowly more. Heartbeats come in bursts, so the rate is that of the bursts, not of the lulls between.
 */
export class CallRate {
  private limit = Infinity;
  private highest = 0;
  private calls = 0;
  private throttled = 0;
  private since = performance.now();
  private throttledAt = 0;
  private nextAt = 0;

  /** Calls per second; Infinity for no limit. */
  get perSecond(): number {
    return this.limit;
  }

  /** Takes the next turn and gives 0, or takes none and gives the milliseconds until there is one. */
  take(): number {
    if (this.limit === Infinity) return 0;
    const now = performance.now();
    if (this.nextAt > now) return this.nextAt - now;
    this.nextAt = Math.max(this.nextAt, now - CREDIT_MS) + 1000 / this.limit;
    return 0;
  }

  /** A call was answered. */
  answered(isThrottled: boolean): void {
    this.calls++;
    if (isThrottled) this.throttled++;
    const now = performance.now();
    const seconds = (now - this.since) / 1000;
    if (seconds < WINDOW_SECONDS) return;
    this.highest = Math.max(this.calls / seconds, this.highest * 0.5 ** (seconds / HALF_LIFE_SECONDS));
    if (this.throttled > 0) this.slowDown(now);
    else if (now - this.throttledAt > FORGOTTEN_AFTER_MS) this.limit = Infinity;
    else this.limit += GROWTH * this.highest * Math.min(1, seconds);
    this.calls = this.throttled = 0;
    this.since = now;
  }

  private slowDown(now: number): void {
    const had = Math.min(this.limit, Math.max(this.highest, USUAL_PER_SECOND));
    const share = this.throttled / Math.max(this.calls, LEAST_CALLS);
    this.limit = Math.max(LEAST_PER_SECOND, had * (1 - share) * CUT);
    this.throttledAt = now;
  }
}
