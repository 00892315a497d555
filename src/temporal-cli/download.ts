import { mkdir, readdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { cacheDir } from './cache';
import { findInFolder } from './executables';
import type { Log } from './log';
import type { Route } from './route';

/** How the SDK calls a file that is not complete. */
const UNFINISHED = '.downloading';
const COMPLETE = /(?<!\.downloading)$/;
/** A download that brings nothing for so long is given up. */
const STANDSTILL_MS = 60_000;
const LOOK_MS = 1000;
const SAY_EACH_MB = 10;

/** What can be downloaded, and how it is called for people. */
const NAMES = { 'dev server': 'the Temporal CLI', 'time-skipping server': 'the time-skipping server' };

/** The download built into `@temporalio/testing`, kept in the cache for as long as that package stays the same. */
export function downloadRoute(server: keyof typeof NAMES): Route {
  const prefix = server.replaceAll(' ', '-');
  const downloads = () => join(cacheDir(), 'download');
  return {
    provide:
      'Install @temporalio/testing and allow HTTPS to temporal.download and github.com: it then downloads the server.',
    async find() {
      const version = await testingVersion();
      // Without the package any version will do.
      const all = version ? [`${prefix}-${version}`] : await readdir(downloads()).catch(() => []);
      for (const folder of all.filter((name) => name.startsWith(prefix)).reverse()) {
        const path = await findInFolder(join(downloads(), folder), COMPLETE);
        if (path) return path;
      }
      return undefined;
    },
    async make(log, signal) {
      const version = await testingVersion();
      if (!version) throw new Error('@temporalio/testing is not installed');
      const folder = join(downloads(), `${prefix}-${version}`);
      log(`downloading ${NAMES[server]} from temporal.download into ${folder}`);
      await mkdir(folder, { recursive: true });
      // Of one that was killed: the SDK would wait for it. The lock is ours, so nobody else downloads.
      for (const name of await readdir(folder))
        if (name.endsWith(UNFINISHED)) await rm(join(folder, name), { force: true });
      await startOnce(server, folder, log, signal);
      const path = await findInFolder(folder, COMPLETE);
      if (!path) throw new Error(`the download left no executable in ${folder}`);
      return path;
    },
  };
}

/** Of the package that downloads, which not everybody has installed. */
async function testingVersion(): Promise<string | undefined> {
  try {
    const manifest = require.resolve('@temporalio/testing/package.json');
    return (JSON.parse(await readFile(manifest, 'utf8')) as { version: string }).version;
  } catch {
    return undefined;
  }
}

/** The SDK downloads only by starting the server, so start it once and end it. */
async function startOnce(server: keyof typeof NAMES, downloadDir: string, log: Log, signal?: AbortSignal) {
  const { TestWorkflowEnvironment } = await import('@temporalio/testing');
  const options = { server: { executable: { type: 'cached-download' as const, downloadDir } } };
  const start =
    server === 'dev server'
      ? TestWorkflowEnvironment.createLocal(options)
      : TestWorkflowEnvironment.createTimeSkipping(options);
  const ended = start.then((env) => env.teardown());
  try {
    await whileItGrows(ended, downloadDir, (megabytes) => log(`downloading ${NAMES[server]}: ${megabytes} MB`), signal);
  } catch (error) {
    ended.catch(() => undefined);
    // It is not left running: whoever stops us while it starts waits until it has ended.
    if (await findInFolder(downloadDir, COMPLETE)) await ended.catch(() => undefined);
    throw error;
  }
}

async function whileItGrows(
  ended: Promise<void>,
  folder: string,
  say: (megabytes: number) => void,
  signal?: AbortSignal,
): Promise<void> {
  let isOver = false;
  const over = ended.finally(() => (isOver = true));
  over.catch(() => undefined);
  let [bytes, said, grewAt] = [0, 0, Date.now()];
  while (!isOver) {
    await Promise.race([over, delay(LOOK_MS, undefined, { signal })]);
    const now = await sizeOf(folder);
    if (now > bytes) grewAt = Date.now();
    bytes = now;
    const megabytes = Math.floor(bytes / 1e6);
    if (megabytes - said >= SAY_EACH_MB) say((said = megabytes));
    if (Date.now() - grewAt > STANDSTILL_MS)
      throw new Error(`the download brought nothing for ${STANDSTILL_MS / 1000} s`);
  }
  await over;
}

async function sizeOf(folder: string): Promise<number> {
  const sizes = (await readdir(folder)).map((name) =>
    stat(join(folder, name))
      .then(({ size }) => size)
      .catch(() => 0),
  );
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
}
