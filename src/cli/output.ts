import { Option, type Command } from 'commander';
import { tableOf } from './table';

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
}

/** Adds `--output`, spelled as the `temporal` command has it. */
export const addFormatOption = (command: Command): Command =>
  command.addOption(
    new Option('-o, --output <format>', 'of the data on stdout').choices(['table', 'json', 'jsonl']).default('table'),
  );

/** Adds it, and `--time-format`. */
export const addOutputOptions = (command: Command): Command =>
  addFormatOption(command).addOption(
    new Option('--time-format <format>', 'of times in tables').choices(['relative', 'iso']).default('relative'),
  );

/** A column of a table: its title, and its cell for a row. */
export type Column<T> = [title: string, cell: (row: T) => string | undefined];

/** Writes rows as they were asked for: as a table, one JSON list, or one JSON object per line. */
export function writeRows<T>(rows: T[], columns: Column<T>[], { output }: OutputFlags): void {
  if (output === 'json') write(JSON.stringify(rows, null, 2));
  else if (output === 'jsonl') for (const row of rows) write(JSON.stringify(row));
  else
    write(
      tableOf(
        columns.map(([title]) => title),
        rows.map((row) => columns.map(([, cell]) => cell(row) ?? '')),
      ),
    );
}

/** Writes one thing: as lines of name and value, or as JSON. */
export function writeOne<T>(row: T, lines: [name: string, value: string | undefined][], { output }: OutputFlags): void {
  if (output === 'json') write(JSON.stringify(row, null, 2));
  else if (output === 'jsonl') write(JSON.stringify(row));
  else {
    const shown = lines.filter((line): line is [string, string] => line[1] !== undefined);
    const width = Math.max(...shown.map(([name]) => name.length));
    write(shown.map(([name, value]) => `${name.padEnd(width)}  ${value}`).join('\n'));
  }
}

/** Data, on stdout. */
export const write = (text: string): void => void process.stdout.write(`${text}\n`);

/** Progress and notes, on stderr: whoever reads the data does not get them. */
export const note = (text: string): void => void process.stderr.write(`${text}\n`);
