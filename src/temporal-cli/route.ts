import { access, constants, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { cacheDir } from './cache';
import { withLock } from './lock';
import { reasonOf, type Log } from './log';

/** Of a way that only a person can open. */
const NOT_THERE = 'not there';

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
  const unwritable = await whyUnwritable(cacheDir());
  if (unwritable)
    throw noWay(
      server,
      routes.map(({ provide, make, closed = NOT_THERE }) => [provide, make ? unwritable : closed]),
    );
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
  const ways: Way[] = [];
  for (const { provide, make, closed = NOT_THERE } of routes) {
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
    ways.push([provide, reason]);
  }
  throw noWay(server, ways);
}

/** What is to be done, and why it is no way now. */
type Way = [provide: string, reason: string];

function noWay(server: string, ways: Way[]): Error {
  const lines = ways.map(
    ([provide, reason], i) => `  ${i + 1}. ${provide}\n     Now: ${reason.replaceAll('\n', '\n     ')}`,
  );
  return new Error(`No ${server} can be had. Provide one in any of these ways:\n${lines.join('\n')}`);
}

/** Why nothing can be kept in the folder; undefined where it can. */
async function whyUnwritable(folder: string): Promise<string | undefined> {
  try {
    await mkdir(folder, { recursive: true });
    await access(folder, constants.W_OK);
    return undefined;
  } catch (error) {
    return `${reasonOf(error)}: set TEMPORAL_MIGRATION_HUB_CACHE to a folder that can be written`;
  }
}
