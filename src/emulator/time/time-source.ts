/** The end of the year 9999, epoch seconds: later times have no common notation. */
export const LATEST = 253_402_300_799;

function secondsOf(answer: unknown): number {
  const seconds = typeof answer === 'number' ? answer / 1000 : NaN;
  if (seconds >= 0 && seconds <= LATEST) return seconds;
  throw new RangeError(
    `clock must return epoch milliseconds up to the year 9999, or a promise of them, not ${String(answer)}`,
  );
}

/**
 * The time that the emulator's clock goes by. A function that returns numbers is asked at each look; one that returns
 * promises is asked before each request, and its newest answer counts until then.
 */
export class TimeSource {
  private newest: number | undefined;
  private asked = 0;
  private answered = 0;

  /** @param clock epoch milliseconds */
  constructor(private readonly clock: () => number | Promise<number>) {}

  /** Whether the time comes by promises, so that without `read` it is that of the last request. */
  get isAwaited(): boolean {
    return this.newest !== undefined;
  }

  /** The time as far as it is known, epoch seconds. @throws RangeError when the clock returns no time */
  readonly seconds = (): number => this.newest ?? secondsOf(this.clock());

  /**
   * Asks a clock that returns promises.
   * @throws RangeError when it returns no time, Error when it fails
   */
  readonly read = async (): Promise<void> => {
    const question = ++this.asked;
    const answer = this.clock();
    const isAtOnce = typeof answer === 'number';
    const seconds = secondsOf(isAtOnce ? answer : await named(answer));
    if (isAtOnce && !this.isAwaited) return;
    // Answers may overtake one another: an earlier question does not set the time back.
    if (question < this.answered) return;
    this.answered = question;
    this.newest = seconds;
  };
}

const named = (answer: Promise<number>): Promise<number> =>
  Promise.resolve(answer).catch((error: unknown) => {
    throw new Error(`clock failed: ${(error as Error | undefined)?.message ?? String(error)}`, { cause: error });
  });
