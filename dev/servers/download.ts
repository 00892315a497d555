import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { version } from '@temporalio/testing/package.json';
import { cacheDir } from './cache';
import { isExecutable } from './command';
import type { Route } from './route';

const BOUND_MS = 120_000;

/** The download built into `@temporalio/testing`, kept in the cache for as long as that package stays the same. */
export function downloadRoute(server: 'dev server' | 'time-skipping server'): Route {
  const dir = () => join(cacheDir(), 'download', `${server.replaceAll(' ', '-')}-${version}`);
  const find = async () => {
    const names = await readdir(dir()).catch(() => []);
    for (const name of names.filter((name) => !name.endsWith('.downloading'))) {
      if (await isExecutable(join(dir(), name))) return join(dir(), name);
    }
    return undefined;
  };
  return {
    provide: 'Allow HTTPS to temporal.download and github.com: the server is then downloaded by @temporalio/testing.',
    find,
    make: async (log) => {
      log(`${server}: downloading from temporal.download into ${dir()} (at most ${BOUND_MS / 1000} s)`);
      await mkdir(dir(), { recursive: true });
      await startOnce(server, dir());
      const path = await find();
      if (!path) throw new Error(`the download left no executable in ${dir()}`);
      return path;
    },
  };
}

/** The SDK downloads only by starting the server, so start it once and end it. */
async function startOnce(server: string, downloadDir: string): Promise<void> {
  const options = { server: { executable: { type: 'cached-download' as const, downloadDir } } };
  const start =
    server === 'dev server'
      ? TestWorkflowEnvironment.createLocal(options)
      : TestWorkflowEnvironment.createTimeSkipping(options);
  const ended = start.then((env) => env.teardown());
  ended.catch(() => undefined); // May fail after the bound has passed, with nobody waiting any more.
  const bound = new AbortController();
  const late = delay(BOUND_MS, undefined, { signal: bound.signal }).then(() => {
    throw new Error(`the download was not done within ${BOUND_MS / 1000} s`);
  });
  await Promise.race([ended, late]).finally(() => {
    late.catch(() => undefined);
    bound.abort();
  });
}
