import { accessSync, constants, createReadStream, realpathSync, statSync } from 'node:fs';
import type { InventoryFile } from '../../inventory';
import { cannotRead, CliError } from '../cli-error';

/** Stands for stdin on a command line. */
const STDIN = '-';
const STDIN_NAME = '<stdin>';

/** The files that a command line names; `-` is stdin. @throws CliError naming all that cannot be read, and one that is named twice */
export function openFiles(paths: string[]): InventoryFile[] {
  const named = new Map<string, string>();
  const unreadable: string[] = [];
  for (const path of paths) {
    try {
      const identity = identityOf(path);
      const before = named.get(identity);
      if (before !== undefined)
        throw new CliError(before === path ? `${path} is named twice` : `${path} and ${before} are the same file`);
      named.set(identity, path);
    } catch (error) {
      if (error instanceof CliError) throw error;
      unreadable.push(cannotRead(path, error).message);
    }
  }
  if (unreadable.length > 0) throw new CliError(unreadable.join('; '));
  return paths.map((path) =>
    path === STDIN ? { name: STDIN_NAME, open: () => process.stdin } : { name: path, open: () => bytesOf(path) },
  );
}

/** The same for two paths that lead to one file. Network drives of Windows have no inodes: there all files have the number 0. */
function identityOf(path: string): string {
  if (path === STDIN) return STDIN;
  accessSync(path, constants.R_OK);
  const file = statSync(path, { bigint: true });
  if (file.isDirectory()) throw Object.assign(new Error(), { code: 'EISDIR' });
  return file.ino === 0n ? realpathSync.native(path) : `${file.dev}:${file.ino}`;
}

/** A disk may fail, and a network drive go away, while the file is read. */
async function* bytesOf(path: string): AsyncGenerator<Uint8Array> {
  try {
    yield* createReadStream(path) as AsyncIterable<Buffer>;
  } catch (error) {
    throw cannotRead(path, error);
  }
}
