import { Option, type Command } from 'commander';
import { colorsFor, type Colors, type ColorWhen } from './color';
import { plain, plainLines, tableOf, widthOf } from './table';

/** How data is written on stdout. */
export type OutputFormat = 'table' | 'json' | 'jsonl';
/** How times are written in tables; JSON has epoch seconds as they are in the API. */
export type TimeFormat = 'relative' | 'iso';

/** The flags of every command that writes data. */
export interface OutputFlags {
  /** `--output`. */
  output: OutputFormat;
  /** `--time-format`. */
  timeFormat: TimeFormat;
  /** `--color` */
  color?: ColorWhen;
}

/** Adds `--output`, spelled as the `temporal` command has it. */
export const addFormatOption = (command: Command): Command =>
  command.addOption(
    new Option('-o, --output <format>', 'format of stdout').choices(['table', 'json', 'jsonl']).default('table'),
  );

const WHEN: ColorWhen[] = ['auto', 'always', 'never'];

/** Adds it, `--time-format` and `--color`. */
export const addOutputOptions = (command: Command): Command =>
  addFormatOption(command)
    .addOption(new Option('--time-format <format>', 'times in tables').choices(['relative', 'iso']).default('relative'))
    .addOption(
      new Option('--color <when>', 'auto: on a terminal, unless NO_COLOR is set').choices(WHEN).default('auto'),
    );

/** A column of a table: its title, its cell for a row, and the colour of that. */
export type Column<T> = [
  title: string,
  cell: (row: T) => string | undefined,
  paint?: (text: string, row: T, colors: Colors) => string,
];

/** Writes rows as they were asked for: as a table, one JSON list, or one JSON object per line. */
export function writeRows<T>(rows: T[], columns: Column<T>[], flags: OutputFlags): void {
  if (flags.output === 'json') write(jsonOf(rows, 2));
  else if (flags.output === 'jsonl') for (const row of rows) write(jsonOf(row));
  else write(rowsAsTable(rows, columns, colorsFor(flags.color)));
}

function rowsAsTable<T>(rows: T[], columns: Column<T>[], colors: Colors): string {
  const titles = columns.map(([title]) => title);
  const cells = rows.map((row) => columns.map(([, cell]) => cell(row) ?? ''));
  return tableOf(titles, cells, (text, row, column) => {
    const paint = columns[column]?.[2];
    if (row < 0) return colors.bold(text);
    return paint ? paint(text, rows[row] as T, colors) : text;
  });
}

/** Writes one thing: as lines of name and value, or as JSON. */
export function writeOne<T>(row: T, lines: [name: string, value: string | undefined][], flags: OutputFlags): void {
  if (flags.output === 'json') return write(jsonOf(row, 2));
  if (flags.output === 'jsonl') return write(jsonOf(row));
  const { bold } = colorsFor(flags.color);
  const shown = lines.filter((line): line is [string, string] => line[1] !== undefined);
  const width = Math.max(...shown.map(([name]) => widthOf(name)));
  write(shown.map(([name, value]) => `${bold(name)}${' '.repeat(width - widthOf(name))}  ${plain(value)}`).join('\n'));
}

/** What JSON leaves as it is, and a terminal may take for a command. */
const UNESCAPED = /[\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

/** As JSON that is safe to show. */
export const jsonOf = (value: unknown, indent?: number): string =>
  JSON.stringify(value, null, indent).replace(
    UNESCAPED,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );

/** Data, on stdout. */
export const write = (text: string): void => void process.stdout.write(`${text}\n`);

/** Progress and notes, on stderr: whoever reads the data does not get them. What somebody reported may be in them. */
export const note = (text: string): void => void process.stderr.write(`${plainLines(text)}\n`);
