import { createRequire } from 'node:module';
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
        '@temporalio/client': installed('@temporalio/client'),
        '@temporalio/worker': installed('@temporalio/worker'),
        node: process.versions.node,
        platform: `${process.platform} ${process.arch}`,
      };
      writeOne(versions, Object.entries(versions), flags);
    });
  addOutputOptions(command);
}

/** The worker is optional, and who only wants the emulator needs neither. */
function installed(name: string): string {
  try {
    return (createRequire(__filename)(`${name}/package.json`) as { version: string }).version;
  } catch {
    return 'not installed';
  }
}
