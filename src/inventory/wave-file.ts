import { MAX_LABELS_LENGTH, MAX_TASK_NAME_LENGTH } from '../report';
import { readCsv, type CsvProblem, type CsvRow } from './csv-rows';
import { foreignFormat } from './wave-file-formats';

/** One server of a wave file: what a migration and its task in Migration Hub need. */
export interface WaveServer {
  /** The name of its migration task. */
  name: string;
  /** `(no wave)` where the file has none. */
  wave: string;
  /** `(no application)` where the file has none. */
  application: string;
  /** Its fully qualified domain name. */
  fqdn?: string;
  /** Where it stands in the file, 1-based. */
  line: number;
}

/** A wave file that cannot be used, with each place to mend. Nothing has been started when it is thrown. */
export class WaveFileError extends Error {
  override readonly name = 'WaveFileError';

  constructor(
    /** The name of the file. */
    readonly file: string,
    /** In the order of the file; at least one. */
    readonly problems: CsvProblem[],
  ) {
    super(problems.map(({ line, column, message }) => `${file}:${line}:${column}: ${message}`).join('\n'));
  }
}

const WAVE = 'mgn:wave:name';
const APPLICATION = 'mgn:app:name';
const FQDN = 'mgn:server:fqdn-for-action-framework';
/** Where the task name comes from: the first of these that a row fills in. */
const NAMES = ['mgn:server:user-provided-id', 'mgn:server:tag:Name', FQDN] as const;
const NO_WAVE = '(no wave)';
const NO_APPLICATION = '(no application)';

const KNOWN = [
  ...['mgn:account-id', 'mgn:region', WAVE, 'mgn:wave:id', 'mgn:wave:description'],
  ...[APPLICATION, 'mgn:app:id', 'mgn:app:description', NAMES[0], FQDN, 'mgn:server:id', 'mgn:server:platform'],
  ...['mgn:server:lifecycle-state', 'mgn:server:replication-type', 'mgn:server:replication-state'],
];
/** Columns whose last part is free: tags of any key, and the many launch settings. */
const OPEN_ENDED = /^mgn:(?:(?:wave|app|server):tag|launch):./;

/**
 * Reads an import file of AWS Application Migration Service; `file` is only for messages.
 * @throws WaveFileError with all that is wrong, each with line and column
 */
export function parseWaveFile(bytes: Buffer, file: string): WaveServer[] {
  const problems: CsvProblem[] = [];
  const csv = readCsv(bytes);
  const [header, ...rows] = csv.rows;
  if (header) {
    const foreign = foreignProblem(header);
    if (foreign) throw new WaveFileError(file, [foreign]);
  }
  if (csv.problem) problems.push(csv.problem);
  const servers = header ? new Reader(header, problems).read(rows) : [];
  if (problems.length === 0 && servers.length === 0)
    problems.push(
      header
        ? { ...csv.end, message: 'no servers. Add a row for each server below the header.' }
        : { line: 1, column: 1, message: `the file is empty. Put a header line with ${WAVE} and ${NAMES[0]} first.` },
    );
  if (problems.length === 0) return servers;
  throw new WaveFileError(
    file,
    problems.sort((a, b) => a.line - b.line || a.column - b.column),
  );
}

/** A file of another tool, or with other separators: that says more than each of its columns. */
function foreignProblem(header: CsvRow): CsvProblem | undefined {
  const { cells } = header;
  if (cells.some((cell) => /^mgn:/i.test(cell))) return undefined;
  const format = foreignFormat(cells);
  if (format !== undefined)
    return {
      ...header.at(0),
      message: `this is a ${format} file, not supported yet. Use an AWS Application Migration Service import file (columns mgn:…).`,
    };
  if (cells.length > 1 || !/[;\t]/.test(cells[0] ?? '')) return undefined;
  return {
    ...header.at(0),
    message: 'the columns are separated by semicolons or tabs, not by commas. Save it as comma-separated CSV.',
  };
}

/** Reads the servers, and collects what is wrong. */
class Reader {
  /** The index of each known column. */
  private readonly columns = new Map<string, number>();
  /** Those whose header is not known. */
  private readonly unknown = new Set<number>();
  /** The line of each task name. */
  private readonly seen = new Map<string, number>();

