import { join } from 'node:path';

/** The command as it is built: from the sources each start takes seconds of CPU. */
export const CLI = join(__dirname, '../lib/cli.js');
