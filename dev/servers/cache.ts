import { randomUUID } from 'node:crypto';
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { cacheDir } from '../../src/temporal-cli/cache';

/** Runs `work` in a fresh directory inside the cache (so that results can be renamed into place) and removes it. */
export async function inTempDir<T>(work: (dir: string) => Promise<T>): Promise<T> {
  await mkdir(cacheDir(), { recursive: true });
  const dir = await mkdtemp(join(cacheDir(), 'tmp-'));
  try {
    return await work(dir);
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

/** Moves a finished file or directory to its name in the cache; whatever held that name is moved aside and removed. */
export async function putInPlace(finished: string, target: string): Promise<void> {
  await mkdir(dirname(target), { recursive: true });
  const aside = `${target}.old-${randomUUID()}`;
  await rename(target, aside).catch(() => undefined);
  await rename(finished, target);
  await rm(aside, { recursive: true, force: true });
}