  constructor(
    private readonly header: CsvRow,
    private readonly problems: CsvProblem[],
  ) {}

  read(rows: CsvRow[]): WaveServer[] {
    this.readHeader();
    // Without a column of names there would be one more problem with each row.
    if (!NAMES.some((name) => this.columns.has(name))) return [];
    return rows.map((row) => this.readServer(row));
  }

  private fail(row: CsvRow, cell: number, what: string, mend: string): void {
    this.problems.push({ ...row.at(cell), message: `${what}. ${mend}` });
  }

  private readHeader(): void {
    const { header, columns } = this;
    header.cells.forEach((cell, index) => {
      if (cell === '') return;
      const known = KNOWN.find((name) => name === cell.toLowerCase()) ?? (OPEN_ENDED.test(cell) ? cell : undefined);
      if (known === undefined) {
        this.unknown.add(index);
        const mend = `A wave file has AWS Application Migration Service columns: ${WAVE}, ${APPLICATION}, ${NAMES[0]}, ….`;
        this.fail(header, index, `unknown column ${quote(cell)}`, mend);
      } else if (columns.has(known)) {
        this.unknown.add(index);
        this.fail(header, index, `column ${quote(cell)} is there twice`, 'Remove one of them.');
      } else columns.set(known, index);
    });
    const end = header.cells.length;
    if (!columns.has(WAVE)) this.fail(header, end, `column ${WAVE} is missing`, 'Add it.');
    if (!NAMES.some((name) => columns.has(name)))
      this.fail(header, end, 'no column names the server', `Add one of ${NAMES.join(', ')}.`);
  }

  private readServer(row: CsvRow): WaveServer {
    const named = new Set([...this.columns.values(), ...this.unknown]);
    const stray = row.cells.findIndex((cell, index) => cell !== '' && !named.has(index));
    if (stray !== -1)
      this.fail(
        row,
        stray,
        `${quote(row.cells[stray] ?? '')} stands in a column without a name`,
        'Look for a comma too many, or quote the cell.',
      );
    const cell = (column: string) => row.cells[this.columns.get(column) ?? Infinity] ?? '';
    const wave = cell(WAVE) || NO_WAVE;
    const application = cell(APPLICATION) || NO_APPLICATION;
    if (JSON.stringify({ wave, application }).length > MAX_LABELS_LENGTH)
      this.fail(
        row,
        this.columns.get(wave.length > application.length ? WAVE : APPLICATION) ?? 0,
        'the names of wave and application are too long for labels',
        `As JSON they may have ${MAX_LABELS_LENGTH} characters together.`,
      );
    const fqdn = cell(FQDN);
    return { name: this.nameOf(row, cell), wave, application, ...(fqdn !== '' && { fqdn }), line: row.at(0).line };
  }

  private nameOf(row: CsvRow, cell: (column: string) => string): string {
    const has = (column: string) => this.columns.has(column);
    const source = NAMES.find((column) => cell(column) !== '') ?? NAMES.find(has) ?? NAMES[0];
    const index = this.columns.get(source) ?? 0;
    const name = cell(source);
    const { line } = row.at(index);
    const first = this.seen.get(name);
    const bad = /[:|\r\n]/.exec(name)?.[0];
    const length = [...name].length;
    const refuse = (what: string, mend: string) => this.fail(row, index, what, mend);
    if (name === '') refuse('the task name is empty', `Fill in ${source}.`);
    else if (bad !== undefined)
      refuse(
        `the task name ${quote(name)} has ${JSON.stringify(bad)} in it`,
        'Migration Hub allows neither ":" nor "|"; a name is one line.',
      );
    else if (length > MAX_TASK_NAME_LENGTH)
      refuse(`the task name ${quote(name)} has ${length} characters`, `Migration Hub takes ${MAX_TASK_NAME_LENGTH}.`);
    else if (first !== undefined)
      refuse(
        `the task name ${quote(name)} is already on line ${first}, here again on line ${line}`,
        'Two servers cannot share a task: rename one.',
      );
    else this.seen.set(name, line);
    return name;
  }
}

function quote(text: string): string {
  const characters = [...text];
  return JSON.stringify(characters.length > 60 ? `${characters.slice(0, 60).join('')}…` : text);
}
