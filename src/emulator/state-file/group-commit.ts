/** What lines are appended to. */
export interface Disk {
  /** Appends a text. */
  write: (text: string) => Promise<void>;
  /** Resolves when everything written would survive a power failure. */
  sync: () => Promise<void>;
}

interface Batch {
  lines: string[];
  done: Promise<void>;
  resolve: () => void;
  reject: (error: unknown) => void;
}

function newBatch(): Batch {
  const batch = { lines: [] } as unknown as Batch;
  batch.done = new Promise((resolve, reject) => Object.assign(batch, { resolve, reject }));
  batch.done.catch(() => undefined); // `durable` passes it on; without a call of it this is no unhandled rejection
  return batch;
}

/** Appends lines in order (group commit): all lines added during a write share the next write and sync. */
export class GroupCommit {
  /** The error of a failed write or sync. Nothing is written after it, since the content of the file is unknown. */
  failure: unknown;
  private current: Batch | undefined;
  private next: Batch | undefined;

  /** @param disk what the lines are appended to */
  constructor(private readonly disk: Disk) {}

  /** Adds a line; `durable` resolves when it is on disk. */
  add(line: string): void {
    this.next ??= newBatch();
    this.next.lines.push(`${line}\n`);
    if (!this.current) void this.run();
  }

  /** Resolves when all lines added so far are on disk; rejects with `failure` when they cannot be written. */
  async durable(): Promise<void> {
    if (this.failure !== undefined) throw this.failure;
    await (this.next ?? this.current)?.done;
  }

  private async run(): Promise<void> {
    while (this.next) {
      const batch = (this.current = this.next);
      this.next = undefined;
      try {
        if (this.failure !== undefined) throw this.failure;
        await this.disk.write(batch.lines.join(''));
        await this.disk.sync();
        batch.resolve();
      } catch (error) {
        this.failure = error;
        batch.reject(error);
      }
    }
    this.current = undefined;
  }
}
