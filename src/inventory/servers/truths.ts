import type { Place } from '../text/place';
import type { Row } from '../text/rows';
import { quoted, truthOf } from '../values/cell';
import type { ServerRecord } from './record';
import type { SourceFile } from './source-file';

/** A cell that is read. */
export interface Cell {
  /** Trimmed. */
  text: string;
  /** Of its column. */
  index: number;
}

/** A cell that is neither true nor false. */
interface Unclear extends Cell {
  record: ServerRecord;
  place: Place;
}

/** Reads columns that are true or false. A row with anything else in them has an error: what a column without such words means is told. */
export class Truths {
  private readonly unclear: Unclear[] = [];
  /** Columns that have a word for true or false. */
  private readonly clear = new Set<number>();

  constructor(private readonly file: SourceFile) {}

  /** What a cell with something in it says. Undefined where that is neither: that it is an error is told when all rows are read. */
  read(row: Row, record: ServerRecord, { text, index }: Cell): boolean | undefined {
    const truth = truthOf(text);
    if (truth === undefined) this.unclear.push({ record, place: row.at(index), text, index });
    else this.clear.add(index);
    return truth;
  }

  /** Once all rows are read. */
  end(): void {
    for (const { record, place, text, index } of this.unclear) {
      const mend = this.clear.has(index)
        ? 'Look for an extra or a missing cell before it.'
        : 'No row has a known word for True or False in this column: write True or False, or look for an extra or a missing cell before it.';
      const message = `${quoted(text)} is neither True nor False. ${mend}`;
      record.fault ??= message;
      this.file.error(place, message, text);
    }
  }
}
