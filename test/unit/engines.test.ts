import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { minVersion, satisfies } from 'semver';
import { expect, it } from 'vitest';

interface Locked {
  version: string;
  dev?: boolean;
  engines?: { node?: string };
}

const read = (file: string): unknown => JSON.parse(readFileSync(join(__dirname, '../..', file), 'utf8'));

// Yarn 1 refuses to install a package whose `engines` do not admit the Node that runs.
it('all that is installed with this package runs on the lowest Node that it promises', () => {
  const { engines } = read('package.json') as { engines: { node: string } };
  const { packages } = read('package-lock.json') as { packages: Record<string, Locked> };
  const lowest = minVersion(engines.node)?.version ?? '';
  expect(lowest).toMatch(/^\d+\.\d+\.\d+$/);
  const installed = Object.entries(packages).filter(([path, { dev }]) => path !== '' && !dev);
  expect(installed.length).toBeGreaterThan(100);
  const tooNew = installed.filter(([, { engines: needs }]) => !satisfies(lowest, needs?.node ?? '*'));
  expect(tooNew.map(([path, { version, engines: needs }]) => `${path} ${version} needs Node ${needs?.node}`)).toEqual(
    [],
  );
});
