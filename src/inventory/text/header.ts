import { parse } from 'csv-parse/sync';
import { FileFault } from './place';
import { MAX_ROW_BYTES } from './rows';

/** What may stand between cells. */
const DELIMITERS = [',', ';', '\t', '|'];

/** The beginning of a file. */
export interface Head {
  /** What stands between its cells. */
  delimiter: string;
  /** Of the header, trimmed. */
  cells: string[];
  /** All that was read of the file so far. */
  pieces: Buffer[];
}

/**
 * Reads up to the end of the header, the first row with something in it, and tells the delimiter from that row alone, since others
 * occur inside cells: the one by which the header is known and has the most cells. A line `sep=;`, as spreadsheets write it, decides.
 * Undefined of a file without a header.
 */
export async function readHead(
  pieces: AsyncIterator<Buffer>,
  isKnown: (cells: string[]) => boolean,
): Promise<Head | undefined> {
  const read: Buffer[] = [];
  let text = '';
  for (;;) {
    const { value, done } = (await pieces.next()) as IteratorResult<Buffer, undefined>;
    if (value) {
      read.push(value);
      text += value.toString();
    }
    const first = firstRow(text, done === true);
    if (first) return { ...split(first, isKnown), pieces: read };
    if (done) return undefined;
    if (text.length > MAX_ROW_BYTES)
      throw new FileFault(
        { line: 1, column: 1 },
        `the header has no end within ${MAX_ROW_BYTES} characters. Look for a quote that is opened and never closed.`,
      );
  }
}

/** The first row with something in it; undefined where more must be read first. */
function firstRow(text: string, isWhole: boolean): { row: string; delimiter?: string } | undefined {
  let delimiter: string | undefined;
  for (let start = 0; start < text.length;) {
    const end = rowEnd(text, start);
    if (end === undefined && !isWhole) return undefined;
    const row = text.slice(start, end);
    const told = separatorIn(row);
    if (told !== undefined) delimiter = told;
    else if (/[^\s,;|"]/.test(row)) return { row, ...(delimiter !== undefined && { delimiter }) };
    start = (end ?? text.length) + 1;
  }
  return undefined;
}

/** The delimiter of a line such as `sep=;`. */
export function separatorIn(row: string): string | undefined {
  const told = /^"?sep=(.)"?\s*$/i.exec(row)?.[1];
  return told !== undefined && DELIMITERS.includes(told) ? told : undefined;
}

function rowEnd(text: string, start: number): number | undefined {
  let quoted = false;
  for (let at = start; at < text.length; at++) {
    const character = text[at];
    if (character === '"') quoted = !quoted;
    else if (!quoted && (character === '\n' || character === '\r')) return at;
  }
  return undefined;
}

function split(
  { row, delimiter }: { row: string; delimiter?: string },
  isKnown: (cells: string[]) => boolean,
): Pick<Head, 'delimiter' | 'cells'> {
  const all = (delimiter === undefined ? DELIMITERS : [delimiter]).map((each) => ({
    delimiter: each,
    cells: cellsOf(row, each),
  }));
  const known = all.filter(({ cells }) => isKnown(cells));
  return (known.length > 0 ? known : all).reduce((best, each) => (each.cells.length > best.cells.length ? each : best));
}

function cellsOf(row: string, delimiter: string): string[] {
  try {
    const rows = parse(row, { delimiter, trim: true, relax_quotes: true, record_delimiter: ['\r\n', '\n', '\r'] });
    return (rows[0] ?? []).map((cell) => cell.trim());
  } catch {
    // What is wrong with its quotes is told when its rows are read.
    return row.split(delimiter).map((cell) => cell.replaceAll('"', '').trim());
  }
}
