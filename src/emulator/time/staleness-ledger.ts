/** A period in which a task was stale, in epoch seconds by the emulator's clock. */
export interface StaleInterval {
  /** When the task became stale. */
  from: number;
  /** When a notification ended it; null while the task is still stale. */
  to: number | null;
}

/** The staleness of a task at one moment. */
export interface Staleness {
  /** Whether the task is past its deadline. */
  stale: boolean;
  /** Seconds that the task has been stale so far, to three decimals. */
  staleSeconds: number;
  /** The periods that make up `staleSeconds`, in order; times to three decimals. */
  staleIntervals: StaleInterval[];
}

/** A ledger as JSON, for the state of the emulator. Times are epoch seconds. */
export interface LedgerState {
  /** The current deadline; null when the task has none. */
  deadline: number | null;
  /** When the last notification arrived; 0 before the first. */
  arrivedAt: number;
  /** The periods that are over. */
  closed: { from: number; to: number }[];
}

const toMilliseconds = (seconds: number) => Math.round(seconds * 1000) / 1000;

/**
 * Every period in which one task was stale, whether or not anyone asked in the meantime. Times are epoch seconds by the
 * emulator's clock.
 */
export class StalenessLedger {
  private readonly closed: { from: number; to: number }[];
  private deadline: number;
  private arrivedAt: number;

  /**
   * @param state where the ledger continues
   * @default state a task that was never notified
   */
  constructor({ deadline, arrivedAt, closed }: LedgerState = { deadline: null, arrivedAt: 0, closed: [] }) {
    this.closed = closed.map((each) => ({ ...each }));
    this.deadline = deadline ?? Infinity;
    this.arrivedAt = arrivedAt;
  }

  /** The ledger as JSON. */
  dump(): LedgerState {
    const { deadline, arrivedAt, closed } = this;
    return {
      deadline: deadline === Infinity ? null : deadline,
      arrivedAt,
      closed: closed.map((each) => ({ ...each })),
    };
  }

  /** Seconds until the deadline, negative past it; undefined without a deadline. */
  margin(now: number): number | undefined {
    return this.deadline === Infinity ? undefined : this.deadline - now;
  }

  /**
   * Records a notification. It ends a period of staleness; when its own deadline is already past, the task is stale
   * again from its arrival on.
   * @param now when it arrived
   * @param deadline when the task becomes stale; Infinity: never
   */
  notified(now: number, deadline: number): void {
    const from = this.staleSince(now);
    const last = this.closed.at(-1);
    if (from !== null && last?.to === from) last.to = now;
    else if (from !== null) this.closed.push({ from, to: now });
    this.deadline = deadline;
    this.arrivedAt = now;
  }

  /** Since when the task has been stale without a break since its last notification; null while it is not stale. */
  private staleSince(now: number): number | null {
    const from = Math.max(this.deadline, this.arrivedAt);
    return now > from ? from : null;
  }

  /** The staleness of the task at `now`. */
  at(now: number): Staleness {
    const from = this.staleSince(now);
    const open = from === null ? [] : [{ from, to: null }];
    const intervals: StaleInterval[] = [...this.closed, ...open];
    const last = this.closed.at(-1);
    if (from !== null && last?.to === from) intervals.splice(-2, 2, { from: last.from, to: null });
    return {
      stale: now > this.deadline,
      staleSeconds: toMilliseconds(intervals.reduce((sum, each) => sum + ((each.to ?? now) - each.from), 0)),
      staleIntervals: intervals.map((each) => ({
        from: toMilliseconds(each.from),
        to: each.to === null ? null : toMilliseconds(each.to),
      })),
    };
  }
}
