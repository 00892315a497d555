/** Where lines go. */
export interface Disk {
  /** Appends. */
  write: (text: string) => Promise<void>;
  /** Resolves when what was written would survive a power cut. */
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
  batch.done.catch(() => undefined); // whoever waits hears of it; nobody may be waiting
  return batch;
}

/** Appends lines in order. All that come while the disk is busy share the next write and sync. */
export class GroupCommit {
  /** Why nothing can be written any more: after a failure nobody knows what the file holds. */
  failure: unknown;
  private onItsWay: Batch | undefined;
  private next: Batch | undefined;

  constructor(private readonly disk: Disk) {}

  add(line: string): void {
    this.next ??= newBatch();
    this.next.lines.push(`${line}\n`);
    if (!this.onItsWay) void this.run();
  }

  /** Resolves when all lines added so far are on disk; rejects when they are not and will not be. */
  async durable(): Promise<void> {
    if (this.failure !== undefined) throw this.failure;
    await (this.next ?? this.onItsWay)?.done;
  }

  private async run(): Promise<void> {
    while (this.next) {
      const batch = (this.onItsWay = this.next);
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
    this.onItsWay = undefined;
  }
}
