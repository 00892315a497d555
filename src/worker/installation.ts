import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { version as activity } from '@temporalio/activity/package.json';
import { version as client } from '@temporalio/client/package.json';
import { version as common } from '@temporalio/common/package.json';
import { version as plugin } from '@temporalio/plugin/package.json';
import { NativeConnection, Worker } from '@temporalio/worker';
import { version as worker } from '@temporalio/worker/package.json';
import { version as workflow } from '@temporalio/workflow/package.json';
import { checkSdk } from '../client/sdk-version';
import { ConfigurationError } from '../report/configuration-error';
import { ROOT } from './root';

/** @throws ConfigurationError where the package is bundled, or the Temporal SDK is too old */
export function checkInstallation(): void {
  checkSdk({ activity, client, common, plugin, worker, workflow });
  if (!existsSync(join(ROOT, 'workflows')))
    throw new ConfigurationError(
      'temporal-migration-hub is part of a bundle, without the files of its workflows: keep it and @temporalio/* out of the bundle (esbuild: --external:temporal-migration-hub --external:@temporalio/*; webpack: externals) and install them beside it',
    );
}

/** @throws ConfigurationError unless the connection is one that our copy of the SDK can use */
export function checkConnection(connection: unknown): void {
  check(connection, 'connection', NativeConnection, 'await NativeConnection.connect({ address })');
}

/** @throws ConfigurationError unless the user's worker is of our copy of the SDK */
export function checkWorker(given: unknown): void {
  check(given, 'the worker', Worker, 'await Worker.create({ plugins })');
}

function check(given: unknown, what: string, Known: { name: string }, mend: string): void {
  if (given instanceof (Known as new () => unknown)) return;
  const name = (given as object | null | undefined)?.constructor?.name;
  if (name !== Known.name)
    throw new ConfigurationError(
      `${what} is ${name ? `a ${name}` : String(given)}, but it must be a ${Known.name} of @temporalio/worker: ${mend}`,
    );
  throw new ConfigurationError(
    `${what} is a ${name} of another copy of @temporalio/worker than the one that temporal-migration-hub finds (${worker} in ${require.resolve('@temporalio/worker/package.json')}): two copies cannot share a connection; look for them with npm ls @temporalio/worker, then make all @temporalio packages one version and run npm dedupe`,
  );
}
