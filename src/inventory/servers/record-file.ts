import type { ServerRecord } from './record';
import { SourceFile } from './source-file';

/** A file, and what its rows say of servers. */
export class RecordFile extends SourceFile {
  /** In the order of the file. */
  readonly records: ServerRecord[] = [];
}
