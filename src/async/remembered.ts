/** More keys are not remembered: all are then asked for again. */
const MAX_KEYS = 20_000;

/** Answers that are believed for some time. */
export class Remembered<T> {
  private readonly known = new Map<string, { answer: Promise<T>; until: number }>();

  constructor(private readonly ms: number) {}

  /** The answer of before, while it is believed, else that of `ask`. One that fails is not kept. */
  get(key: string, ask: () => Promise<T>): Promise<T> {
    const known = this.known.get(key);
    if (known && performance.now() < known.until) return known.answer;
    if (this.known.size >= MAX_KEYS) this.known.clear();
    const answer = ask();
    this.known.set(key, { answer, until: performance.now() + this.ms });
    answer.catch(() => this.known.get(key)?.answer === answer && this.known.delete(key));
    return answer;
  }
}
