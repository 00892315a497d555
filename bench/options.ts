import { parseArgs } from 'node:util';
import type { Figure } from './figure';

/** What a run was asked for. */
export interface BenchOptions {
  figures: string[];
  short: boolean;
  json?: string;
}

/** Something the user wrote is wrong: one line tells what. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** What can be measured, by name. */
type FigureList = Readonly<Record<string, Pick<Figure, 'about' | 'longOnly'>>>;

/** The text of `--help`. */
export function usage(figures: FigureList): string {
  const width = Math.max(...Object.keys(figures).map((name) => name.length));
  return [
    'npm run bench -- [--short] [--only NAME,NAME] [--json FILE]',
    '  --short  small numbers, for CI: fails when a count is not what it must be, never for a time',
    '  --only   these figures; default all, in short those with a *',
    '  --json   also writes all figures to this file',
    'Exit code 1 if a count (events, calls, lost, stale) misses its goal or a figure could not be measured.',
    '',
    ...Object.entries(figures).map(
      ([name, { about, longOnly }]) => `  ${name.padEnd(width)}  ${longOnly ? ' ' : '*'} ${about}`,
    ),
  ].join('\n');
}

/** Undefined when only help was asked for. @throws UsageError */
export function readOptions(args: string[], list: FigureList): BenchOptions | undefined {
  const { values, positionals } = parse(args);
  const figures = Object.keys(list);
  if (values.help) return undefined;
  // `--only rate,burst` and `--only rate --only burst` and `--only rate burst` all say the same.
  const named = [...(values.only ?? []), ...positionals].flatMap((text) => text.split(',')).map((name) => name.trim());
  if (positionals.length > 0 && !values.only)
    throw new UsageError(`${positionals[0]} is no flag. Did you mean --only ${positionals[0]}?`);
  const unknown = named.filter((name) => !figures.includes(name));
  if (unknown.length > 0)
    throw new UsageError(`There is no figure ${unknown.join(', ')}. There are: ${figures.join(', ')}`);
  if (values.json === '') throw new UsageError('--json needs the path of a file');
  const { short = false } = values;
  const wanted = (name: string) => (named.length > 0 ? named.includes(name) : !short || !list[name]?.longOnly);
  return {
    figures: figures.filter(wanted),
    short,
    json: values.json,
  };
}

function parse(args: string[]) {
  try {
    return parseArgs({
      args,
      allowPositionals: true,
      options: {
        only: { type: 'string', multiple: true },
        short: { type: 'boolean' },
        json: { type: 'string' },
        help: { type: 'boolean' },
      },
    });
  } catch (error) {
    throw new UsageError(`${(error as Error).message} Try --help.`);
  }
}
