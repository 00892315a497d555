import type { ServerRecord } from './record';
import { RecordIndex } from './record-index';
import type { SourceFile } from './source-file';

/** Files that tell of the same servers, each of others: a server has at most one row of them. */
export class Source {
  /** Finds its rows. */
  readonly index: RecordIndex;

  constructor(
    /** A row for each server, in the order of files. */
    readonly records: ServerRecord[],
    private readonly files: ReadonlySet<SourceFile>,
  ) {
    this.index = new RecordIndex(records);
  }

  /** Which row of a server is of this source. */
  rowOf(task: ServerRecord): ServerRecord | undefined {
    if (this.files.has(task.file)) return task;
    for (const each of task.joined ?? []) {
      const row = this.rowOf(each);
      if (row) return row;
    }
    return undefined;
  }
}
