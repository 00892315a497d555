import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { cacheDir, inTempDir, putInPlace } from '../servers/cache';
import { findOnPath, isExecutable, requireOnPath, run } from '../servers/command';
import { logToStderr } from '../servers/log';
import { firstExecutable, type Route } from '../servers/route';

const BOUND_MS = 5 * 60_000;

/** Debian's package, which need not be installed: its daemon is not wanted. */
const unpacked: Route = {
  provide:
    'On Debian or Ubuntu run `apt-get update` once: promtool is then taken from the package prometheus, without installing it.',
  find: async () => ((await isExecutable(target())) ? target() : undefined),
  make: async (log) => {
    await requireOnPath('apt-get');
    log('promtool: downloading and unpacking the package prometheus (once)');
    await inTempDir(async (dir) => {
      const script = 'cd "$0" && apt-get download prometheus && dpkg-deb -x prometheus_*.deb .';
      await run('sh', ['-c', script, dir], { timeoutMs: BOUND_MS });
      await putInPlace(join(dir, 'usr/bin/promtool'), target());
    });
    return target();
  },
};

const installed: Route = {
  provide: 'Install promtool, so that it is on PATH: it comes with Prometheus.',
  find: () => findOnPath('promtool'),
  closed: '`promtool` is not on PATH',
};

const target = () => join(cacheDir(), 'bin', 'promtool');

/** The executable, which is fetched where it is not there. */
export const promtool = (log = logToStderr): Promise<string> => firstExecutable('promtool', [installed, unpacked], log);

/** Runs it. @throws Error with all that it wrote, where it finds fault */
export async function runPromtool(...args: string[]): Promise<string> {
  try {
    const { stdout, stderr } = await promisify(execFile)(await promtool(), args);
    return stdout + stderr;
  } catch (error) {
    const { stdout = '', stderr = '', message } = error as Error & { stdout?: string; stderr?: string };
    throw new Error(`${message}\n${stdout}${stderr}`, { cause: error });
  }
}
