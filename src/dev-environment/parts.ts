import type { Log } from '../temporal-cli/log';

/** What was started, to be stopped in the opposite order. */
export class Parts {
  private readonly stops: [name: string, stop: () => Promise<unknown>][] = [];
  private isStopping = false;
  private fail!: (error: Error) => void;
  /** Rejects when a part has ended by itself. */
  readonly failed = new Promise<never>((_, reject) => (this.fail = reject));

  constructor(private readonly log: Log) {
    this.failed.catch(() => undefined);
  }

  /** A part that runs. `ended`: of one that may end by itself, with the reason, or fail. */
  add(name: string, stop: () => Promise<unknown>, ended?: Promise<unknown>): void {
    this.stops.push([name, stop]);
    const onEnd = (why: unknown) => {
      if (this.isStopping) return;
      this.fail(new Error(`${name} has ended${why ? `: ${why instanceof Error ? why.message : String(why)}` : ''}`));
    };
    ended?.then(onEnd, onEnd);
  }

  /** Stops all, the last that was started first. What does not stop in order is said, and does not hold the others up. */
  async stop(): Promise<void> {
    this.isStopping = true;
    for (const [name, stop] of this.stops.splice(0).reverse())
      await stop().catch((error: Error) => this.log(`${name} did not stop in order: ${error.message}`));
  }
}
