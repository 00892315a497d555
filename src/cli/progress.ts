/** How often the progress is written: on a terminal, where it takes the place of the one before, and elsewhere. */
const TERMINAL_MS = 200;
const LINE_MS = 5000;

/** How far a command is, on stderr. */
export class Progress {
  private done = 0;
  private saidAt = performance.now();
  private isOnLine = false;

  /** `what`: of which there are `total`. */
  constructor(
    private readonly total: number,
    private readonly what: string,
    private readonly stream: NodeJS.WriteStream = process.stderr,
  ) {}

  /** One more is done. */
  step(): void {
    this.done++;
    const now = performance.now();
    if (now - this.saidAt < (this.stream.isTTY ? TERMINAL_MS : LINE_MS)) return;
    this.saidAt = now;
    const text = `${this.done} of ${this.total} ${this.what}`;
    this.stream.write(this.stream.isTTY ? `\r${text}` : `${text}\n`);
    this.isOnLine = this.stream.isTTY;
  }

  /** What is written next begins a line. */
  end(): void {
    if (this.isOnLine) this.stream.write('\n');
    this.isOnLine = false;
  }
}
