import { parseArgs } from 'node:util';
import { SCENARIOS } from './scenarios';

/** Most of them wait most of the time. */
const SIDE_BY_SIDE = 4;

export interface ChaosOptions {
  names: string[];
  short: boolean;
  seed: number;
  /** Scenarios at once. */
  parallel: number;
}

/** Something the user wrote is wrong: one line tells what. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

export function usage(): string {
  const width = Math.max(...Object.keys(SCENARIOS).map((name) => name.length));
  const list = Object.entries(SCENARIOS).map(
    ([name, { about, inShort }]) => `  ${name.padEnd(width)}  ${inShort ? '*' : ' '} ${about}`,
  );
  return [
    'npm run chaos -- [--only name,name] [--short] [--seed N] [--parallel N]',
    '  --only      these scenarios; default all, or with --short those with a *',
    '  --short     a small form of each, for CI',
    '  --seed      of all that happens at random; default 1',
    `  --parallel  scenarios at once; default ${SIDE_BY_SIDE}, and 1 says most about times`,
    'Exit code 1 if a figure is not what it must be.',
    '',
    ...list,
  ].join('\n');
}

/** Undefined when only help was asked for. @throws UsageError */
export function readOptions(args: string[]): ChaosOptions | undefined {
  const flags = parseFlags(args);
  if (flags.help) return undefined;
  const { short = false } = flags;
  const all = Object.keys(SCENARIOS);
  const named = flags.only?.split(',').map((name) => name.trim());
  const unknown = (named ?? []).filter((name) => !all.includes(name));
  if (unknown.length > 0)
    throw new UsageError(`There is no scenario ${unknown.join(', ')}. There are: ${all.join(', ')}`);
  const names = named ? all.filter((name) => named.includes(name)) : all.filter((n) => !short || SCENARIOS[n]?.inShort);
  return {
    names,
    short,
    seed: wholeNumber('--seed', flags.seed, 0),
    parallel: wholeNumber('--parallel', flags.parallel, 1),
  };
}

function wholeNumber(flag: string, text: string, min: number): number {
  const value = Number(text);
  if (!/^\d{1,9}$/.test(text) || value < min)
    throw new UsageError(`${flag} is ${text}, but it must be an integer from ${min}`);
  return value;
}

function parseFlags(args: string[]) {
  try {
    return parseArgs({
      args,
      options: {
        only: { type: 'string' },
        short: { type: 'boolean' },
        seed: { type: 'string', default: '1' },
        parallel: { type: 'string', default: String(SIDE_BY_SIDE) },
        help: { type: 'boolean' },
      },
    }).values;
  } catch (error) {
    throw new UsageError(`${(error as Error).message} Try --help.`);
  }
}
