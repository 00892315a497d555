import { join } from 'node:path';
import { cacheDir } from '../../src/temporal-cli/cache';
import { isExecutable } from '../../src/temporal-cli/executables';
import type { Route } from '../../src/temporal-cli/route';
import { inTempDir, putInPlace } from './cache';
import { requireOnPath, run } from './command';

/** Later versions of the CLI have a `replace` directive in go.mod, which `go install` refuses. */
const VERSION = 'v1.5.1';
const BOUND_MS = 20 * 60_000;
const suffix = process.platform === 'win32' ? '.exe' : '';

/** The Temporal CLI built from its Go module, for machines that reach a Go module proxy but not the download. */
export function goInstallRoute(): Route {
  const target = () => join(cacheDir(), 'bin', `temporal-${VERSION}${suffix}`);
  return {
    provide: `Install Go and let it reach a module proxy (GOPROXY): \`go install\` then builds the Temporal CLI ${VERSION}.`,
    find: async () => ((await isExecutable(target())) ? target() : undefined),
    make: async (log) => {
      const go = await requireOnPath('go');
      log(`dev server: building the Temporal CLI ${VERSION} with ${go} (once; about 4 minutes on 2 cores)`);
      await inTempDir(async (dir) => {
        const args = ['install', '-trimpath', '-ldflags=-s -w', `github.com/temporalio/cli/cmd/temporal@${VERSION}`];
        await run(go, args, { env: { GOBIN: dir }, timeoutMs: BOUND_MS });
        await putInPlace(join(dir, `temporal${suffix}`), target());
      });
      return target();
    },
  };
}
