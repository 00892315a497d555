import { cp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { lastLine, sh } from '../sh';
import type { Place } from '../place';
import { mustSay, type Row } from '../row';

const CLIENT = { 'client-only.js': 'client-only.js' };
const WORKER = { 'workflows.js': 'workflows.js', 'main.cjs': 'main.cjs' };
const bundle = (cwd: string, from: string, more: string[]) =>
  sh(cwd, '../node_modules/.bin/esbuild', [from, '--bundle', '--platform=node', '--outfile=bundle.cjs', ...more]);
const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(1)} MB`;

interface Metafile {
  inputs: Record<string, unknown>;
}
/** What only a worker needs: its SDK, with the native module, and AWS. */
const OF_WORKERS = /@temporalio\/(worker|core-bridge|activity)\/|@aws-sdk\/|\.node$/;

/** @throws Error unless the report of a client was accepted; no worker is needed for that */
async function mustReport(place: Place, cwd: string, name: string, file: string): Promise<void> {
  const answer = lastLine(await sh(cwd, 'node', [file, await place.address(), name]));
  if (answer['status'] !== 'IN_PROGRESS') throw new Error(`the answer is ${JSON.stringify(answer)}`);
}

/** By the bundler that the user's code goes through. */
export const BUNDLER_ROWS: Row[] = [
  {
    name: 'esbuild, a client',
    inShort: true,
    async run(place) {
      const cwd = await place.npmProject('esbuild-client', { type: 'module' }, CLIENT);
      await bundle(cwd, 'client-only.js', ['--metafile=meta.json']);
      const { inputs } = JSON.parse(await readFile(join(cwd, 'meta.json'), 'utf8')) as Metafile;
      const wrong = Object.keys(inputs).filter((input) => OF_WORKERS.test(input));
      if (wrong.length > 0) throw new Error(`a client needs no ${wrong[0]}`);
      await mustReport(place, cwd, 'esbuild-client', 'bundle.cjs');
      return `${megabytes((await stat(join(cwd, 'bundle.cjs'))).size)}, no native module; it reports`;
    },
  },
  {
    name: 'esbuild, a worker',
    async run(place) {
      const cwd = await place.npmProject('esbuild-worker', {}, WORKER);
      const [address, temporal] = [await place.address(), '--external:@temporalio/*'];
      await bundle(cwd, 'main.cjs', [temporal]);
      const said = await sh(cwd, 'node', ['bundle.cjs', address, 'esbuild']).catch((error: Error) => error.message);
      mustSay(said, '--external:temporal-migration-hub');
      await bundle(cwd, 'main.cjs', [temporal, '--external:temporal-migration-hub']);
      await place.migrate(cwd, 'esbuild-worker', ['node', 'bundle.cjs']);
      return 'bundled: refused with the mend; kept external: a migration arrived';
    },
  },
  {
    name: 'Next.js, a client',
    async run(place) {
      const cwd = await place.project('next', {}, { '.': 'next', ...CLIENT });
      await place.npm(cwd, [place.tarball, 'next@16', 'react@19', 'react-dom@19']);
      const env = { NEXT_TELEMETRY_DISABLED: '1' };
      mustSay(await sh(cwd, 'npx', ['--no-install', 'next', 'build'], env), '/api/report');
      return `next ${(await place.manifestOf(cwd, 'next')).version} builds a route that reports`;
    },
  },
  {
    name: 'prebuilt workflow bundle',
    async run(place) {
      const cwd = await place.npmProject('prebuilt', {}, WORKER);
      // A copy: others use the installed one.
      const own = join(cwd, 'node_modules/temporal-migration-hub');
      await cp(join(cwd, '../node_modules/temporal-migration-hub'), own, { recursive: true });
      const start = async (name: string) =>
        Number((await place.migrate(cwd, name, ['node', 'main.cjs']))['startSeconds']);
      const withBundle = await start('prebuilt');
      const bundles = (await readdir(join(own, 'lib'))).filter((file) => file.startsWith('workflow-bundle-'));
      for (const file of bundles) await rm(join(own, 'lib', file));
      const without = await start('bundles-at-start');
      const note = `our workers start in ${withBundle.toFixed(1)} s, without it in ${without.toFixed(1)} s`;
      if (bundles.length === 0 || withBundle >= without) throw new Error(`${bundles.length} bundles: ${note}`);
      return note;
    },
  },
];
