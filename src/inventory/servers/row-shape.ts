import type { Columns } from '../formats/columns';
import type { Row } from '../text/rows';
import { quoted } from '../values/cell';
import type { ServerRecord } from './record';
import type { SourceFile } from './source-file';

const MEND = 'Remove the extra delimiter, or put the cell that contains it in quotes.';

/** Whether rows have the cells that the header promises: with a cell too many, each stands under the wrong header. */
export class RowShape {
  /** Cells of a row: those of the header, or more that are empty, if the first row has them. */
  private width?: number;
  /** Rows that end before the last column with a name. */
  private short = 0;
  /** The first of them. */
  private firstShort = 0;
  /** What may stand between cells, but not in this file. */
  private readonly otherDelimiter: RegExp;

  constructor(
    private readonly columns: Columns,
    private readonly file: SourceFile,
  ) {
    this.otherDelimiter = new RegExp(`[${',;\t|'.replace(file.delimiter, '')}]`);
  }

  /** Refuses a row with a cell too many. */
  check(row: Row, record: ServerRecord): void {
    const { cells, line } = row;
    const { named, headers } = this.columns;
    if (cells.length === 1 && named > 1 && this.otherDelimiter.test(cells[0] ?? '')) return this.refuseOne(row, record);
    if (cells.length < named) this.firstShort = this.short++ === 0 ? line : this.firstShort;
    const stray = cells.length <= named ? -1 : cells.findIndex((cell, index) => index >= named && cell.trim() !== '');
    if (stray !== -1) {
      const cell = cells[stray] ?? '';
      return this.refuse(row, record, stray, `${quoted(cell.trim())} stands in a column without a name. ${MEND}`, cell);
    }
    this.width ??= Math.max(headers.length, cells.length);
    if (cells.length > this.width)
      this.refuse(
        row,
        record,
        this.width,
        `the row has ${cells.length} cells, but other rows have ${this.width}. ${MEND}`,
      );
  }

  private refuseOne(row: Row, record: ServerRecord): void {
    const what = `the row has only one cell, but the delimiter of the header is ${quoted(this.file.delimiter)}`;
    this.refuse(row, record, 0, `${what}. Use the same delimiter in all rows.`, row.cells[0]);
  }

  private refuse(row: Row, record: ServerRecord, index: number, message: string, cell?: string): void {
    record.fault = message;
    record.isShifted = true;
    this.file.error(row.at(index), message, cell);
  }

  /** For people, once all rows are read. */
  end(): void {
    const { short, firstShort, file } = this;
    if (short === 0) return;
    const what = short === 1 ? `line ${firstShort} ends` : `${short} rows end (the first on line ${firstShort})`;
    file.notes.push(`${what} before the last column: what is missing counts as empty`);
  }
}
