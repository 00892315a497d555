import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createMigrationHubWorkers, MigrationHubPlugin } from '../../src';
import { checkSdk, OLDEST_SDK } from '../../src/client/sdk-version';

const manifest = JSON.parse(readFileSync(join(__dirname, '../../package.json'), 'utf8')) as {
  peerDependencies: Record<string, string>;
};

it('the oldest Temporal SDK that a worker starts with is the oldest that npm allows, for all its packages', () => {
  const temporal = Object.entries(manifest.peerDependencies).filter(([name]) => name.startsWith('@temporalio/'));
  expect(new Set(temporal.map(([, range]) => range))).toEqual(new Set([`^${OLDEST_SDK}`]));
});

it.each(['1.23.0', '1.23.9', '0.99.0', '1.9.3', '1.24.0', '1.24.1', '1.25.0-rc.1', '2.0.0', '10.0.0'])(
  'the version %s is refused only if it is older',
  (version) => {
    const check = () => checkSdk({ worker: version, client: '1.24.0' });
    if (/^(0|1\.9|1\.23)\./.test(version))
      expect(check).toThrow(
        `@temporalio/worker is ${version}, but temporal-migration-hub needs 1.24.0 or newer: npm install @temporalio/worker@^1.24.0 @temporalio/client@^1.24.0`,
      );
    else expect(check).not.toThrow();
  },
);

/** As it is in another copy of the package: the same name, another class. */
class NativeConnection {
  readonly plugins = [];
}
class Connection {}

describe.each([
  [
    'createMigrationHubWorkers',
    (connection: unknown) => createMigrationHubWorkers({ connection } as never, { region: 'us-west-2' }),
  ],
  [
    'the plugin',
    async (connection: unknown) =>
      new MigrationHubPlugin({ region: 'us-west-2' }).configureWorker(
        await Promise.resolve({ connection, taskQueue: 'migrations' } as never),
      ),
  ],
])('%s', (_, start) => {
  it('refuses a connection of another copy of the Temporal SDK, and says how to get rid of one (R33)', async () => {
    await expect(start(new NativeConnection())).rejects.toMatchObject({
      name: 'ConfigurationError',
      message: expect.stringMatching(
        /^connection is a NativeConnection of another copy of @temporalio\/worker than .*1\.\d+\.\d+ in .*npm ls @temporalio\/worker.*npm dedupe$/,
      ),
    });
  });

  it('refuses the connection of a client, and names the right one', async () => {
    await expect(start(new Connection())).rejects.toThrow(
      'connection is a Connection, but it must be a NativeConnection of @temporalio/worker: await NativeConnection.connect(',
    );
  });
});

it('createMigrationHubWorkers without a connection says so', async () => {
  await expect(createMigrationHubWorkers({} as never, { region: 'us-west-2' })).rejects.toThrow(
    'connection is undefined, but it must be a NativeConnection',
  );
});
