import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { cacheDir } from '../../src/temporal-cli/cache';
import { findOnPath, isExecutable } from '../../src/temporal-cli/executables';
import { firstExecutable, type Route } from '../../src/temporal-cli/route';
import { inTempDir, putInPlace } from '../servers/cache';
import { requireOnPath, run } from '../servers/command';
import { logToStderr } from '../servers/log';

const BOUND_MS = 5 * 60_000;
const BUILD_MS = 30 * 60_000;
const MODULE = 'github.com/prometheus/prometheus';

/** Debian's package, which need not be installed: its daemon is not wanted. A new machine has no lists of packages yet: they are got apart. */
const SCRIPT = `cd "$0" && mkdir -p lists/partial
apt-get download prometheus ||
  { apt-get -q -o Dir::State::Lists="$0/lists" update && apt-get -o Dir::State::Lists="$0/lists" download prometheus; }
dpkg-deb -x prometheus_*.deb .`;

const unpacked: Route = {
  provide: 'On Debian or Ubuntu let apt-get reach its mirror: promtool is then taken from the package prometheus.',
  find: async () => ((await isExecutable(target())) ? target() : undefined),
  make: async (log) => {
    await requireOnPath('apt-get');
    log('promtool: downloading and unpacking the package prometheus (once)');
    await inTempDir(async (dir) => {
      await run('sh', ['-e', '-c', SCRIPT, dir], { timeoutMs: BOUND_MS });
      await putInPlace(join(dir, 'usr/bin/promtool'), target());
    });
    return target();
  },
};

/** `go install` refuses a module with exclude directives; built in its own folder it is the main module. */
const VERSION = 'v0.305.0';
const built: Route = {
  provide: `Install Go and let it reach a module proxy (GOPROXY): promtool of Prometheus ${VERSION} is then built.`,
  make: async (log) => {
    const go = await requireOnPath('go');
    log(`promtool: building it with ${go} (once; some minutes)`);
    await inTempDir(async (dir) => {
      const download = await promisify(execFile)(go, ['mod', 'download', '-json', `${MODULE}@${VERSION}`], {
        cwd: dir,
      });
      const { Dir } = JSON.parse(download.stdout) as { Dir: string };
      const made = join(dir, 'promtool');
      await run(go, ['build', '-C', Dir, '-trimpath', '-o', made, './cmd/promtool'], { timeoutMs: BUILD_MS });
      await putInPlace(made, target());
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
export const promtool = (log = logToStderr): Promise<string> =>
  firstExecutable('promtool', [installed, unpacked, built], log);

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
