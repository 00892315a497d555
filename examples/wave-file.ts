import { isUtf8 } from 'node:buffer';
import { parse } from 'csv-parse/sync';
import { foreignFormat } from './wave-file-formats';

/** One server of a wave file: what a migration and its task in Migration Hub need. */
export interface WaveServer {
  /** The name of its migration task. */
  name: string;
  wave: string;
  application: string;
  fqdn?: string;
  /** Where it stands in the file, 1-based. */
  line: number;
}

/** A wave file that cannot be used, with the place to mend. Nothing has been started when it is thrown. */
export class WaveFileError extends Error {
  override readonly name = 'WaveFileError';

  constructor(
    readonly file: string,
    readonly line: number,
    /** In characters, 1-based. */
    readonly column: number,
    what: string,
    mend: string,
  ) {
    super(`${file}:${line}:${column}: ${what}. ${mend}`);
  }
}

const WAVE = 'mgn:wave:name';
const APPLICATION = 'mgn:app:name';
const FQDN = 'mgn:server:fqdn-for-action-framework';
/** Where the task name comes from: the first of these that a row fills in. */
const NAMES = ['mgn:server:user-provided-id', 'mgn:server:tag:Name', FQDN] as const;
const NO_WAVE = '(no wave)';
const NO_APPLICATION = '(no application)';
const MAX_NAME = 256;

const KNOWN = [
  ...['mgn:account-id', 'mgn:region', WAVE, 'mgn:wave:id', 'mgn:wave:description'],
  ...[APPLICATION, 'mgn:app:id', 'mgn:app:description', NAMES[0], FQDN, 'mgn:server:id', 'mgn:server:platform'],
  ...['mgn:server:lifecycle-state', 'mgn:server:replication-type', 'mgn:server:replication-state'],
];
/** Columns whose last part is free: tags of any key, and the many launch settings. */
const OPEN_ENDED = /^mgn:(?:(?:wave|app|server):tag|launch):./;

/** Checks an AWS Application Migration Service import file; `file` is only for messages. @throws WaveFileError with line and column. */
export function parseWaveFile(bytes: Buffer, file: string): WaveServer[] {
  const body = bytes.subarray(bytes.indexOf('\uFEFF') === 0 ? 3 : 0);
  checkEncoding(body, file);
  const [header, ...rows] = splitRows(body, file);
  if (header === undefined) {
    throw new WaveFileError(file, 1, 1, 'the file is empty', `Put a header line with ${WAVE} and ${NAMES[0]} first.`);
  }
  const columns = readHeader(header, file);
  const seen = new Map<string, number>();
  const servers = rows.map((row) => readServer(row, columns, seen, file));
  if (servers.length === 0) {
    const end = place(body, body.length);
    throw new WaveFileError(file, end.line, end.column, 'no servers', 'Add a row for each server below the header.');
  }
  return servers;
}

interface Row {
  cells: string[];
  /** The place of a cell; of the row's end if there is no such cell. */
  at(cell: number): { line: number; column: number };
}

function fail(file: string, row: Row, cell: number, what: string, mend: string): WaveFileError {
  const { line, column } = row.at(cell);
  return new WaveFileError(file, line, column, what, mend);
}

/** The column of each known header. */
function readHeader(header: Row, file: string): Map<string, number> {
  const { cells } = header;
  if (!cells.some((cell) => /^mgn:/i.test(cell))) {
    const format = foreignFormat(cells);
    if (format !== undefined) {
      const mend = 'Use an AWS Application Migration Service import file (columns mgn:…).';
      throw fail(file, header, 0, `this is a ${format} file, not supported yet`, mend);
    }
    if (cells.length === 1 && /[;\t]/.test(cells[0] ?? '')) {
      const mend = 'Save it as comma-separated CSV.';
      throw fail(file, header, 0, 'the columns are separated by semicolons or tabs, not by commas', mend);
    }
  }
  const columns = new Map<string, number>();
  cells.forEach((cell, index) => {
    if (cell === '') return;
    const known = KNOWN.find((name) => name === cell.toLowerCase()) ?? (OPEN_ENDED.test(cell) ? cell : undefined);
    if (known === undefined) {
      const mend = `A wave file has AWS Application Migration Service columns: ${WAVE}, ${APPLICATION}, ${NAMES[0]}, ….`;
      throw fail(file, header, index, `unknown column ${quote(cell)}`, mend);
    }
    if (columns.has(known))
      throw fail(file, header, index, `column ${quote(cell)} is there twice`, 'Remove one of them.');
    columns.set(known, index);
  });
  if (!columns.has(WAVE)) throw fail(file, header, cells.length, `column ${WAVE} is missing`, 'Add it.');
  if (!NAMES.some((name) => columns.has(name))) {
    throw fail(file, header, cells.length, 'no column names the server', `Add one of ${NAMES.join(', ')}.`);
  }
  return columns;
}

