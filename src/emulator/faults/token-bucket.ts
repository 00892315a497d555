/** Tokens that come at an even rate, up to `burst`; it starts full. */
export class TokenBucket {
  private level: number;
  private at: number;

  /** @param seconds a clock that never goes back */
  constructor(
    private readonly ratePerSecond: number,
    readonly burst: number,
    private readonly seconds: () => number,
  ) {
    this.level = burst;
    this.at = seconds();
  }

  /** How many there are now; a part of one counts as that part. */
  get tokens(): number {
    const now = this.seconds();
    this.level = Math.min(this.burst, this.level + (now - this.at) * this.ratePerSecond);
    this.at = now;
    return this.level;
  }

  /** Takes one and answers 0, or answers after how many seconds there will be one. */
  take(): number {
    const tokens = this.tokens;
    if (tokens < 1) return (1 - tokens) / this.ratePerSecond;
    this.level = tokens - 1;
    return 0;
  }
}
