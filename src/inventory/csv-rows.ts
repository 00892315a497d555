import { isUtf8 } from 'node:buffer';
import { parse } from 'csv-parse/sync';

/** A place in a file. */
export interface Place {
  /** 1-based. */
  line: number;
  /** In characters, 1-based. */
  column: number;
}

/** What is wrong in a file, and the mend. */
export interface CsvProblem extends Place {
  /** For people. */
  message: string;
}

/** A row with something in it. */
export interface CsvRow {
  /** Trimmed. */
  cells: string[];
  /** The place of a cell; of the row's end if there is no such cell. */
  at(cell: number): Place;
}

/** What a file has. */
export interface Csv {
  /** Those before the problem, where there is one. */
  rows: CsvRow[];
  /** Where it could be read no further. */
  problem?: CsvProblem;
  /** Of the file. */
  end: Place;
}

/** Reads comma-separated values in UTF-8, with or without a byte order mark. */
export function readCsv(bytes: Buffer): Csv {
  const body = bytes.subarray(bytes.indexOf('\uFEFF') === 0 ? 3 : 0);
  const places = new Places(body);
  const end = places.of(body.length);
  if (!isUtf8(body)) return { rows: [], problem: notUtf8(body, places), end };
  const rows: CsvRow[] = [];
  let start = 0;
  const rowAt = (cells: string[], begin: number): CsvRow => ({
    cells,
    at: (cell) => places.of(cellStart(body, begin, cell)),
  });
  try {
    parse(body, {
      trim: true,
      relax_column_count: true,
      record_delimiter: ['\r\n', '\n', '\r'],
      info: true,
      on_record: (parsed: unknown) => {
        // With `info` csv-parse hands over both; its types do not say so.
        const { record, info } = parsed as { record: string[]; info: { bytes: number } };
        if (record.some((cell) => cell !== '')) rows.push(rowAt(record, start));
        start = info.bytes;
        return null;
      },
    });
  } catch (error) {
    const { code, index } = error as { code?: string; index?: number };
    if (code === undefined) throw error;
    const what =
      code === 'CSV_QUOTE_NOT_CLOSED' ? 'a quote is opened and never closed' : 'a quote stands in the middle of a cell';
    const mend = 'Put the whole cell in quotes and double the quotes inside it.';
    return { rows, problem: { ...rowAt([], start).at(index ?? 0), message: `${what}. ${mend}` }, end };
  }
  return { rows, end };
}

/** The offset of the nth cell of the row that begins at `offset`. */
function cellStart(body: Buffer, offset: number, cell: number): number {
  let quoted = false;
  for (let at = offset, left = cell; at < body.length; at++) {
    if (left === 0) return at;
    const byte = String.fromCharCode(body[at] ?? 0);
    if (byte === '"') quoted = !quoted;
    else if (!quoted && byte === ',') left--;
    else if (!quoted && (byte === '\n' || byte === '\r')) return at;
  }
  return body.length;
}

/** Finds lines and columns, without counting all lines anew for each. */
class Places {
  /** Where each line begins. */
  private readonly lines = [0];

  constructor(private readonly body: Buffer) {
    for (let at = 0; at < body.length; at++) {
      const isEnd = body[at] === 10 || (body[at] === 13 && body[at + 1] !== 10);
      if (isEnd) this.lines.push(at + 1);
    }
  }

  of(offset: number): Place {
    let low = 0;
    for (let high = this.lines.length; high - low > 1;) {
      const middle = (low + high) >> 1;
      if ((this.lines[middle] ?? 0) <= offset) low = middle;
      else high = middle;
    }
    const before = this.body.subarray(this.lines[low], offset).toString('utf8');
    return { line: low + 1, column: [...before].length + 1 };
  }
}

function notUtf8(body: Buffer, places: Places): CsvProblem {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  let offset = 0; // of the first byte that is not yet part of a whole character
  try {
    for (let at = 0; at < body.length; at++) {
      if (decoder.decode(body.subarray(at, at + 1), { stream: true }) !== '') offset = at + 1;
    }
  } catch {
    // `offset` is where it went wrong
  }
  const byte = (body[offset] ?? 0).toString(16).toUpperCase().padStart(2, '0');
  return { ...places.of(offset), message: `byte 0x${byte} is not UTF-8. Save the file as "CSV UTF-8".` };
}
