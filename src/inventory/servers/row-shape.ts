import type { Columns } from '../formats/columns';
import type { Row } from '../text/rows';
import { quoted } from '../values/cell';
import type { ServerRecord } from './record';
import type { SourceFile } from './source-file';

/** What may stand between cells. */
const OTHERS = /[,;\t|]/;
const MEND = 'Look for a delimiter too many, or put the cell that has it in quotes.';

/** Whether rows have the cells that the header promises: with a cell too many, each stands under the wrong header. */
export class RowShape {
  /** Cells of a row: those of the header, or more that are empty, if the first row has them. */
  private width?: number;
  /** Rows that end before the last column with a name. */
  private short = 0;
  /** The first of them. */
  private firstShort = 0;

  constructor(
    private readonly columns: Columns,
    private readonly file: SourceFile,
  ) {}

  /** Refuses a row with a cell too many. */
  check(row: Row, record: ServerRecord): void {
    const { cells, line } = row;
    const { named, headers } = this.columns;
    const [only = ''] = cells;
    if (cells.length === 1 && named > 1 && OTHERS.test(only.replaceAll(this.file.delimiter, '')))
      return this.refuse(
        row,
        record,
        0,
        `the row is one cell, since ${this.named} stands between those of the header`,
        only,
      );
    if (cells.length < named) this.firstShort = this.short++ === 0 ? line : this.firstShort;
    const stray = cells.length <= named ? -1 : cells.findIndex((cell, index) => index >= named && cell.trim() !== '');
    if (stray !== -1) {
      const cell = cells[stray] ?? '';
      return this.refuse(row, record, stray, `${quoted(cell.trim())} stands in a column without a name`, cell);
    }
    this.width ??= Math.max(headers.length, cells.length);
    if (cells.length > this.width)
      this.refuse(row, record, this.width, `the row has ${cells.length} cells, and others ${this.width}`);
  }

  private get named(): string {
    return this.file.delimiter === '\t' ? 'a tab' : JSON.stringify(this.file.delimiter);
  }

  private refuse(row: Row, record: ServerRecord, index: number, what: string, cell?: string): void {
    record.fault = `${what}. ${MEND}`;
    this.file.error(row.at(index), record.fault, cell);
  }

  /** For people, once all rows are read. */
  end(): void {
    const { short, firstShort, file } = this;
    if (short === 0) return;
    const what = short === 1 ? `line ${firstShort} ends` : `${short} rows end (the first on line ${firstShort})`;
    file.notes.push(`${what} before the last column: what is missing counts as empty`);
  }
}
