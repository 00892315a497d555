import { join } from 'node:path';
import { cacheDir } from './cache';
import { downloadRoute } from './download';
import { findInFolder, findOnPath } from './executables';
import type { Route } from './route';

/** What the executable of the Temporal CLI is called in the cache. */
const IN_CACHE = /^temporal(-v[\d.]+)?(\.exe)?$/;

/** The Temporal CLI of the user's own. */
export const pathRoute = (): Route => ({
  provide: 'Install the Temporal CLI, so that `temporal` is on PATH: https://docs.temporal.io/cli/setup-cli',
  find: () => findOnPath('temporal'),
  closed: '`temporal` is not on PATH',
});

/** Put there by hand, or built by whoever develops this package. */
const cacheRoute = (): Route => {
  const folder = () => join(cacheDir(), 'bin');
  return {
    provide: `Put the executable \`temporal\` of the Temporal CLI into ${folder()}`,
    find: () => findInFolder(folder(), IN_CACHE),
    closed: 'it is not there',
  };
};

/** The ways to a Temporal server for users of the package, best first. */
export const cliRoutes = (): Route[] => [
  { provide: 'Name a server that runs: --address HOST:PORT, or TEMPORAL_ADDRESS', closed: 'none is named' },
  pathRoute(),
  cacheRoute(),
  downloadRoute('dev server'),
];
