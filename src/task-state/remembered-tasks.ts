import type { TaskRecord } from './record';

/** Tasks by name, in the order in which they were added; beyond `most` the oldest is forgotten. */
export class RememberedTasks {
  private readonly records = new Map<string, TaskRecord>();

  constructor(
    private readonly most: number,
    records: TaskRecord[] = [],
  ) {
    for (const record of records) this.add(record);
  }

  /** Undefined for one that is not remembered. */
  get(name: string): TaskRecord | undefined {
    return this.records.get(name);
  }

  /** It is the newest from then on. */
  add(record: TaskRecord): void {
    const { migrationTaskName: name } = record;
    this.records.delete(name);
    this.records.set(name, record);
    const [oldest] = this.records.keys();
    if (this.records.size > this.most && oldest !== undefined) this.records.delete(oldest);
  }

  /** It is not remembered any more. */
  delete(name: string): void {
    this.records.delete(name);
  }

  /** The oldest first. */
  values(): TaskRecord[] {
    return [...this.records.values()];
  }
}
