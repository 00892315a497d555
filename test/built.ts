import { join } from 'node:path';

/** In the place of `src/worker/root` where workers run: they have the workflow code that is built, and bundle none. */
export const ROOT = join(__dirname, '../lib');

/**
 * The command as it is built: from the sources each start takes seconds of CPU. `vitest.build.mts` builds it before the tests where
 * it is older than they are.
 */
export const CLI = join(ROOT, 'cli.js');