function readServer(row: Row, columns: Map<string, number>, seen: Map<string, number>, file: string): WaveServer {
  const named = new Set(columns.values());
  const stray = row.cells.findIndex((cell, index) => cell !== '' && !named.has(index));
  if (stray !== -1) {
    throw fail(
      file,
      row,
      stray,
      `${quote(row.cells[stray] ?? '')} stands in a column without a name`,
      'Look for a comma too many, or quote the cell.',
    );
  }
  const cell = (column: string) => row.cells[columns.get(column) ?? Infinity] ?? '';
  const source = NAMES.find((column) => cell(column) !== '') ?? NAMES.find((column) => columns.has(column)) ?? NAMES[0];
  const name = cell(source);
  const refuse = (what: string, mend: string) => fail(file, row, columns.get(source) ?? 0, what, mend);
  if (name === '') throw refuse('the task name is empty', `Fill in ${source}.`);
  const bad = /[:|\r\n]/.exec(name)?.[0];
  if (bad !== undefined) {
    throw refuse(
      `the task name ${quote(name)} has ${JSON.stringify(bad)} in it`,
      'Migration Hub allows neither ":" nor "|"; a name is one line.',
    );
  }
  const length = [...name].length;
  if (length > MAX_NAME) {
    throw refuse(`the task name ${quote(name)} has ${length} characters`, `Migration Hub takes ${MAX_NAME}.`);
  }
  const { line } = row.at(columns.get(source) ?? 0);
  const first = seen.get(name);
  if (first !== undefined) {
    throw refuse(
      `the task name ${quote(name)} is already on line ${first}, here again on line ${line}`,
      'Two servers cannot share a task: rename one.',
    );
  }
  seen.set(name, line);
  const fqdn = cell(FQDN);
  return {
    name,
    wave: cell(WAVE) || NO_WAVE,
    application: cell(APPLICATION) || NO_APPLICATION,
    ...(fqdn !== '' && { fqdn }),
    line,
  };
}

/** Rows with something in them. */
function splitRows(body: Buffer, file: string): Row[] {
  const rows: Row[] = [];
  let start = 0;
  const rowAt = (cells: string[], begin: number): Row => ({
    cells,
    at: (cell) => place(body, cellStart(body, begin, cell)),
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
    throw fail(
      file,
      rowAt([], start),
      index ?? 0,
      what,
      'Put the whole cell in quotes and double the quotes inside it.',
    );
  }
  return rows;
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

function place(body: Buffer, offset: number): { line: number; column: number } {
  const lines = body
    .subarray(0, offset)
    .toString('utf8')
    .split(/\r\n|\n|\r/);
  return { line: lines.length, column: [...(lines.at(-1) ?? '')].length + 1 };
}

function checkEncoding(body: Buffer, file: string): void {
  if (isUtf8(body)) return;
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  let offset = 0; // of the first byte that is not yet part of a whole character
  try {
    for (let at = 0; at < body.length; at++) {
      if (decoder.decode(body.subarray(at, at + 1), { stream: true }) !== '') offset = at + 1;
    }
  } catch {
    // `offset` is where it went wrong
  }
  const { line, column } = place(body, offset);
  const byte = (body[offset] ?? 0).toString(16).toUpperCase().padStart(2, '0');
  throw new WaveFileError(file, line, column, `byte 0x${byte} is not UTF-8`, 'Save the file as "CSV UTF-8".');
}

function quote(text: string): string {
  const characters = [...text];
  return JSON.stringify(characters.length > 60 ? `${characters.slice(0, 60).join('')}…` : text);
}
