import { join } from 'node:path';
import { cacheDir } from './cache';
import { withLock } from './lock';
import { reasonOf, type Log } from './log';

/** One way to come by a server. */
export interface Route {
  /** What a person does to open this way, as an instruction. */
  provide: string;
  /** The executable, if this way has led to it before; quick and without network. */
  find?: () => Promise<string | undefined>;
  /** Gets the executable; absent when only a person can. Throws with the reason when it cannot, or when the signal is aborted. */
  make?: (log: Log, signal?: AbortSignal) => Promise<string>;
  /** Why a way without `make` is not open. */
  closed?: string;
}

/**
 * The first executable that the routes lead to: one already there, in the order given, else the first that can be made.
 * One process makes at a time.
 * @throws Error with all routes and what went wrong on each, a line or more for each; the signal's reason when it is aborted
 */
export async function firstExecutable(
  server: string,
  routes: Route[],
  log: Log,
  signal?: AbortSignal,
): Promise<string> {
  const there = await findAmong(server, routes, log);
  if (there) return there;
  const lock = join(cacheDir(), `${server.replaceAll(' ', '-')}.lock`);
  return withLock(
    lock,
    log,
    async () => (await findAmong(server, routes, log)) ?? (await makeFirst(server, routes, log, signal)),
    { signal },
  );
}

async function findAmong(server: string, routes: Route[], log: Log): Promise<string | undefined> {
  for (const { find } of routes) {
    const path = await find?.();
    if (path) {
      log(`${server}: using ${path}`);
      return path;
    }
  }
  return undefined;
}

async function makeFirst(server: string, routes: Route[], log: Log, signal?: AbortSignal): Promise<string> {
  const ways: string[] = [];
  for (const { provide, make, closed = 'not there' } of routes) {
    let reason = closed;
    try {
      const path = await make?.(log, signal);
      if (path) {
        log(`${server}: ready at ${path}`);
        return path;
      }
    } catch (error) {
      signal?.throwIfAborted();
      reason = reasonOf(error);
      log(`${server}: that did not work: ${reason.split('\n')[0]}`);
    }
    ways.push(`  ${ways.length + 1}. ${provide}\n     Now: ${reason.replaceAll('\n', '\n     ')}`);
  }
  throw new Error(`No ${server} can be had. Provide one in any of these ways:\n${ways.join('\n')}`);
}
