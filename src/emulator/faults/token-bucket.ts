/** A token bucket. It is full at first. */
export class TokenBucket {
  private level: number;
  private at: number;

  /**
   * @param ratePerSecond tokens added per second
   * @param burst its size
   * @param seconds a clock that never goes back, in seconds
   */
  constructor(
    private readonly ratePerSecond: number,
    readonly burst: number,
    private readonly seconds: () => number,
  ) {
    this.level = burst;
    this.at = seconds();
  }

  /** The tokens in it now, with a fraction. */
  get tokens(): number {
    const now = this.seconds();
    this.level = Math.min(this.burst, this.level + (now - this.at) * this.ratePerSecond);
    this.at = now;
    return this.level;
  }

  /** Takes a token and returns 0; without one, takes nothing and returns the seconds until there is one. */
  take(): number {
    const tokens = this.tokens;
    if (tokens < 1) return (1 - tokens) / this.ratePerSecond;
    this.level = tokens - 1;
    return 0;
  }
}
