import { createRequire } from 'node:module';
import { version as client } from '@temporalio/client/package.json';
import type { Command } from 'commander';
import { addOutputOptions, writeOne, type OutputFlags } from '../output';

/** `version` */
export function addVersion(program: Command): void {
  const command = program
    .command('version')
    .summary('the versions of this package, the Temporal SDK and Node')
    .description('the versions of this package, the Temporal SDK and Node')
    .action((flags: OutputFlags) => {
      const versions = {
        'temporal-migration-hub': program.version() ?? '',
        '@temporalio/client': client,
        '@temporalio/worker': workerVersion(),
        node: process.versions.node,
        platform: `${process.platform} ${process.arch}`,
      };
      writeOne(versions, Object.entries(versions), flags);
    });
  addOutputOptions(command);
}

/** It is optional, and only workers need it. */
function workerVersion(): string {
  try {
    return (createRequire(__filename)('@temporalio/worker/package.json') as { version: string }).version;
  } catch {
    return 'not installed';
  }
}
