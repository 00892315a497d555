import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { parseWaveFile, type WaveServer } from '../src/inventory/wave-file';

export const USAGE = `npm run demo -- [--groups N] [--file wave.csv]
  --groups N   N heartbeat workflows share all tasks and send in batches (default 0: one workflow per task)
  --file CSV   servers to migrate, in the import format of AWS Application Migration Service`;

export interface DemoOptions {
  groups: number;
  servers: WaveServer[];
}

/** Something the user wrote is wrong: one line tells what. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** Reads flags and wave file; undefined when only help was asked for. @throws UsageError, WaveFileError */
export function readOptions(args: string[]): DemoOptions | undefined {
  const flags = parseFlags(args);
  if (flags.help) return undefined;
  const groups = Number(flags.groups);
  if (!/^\d{1,5}$/.test(flags.groups) || groups > 10_000)
    throw new UsageError(`--groups is ${flags.groups}, but it must be an integer from 0 to 10000`);
  const file = flags.file ?? join(__dirname, 'waves', 'datacenter-exit.csv');
  return { groups, servers: parseWaveFile(readBytes(file), file) };
}

function parseFlags(args: string[]) {
  try {
    return parseArgs({
      args,
      options: { groups: { type: 'string', default: '0' }, file: { type: 'string' }, help: { type: 'boolean' } },
    }).values;
  } catch (error) {
    throw new UsageError(`${(error as Error).message} Try --help.`);
  }
}

function readBytes(file: string): Buffer {
  try {
    // npm runs scripts in the package folder; INIT_CWD is where the user stands.
    return readFileSync(resolve(process.env['INIT_CWD'] ?? '.', file));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new UsageError(`${file} cannot be read: ${code === 'ENOENT' ? 'no such file' : (error as Error).message}`);
  }
}
