import { join } from 'node:path';

/**
 * The command as it is built: from the sources each start takes seconds of CPU. `vitest.build.mts` builds it before the tests where
 * it is older than they are.
 */
export const CLI = join(__dirname, '../lib/cli.js');
