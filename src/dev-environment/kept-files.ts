import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { ConfigurationError } from '../report/configuration-error';

/** Where the parts keep what the next `dev` goes on with; absent: in memory. */
export interface KeptFiles {
  /** The SQLite file of the Temporal server. */
  temporal?: string;
  /** The state file of the emulator. */
  emulator?: string;
}

/** The files in a folder, which is made. @throws ConfigurationError where it cannot be */
export async function keptIn(folder: string | undefined): Promise<KeptFiles> {
  if (folder === undefined) return {};
  if (folder === '') throw new ConfigurationError('--keep is empty, but it must name a folder');
  try {
    await mkdir(folder, { recursive: true });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const why =
      code === 'EEXIST' || code === 'ENOTDIR' ? 'is a file, or below one' : `cannot be made (${code ?? message})`;
    throw new ConfigurationError(`--keep ${folder} ${why}: name a folder that you may write to`);
  }
  const path = resolve(folder);
  return { temporal: join(path, 'temporal.sqlite'), emulator: join(path, 'migration-hub.jsonl') };
}
