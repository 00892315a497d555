import { pipeline } from 'node:stream/promises';
import { parse, type CsvErrorCode } from 'csv-parse';
import type { Lines } from './lines';
import type { Place } from './place';

/** A longer row is none: a quote was never closed. */
export const MAX_ROW_BYTES = 1_000_000;

/** Gets what a file has. */
export interface RowSink {
  /** A row, also an empty one. */
  row(row: Row): void;
  /** Quotes that are wrong: where rows and cells begin is not certain from there on. */
  fault(place: Place, message: string): void;
}

/** A row of a file; the header, too. */
export class Row {
  constructor(
    /** Not trimmed. */
    readonly cells: string[],
    /** On which it begins. */
    readonly line: number,
    private readonly raw: string,
    private readonly delimiter: string,
  ) {}

  /** The place of a cell; of the row's end if there is no such cell. */
  at(cell: number): Place {
    return placeIn(this.raw, cell, this.delimiter, this.line);
  }

  /** As it stands in the file. */
  get text(): string {
    return this.raw;
  }
}

/** What csv-parse says of an error, of which its types say too little. */
interface CsvFault {
  code: CsvErrorCode;
  /** The cell, from 0. */
  index: number;
  /** The end of the cell before it. */
  bytes: number;
}

const MEND = 'Put the whole cell in quotes and double the quotes inside it.';
const MESSAGES: Partial<Record<CsvErrorCode, string>> = {
  CSV_QUOTE_NOT_CLOSED: `a quote is opened and never closed. ${MEND}`,
  CSV_MAX_RECORD_SIZE: `the row has more than ${MAX_ROW_BYTES} bytes. Look for a quote in it that is opened and not closed.`,
};
/** After these csv-parse cannot go on. */
const LAST: CsvErrorCode[] = ['CSV_MAX_RECORD_SIZE', 'CSV_NON_TRIMABLE_CHAR_AFTER_CLOSING_QUOTE'];

class Stop extends Error {}

/** Reads CSV from UTF-8 in pieces; `lines` knows all of it that was yielded. */
export async function readRows(
  pieces: AsyncIterable<Buffer>,
  delimiter: string,
  lines: Lines,
  sink: RowSink,
): Promise<void> {
  let faultLine = 0;
  let lastEnd = 0;
  const parser = parse({
    ...{ delimiter, trim: true, raw: true, relax_column_count: true, record_delimiter: ['\r\n', '\n', '\r'] },
    ...{ max_record_size: MAX_ROW_BYTES, skip_records_with_error: true },
    on_record: (parsed: unknown, { bytes }) => {
      // With `raw` csv-parse hands over both; its types do not say so.
      const { record, raw } = parsed as { record: string[]; raw: string };
      // Of a no-break space at which a cell begins, `raw` has one byte that is no character: as text it is longer than in the file.
      const start = Math.max(lastEnd, bytes - Buffer.byteLength(raw));
      lastEnd = bytes;
      sink.row(new Row(record, lines.lineAt(start), raw, delimiter));
      return null;
    },
    on_skip: (error, raw = '') => {
      const { code, index, bytes } = error as unknown as CsvFault;
      const place = placeIn(raw, index, delimiter, 0);
      const line = lines.lineAt(index > 0 ? bytes + 1 : bytes);
      // A row of which one fault is told needs no second one.
      if (line !== faultLine)
        sink.fault({ line, column: place.column }, MESSAGES[code] ?? `a quote stands in the middle of a cell. ${MEND}`);
      faultLine = line;
      if (LAST.includes(code)) throw new Stop();
      return undefined;
    },
  });
  try {
    await pipeline(pieces, parser, async (rows) => {
      for await (const _ of rows);
    });
  } catch (error) {
    if (!(error instanceof Stop)) throw error;
  }
}

/** The place of the nth cell of a row that begins on `line`, in the row's text. */
function placeIn(raw: string, cell: number, delimiter: string, line: number): Place {
  const place = { line, column: 1 };
  let quoted = false;
  for (let at = 0, left = cell; at < raw.length && left > 0;) {
    const character = String.fromCodePoint(raw.codePointAt(at) as number);
    const isLineEnd = character === '\n' || (character === '\r' && raw[at + 1] !== '\n');
    if (!quoted && (isLineEnd || character === '\r')) break;
    if (character === '"') quoted = !quoted;
    if (!quoted && character === delimiter) left--;
    if (isLineEnd) {
      place.line++;
      place.column = 1;
    } else place.column++;
    at += character.length;
  }
  return place;
}
