import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { inTempDir, putInPlace } from '../../dev/servers/cache';
import { cacheDir } from '../../src/temporal-cli/cache';
import { findOnPath } from '../../src/temporal-cli/executables';

/** A tool that a client needs and this machine lacks: the client is skipped. */
export class MissingTool extends Error {
  override readonly name = 'MissingTool';
}

/** The full path of a command. @throws MissingTool */
export async function requireTool(command: string): Promise<string> {
  const path = await findOnPath(command);
  if (path === undefined) throw new MissingTool(`${command} is not on PATH`);
  return path;
}

/**
 * A folder in the cache, outside the work tree, that `make` fills once for a given content of `sources`.
 * @param keep what makes it complete, relative to the folder: a folder without it is made anew
 */
export async function cached(
  name: string,
  sources: string[],
  keep: string,
  make: (folder: string) => Promise<void>,
): Promise<string> {
  const hash = createHash('sha256');
  for (const file of sources) hash.update(readFileSync(file));
  const folder = join(cacheDir(), 'conformance', `${name}-${hash.digest('hex').slice(0, 12)}`);
  const isThere = await access(join(folder, keep)).then(
    () => true,
    () => false,
  );
  if (isThere) return folder;
  await inTempDir(async (temporary) => {
    const made = join(temporary, 'made');
    await make(made);
    await putInPlace(made, folder);
  });
  return folder;
}
