import { formatOf, isKnown, refusalOf } from './formats';
import { Columns } from './formats/columns';
import { readHeader } from './servers/header';
import { RowReader } from './servers/row-reader';
import { RecordFile } from './servers/record-file';
import { decode } from './text/decode';
import { readHead, separatorIn, type Head } from './text/header';
import { Lines } from './text/lines';
import { FileFault } from './text/place';
import { readRows, type Row } from './text/rows';
import type { InventoryFile } from './types';

const START = { line: 1, column: 1 };

/** Reads what a file says of servers, row by row; what is wrong in it is told with it. */
export async function readFile(
  input: InventoryFile,
  { encoding, remembersRows }: { encoding: string; remembersRows: boolean },
): Promise<RecordFile> {
  const file = new RecordFile(input.name, remembersRows);
  const lines = new Lines();
  const pieces = decode(input.open(), encoding, lines);
  try {
    const head = await readHead(pieces, (cells) => isKnown(new Columns(cells)));
    if (head) await readTable(file, head, pieces, lines);
    else file.fail(START, 'the file is empty. Put a header and a row for each server in it.');
  } catch (error) {
    if (!(error instanceof FileFault)) throw error;
    file.fail(error.place, error.message);
  } finally {
    await pieces.return();
  }
  if (file.isBroken)
    for (const record of file.records) record.fault ??= 'the whole file cannot be used: see its errors';
  return file;
}

async function readTable(
  file: RecordFile,
  { cells, delimiter, pieces: head }: Head,
  rest: AsyncGenerator<Buffer, void>,
  lines: Lines,
): Promise<void> {
  const columns = new Columns(cells);
  const format = formatOf(columns);
  if (!format) return file.fail(START, refusalOf(columns));
  Object.assign(file, { format, delimiter, role: format.role(columns) });
  let reader: RowReader | undefined;
  let isHeader = true;
  const takeRow = (row: Row) => {
    if (row.cells.every((cell) => cell.trim() === '') || (isHeader && separatorIn(row.text) !== undefined)) return;
    if (!isHeader) return reader?.read(row);
    isHeader = false;
    // A header with broken quotes is left out by the parser: this is another row then.
    const places = file.isBroken ? undefined : readHeader(row, columns, format, file);
    if (places) reader = new RowReader(columns, places, file);
  };
  await readRows(chained(head, rest), delimiter, lines, {
    row: takeRow,
    fault: (place, message) => file.failRow(place, message),
  });
  reader?.end();
  if (!file.isBroken && file.rows === 0)
    file.fail(lines.end, 'the file has no servers. Add a row for each server below the header.');
}

async function* chained(head: Buffer[], rest: AsyncGenerator<Buffer, void>): AsyncGenerator<Buffer, void> {
  yield* head;
  yield* rest;
}
