const round = (seconds: number) => Math.round(seconds * 1000) / 1000;

/** A ledger as it goes into a state; a deadline of null: none. */
export interface LedgerState {
  deadline: number | null;
  arrivedAt: number;
  closed: { from: number; to: number }[];
}

/** Every stretch of time one task was stale, kept exactly, whether or not anyone looked. Times are epoch seconds. */
export class StalenessLedger {
  private readonly closed: { from: number; to: number }[];
  private deadline: number;
  private arrivedAt: number;

  constructor({ deadline, arrivedAt, closed }: LedgerState = { deadline: null, arrivedAt: 0, closed: [] }) {
    this.closed = closed.map((each) => ({ ...each }));
    this.deadline = deadline ?? Infinity;
    this.arrivedAt = arrivedAt;
  }

  dump(): LedgerState {
    const { deadline, arrivedAt, closed } = this;
    return {
      deadline: deadline === Infinity ? null : deadline,
      arrivedAt,
      closed: closed.map((each) => ({ ...each })),
    };
  }

  /** Seconds until the deadline, negative past it; undefined without one. */
  margin(now: number): number | undefined {
    return this.deadline === Infinity ? undefined : this.deadline - now;
  }

  /**
   * A notification arrived. What was stale until now is written down; a deadline that is already past keeps the
   * task stale from its arrival on.
   * @param now arrival, by the emulator's clock
   * @param deadline `UpdateDateTime + NextUpdateSeconds`; Infinity for a terminal status, which is never stale
   */
  notified(now: number, deadline: number): void {
    const from = this.staleSince(now);
    const last = this.closed.at(-1);
    if (from !== null && last?.to === from) last.to = now;
    else if (from !== null) this.closed.push({ from, to: now });
    this.deadline = deadline;
    this.arrivedAt = now;
  }

  /** Since when the last notification leaves the task stale, or null while it is fresh. */
  private staleSince(now: number): number | null {
    const from = Math.max(this.deadline, this.arrivedAt);
    return now > from ? from : null;
  }

  /** The ledger at a moment; seconds and times to three decimals. */
  at(now: number): { stale: boolean; staleSeconds: number; staleIntervals: { from: number; to: number | null }[] } {
    const from = this.staleSince(now);
    const open = from === null ? [] : [{ from, to: null }];
    const intervals: { from: number; to: number | null }[] = [...this.closed, ...open];
    const last = this.closed.at(-1);
    if (from !== null && last?.to === from) intervals.splice(-2, 2, { from: last.from, to: null });
    return {
      stale: now > this.deadline,
      staleSeconds: round(intervals.reduce((sum, { from, to }) => sum + ((to ?? now) - from), 0)),
      staleIntervals: intervals.map(({ from, to }) => ({ from: round(from), to: to === null ? null : round(to) })),
    };
  }
}
