import { randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Log } from './log';

/** How a lock is waited for and held. */
export interface LockOptions {
  /** How often a holder shows that it lives, in ms. @default 2000 */
  beatMs?: number;
  /** After what silence it is taken for dead, in ms. @default 30000 */
  staleMs?: number;
  /** How often whoever waits looks, in ms. @default 250 */
  pollMs?: number;
  /** Ends the waiting. */
  signal?: AbortSignal;
}

/**
 * Runs `work` while holding a lock file, so that one process builds and the others wait.
 *
 * The holder touches the file as long as it lives; a file left untouched was left by a dead process and is cleared.
 * Two processes that clear it at the same moment may both build: results are renamed into place, so that does no harm.
 * @throws the signal's reason, when it is aborted while another process holds the lock
 */
export async function withLock<T>(
  file: string,
  log: Log,
  work: () => Promise<T>,
  { beatMs = 2000, staleMs = 30_000, pollMs = 250, signal }: LockOptions = {},
): Promise<T> {
  const token = randomUUID();
  await mkdir(dirname(file), { recursive: true });
  for (let waited = false; !(await acquire(file, token)); waited = true) {
    if (await isStale(file, staleMs)) {
      log(`clearing ${file}, left by a process that ended`);
      await rename(file, `${file}.${token}`).catch(() => undefined);
      await rm(`${file}.${token}`, { force: true });
      continue;
    }
    if (!waited) log(`waiting for another process that is preparing the same server (${file})`);
    await delay(pollMs, undefined, { signal });
  }
  const beat = setInterval(() => {
    const now = new Date();
    utimes(file, now, now).catch(() => undefined);
  }, beatMs);
  try {
    return await work();
  } finally {
    clearInterval(beat);
    const holder = await readFile(file, 'utf8').catch(() => undefined);
    if (holder === token) await rm(file, { force: true });
  }
}

async function acquire(file: string, token: string): Promise<boolean> {
  try {
    await writeFile(file, token, { flag: 'wx' });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

async function isStale(file: string, staleMs: number): Promise<boolean> {
  const info = await stat(file).catch(() => undefined);
  return info !== undefined && Date.now() - info.mtimeMs > staleMs;
}
