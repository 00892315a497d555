import type { WriteStream } from 'node:tty';

/** What Migration Hub holds of a task, as far as the progress shows it. */
export interface ProgressTask {
  wave: string;
  status: string | null;
  progressPercent: number | null;
}

export interface ProgressTotals {
  notifications: number;
  retries: number;
  staleSeconds: number;
}

const BAR = 24;
const PLAIN_EVERY_SECONDS = 5;

/** One line per wave. */
export function waveLines(tasks: ProgressTask[]): string[] {
  const waves = [...new Set(tasks.map(({ wave }) => wave))];
  const width = Math.max(...waves.map((wave) => wave.length));
  return waves.map((wave) => {
    const members = tasks.filter((task) => task.wave === wave);
    const count = (...statuses: (string | null)[]) => members.filter(({ status }) => statuses.includes(status)).length;
    // A failed task is as far as it got; a task nobody reported yet is at 0.
    const percent = (task: ProgressTask) => (task.status === 'COMPLETED' ? 100 : (task.progressPercent ?? 0));
    const mean = members.reduce((sum, task) => sum + percent(task), 0) / members.length;
    const filled = Math.round((mean / 100) * BAR);
    const bar = '#'.repeat(filled) + '.'.repeat(BAR - filled);
    const states = [
      `${count('IN_PROGRESS')} in progress`,
      `${count('COMPLETED')} completed`,
      `${count('FAILED')} failed`,
    ];
    return `${wave.padEnd(width)} [${bar}] ${String(Math.round(mean)).padStart(3)} %  ${states.join(', ')}`;
  });
}

/** Live on a terminal; elsewhere a plain line now and then. */
export class Progress {
  private readonly begin = Date.now();
  private shown = 0;
  private lastPlain = -Infinity;
  private last: string[] = [];

  constructor(private readonly out: WriteStream = process.stdout as WriteStream) {}

  /** A line that stays. */
  event(text: string): void {
    this.clear();
    this.out.write(`${this.elapsed()}  ${text}\n`);
    this.draw();
  }

  update(tasks: ProgressTask[], totals: ProgressTotals): void {
    const waves = waveLines(tasks);
    const calls = `${totals.notifications} notifications, ${totals.retries} failed calls, ${totals.staleSeconds} stale seconds`;
    if (this.out.isTTY) {
      this.clear();
      this.last = [...waves, `${this.elapsed()}  ${calls}`];
      this.draw();
    } else if (Date.now() - this.lastPlain >= PLAIN_EVERY_SECONDS * 1000) {
      this.lastPlain = Date.now();
      this.out.write(`${this.elapsed()}  ${[...waves, calls].join(' | ')}\n`);
    }
  }

  private clear(): void {
    if (this.shown > 0) this.out.write(`\x1b[${this.shown}A\x1b[0J`);
    this.shown = 0;
  }

  private draw(): void {
    // A line that wraps would break the count of lines to go up.
    for (const line of this.last) this.out.write(`${line.slice(0, (this.out.columns || 80) - 1)}\n`);
    this.shown = this.last.length;
  }

  private elapsed(): string {
    return `${String(Math.round((Date.now() - this.begin) / 1000)).padStart(3)} s`;
  }
}
