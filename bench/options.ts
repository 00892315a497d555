import { parseArgs } from 'node:util';

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

/** The text of `--help`. */
export function usage(figures: Record<string, { about: string }>): string {
  const width = Math.max(...Object.keys(figures).map((name) => name.length));
  return [
    'npm run bench -- [--short] [--only NAME,NAME] [--json FILE]',
    '  --short  small numbers, for CI: fails when a count is not what it must be, never for a time',
    '  --only   these figures; default all',
    '  --json   also writes all figures to this file',
    'Exit code 1 if a count (events, calls, lost, stale) misses its goal or a figure could not be measured.',
    '',
    ...Object.entries(figures).map(([name, { about }]) => `  ${name.padEnd(width)}  ${about}`),
  ].join('\n');
}

/** Undefined when only help was asked for. @throws UsageError */
export function readOptions(args: string[], figures: string[]): BenchOptions | undefined {
  const { values, positionals } = parse(args);
  if (values.help) return undefined;
  // `--only rate,burst` and `--only rate --only burst` and `--only rate burst` all say the same.
  const named = [...(values.only ?? []), ...positionals].flatMap((text) => text.split(',')).map((name) => name.trim());
  if (positionals.length > 0 && !values.only)
    throw new UsageError(`${positionals[0]} is no flag. Did you mean --only ${positionals[0]}?`);
  const unknown = named.filter((name) => !figures.includes(name));
  if (unknown.length > 0)
    throw new UsageError(`There is no figure ${unknown.join(', ')}. There are: ${figures.join(', ')}`);
  if (values.json === '') throw new UsageError('--json needs the path of a file');
  return {
    figures: named.length > 0 ? figures.filter((name) => named.includes(name)) : figures,
    short: values.short ?? false,
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
