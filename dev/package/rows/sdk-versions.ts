import { cp, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sh } from '../sh';
import { WORKER, type Place } from '../place';
import { mustSay, type Row } from '../row';

const FILES = { 'workflows.js': 'workflows.js', 'main.cjs': 'main.cjs', 'start.cjs': 'start.cjs' };
const PACKAGES = ['activity', 'client', 'common', 'plugin', 'worker', 'workflow'].map((name) => `@temporalio/${name}`);
const ofVersion = (version: string) => PACKAGES.map((name) => `${name}@${version}`);

/** The versions of the SDK in the registry, of a range, oldest first. */
async function versions(range: string): Promise<string[]> {
  const said = await sh('.', 'npm', ['view', `@temporalio/worker@${range}`, 'version', '--json']);
  const all = [JSON.parse(said) as string | string[]].flat();
  return all.sort((a, b) => a.localeCompare(b, undefined, { numeric: true }));
}

async function peerRange(): Promise<string> {
  const manifest = await readFile(join(__dirname, '../../../package.json'), 'utf8');
  return (
    (JSON.parse(manifest) as { peerDependencies: Record<string, string> }).peerDependencies['@temporalio/worker'] ?? ''
  );
}

async function migrateWith(place: Place, version: string): Promise<void> {
  const cwd = await place.project(`sdk-${version}`, {}, FILES);
  await place.npm(cwd, [place.tarball, ...ofVersion(version)]);
  await place.migrate(cwd, `sdk-${version}`, ['node', 'main.cjs']);
}

/** By the version of `@temporalio/*`. */
export const SDK_ROWS: Row[] = [
  {
    name: 'oldest and newest @temporalio/*',
    async run(place) {
      const found = await versions(await peerRange());
      const both = [...new Set([found[0] ?? '', found.at(-1) ?? ''])];
      for (const version of both) await migrateWith(place, version);
      return `${both.join(', ')}${both.length === 1 ? ' is both' : ''}: a migration arrived`;
    },
  },
  {
    name: 'an older @temporalio/*',
    async run(place) {
      const oldest = (await peerRange()).replace('^', '');
      const older = (await versions(`<${oldest}`)).at(-1) ?? '';
      const cwd = await place.project('sdk-older', {}, FILES);
      const refusal = await place.npm(cwd, [place.tarball, ...ofVersion(older)]).then(String, String);
      mustSay(refusal, 'ERESOLVE');
      await place.npm(cwd, [
        '--legacy-peer-deps',
        place.tarball,
        ...ofVersion(older),
        '@aws-sdk/client-migration-hub@3',
      ]);
      const said = await sh(cwd, 'node', ['start.cjs', await place.address()]);
      for (const what of ['workers', 'plugin'])
        mustSay(said, `${what}: ConfigurationError: @temporalio/activity is ${older}, `);
      mustSay(said, `but temporal-migration-hub needs ${oldest} or newer: npm install`);
      return `${older}: npm refuses it; where it is forced, the start is refused with the mend`;
    },
  },
  {
    name: 'two copies of @temporalio/*',
    async run(place) {
      const cwd = await place.project('two-copies', {}, FILES);
      await place.npm(cwd, [place.tarball, WORKER]);
      const modules = join(cwd, 'node_modules');
      const copy = join(modules, 'temporal-migration-hub/node_modules/@temporalio');
      await cp(join(modules, '@temporalio'), copy, { recursive: true });
      const said = await sh(cwd, 'node', ['start.cjs', await place.address()]);
      const refusal = 'ConfigurationError: connection is a NativeConnection of another copy of @temporalio/worker than';
      for (const what of ['workers', 'plugin']) mustSay(said, `${what}: ${refusal}`);
      mustSay(said, 'npm dedupe');
      return 'the start is refused with the mend, with the plugin and without';
    },
  },
];
