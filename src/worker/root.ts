import { join } from 'node:path';

/** The folder of the package's code. Its workflow code is files there, which another bundler does not bring along. */
export const ROOT = join(__dirname, '..');
