#!/usr/bin/env node
import { setFlagsFromString } from 'node:v8';
import { CliError, EXIT } from '../cli/cli-error';
import { missingPackage } from '../cli/missing-package';
import { plain } from '../cli/table';
import { temporalSettings } from '../cli/temporal-settings';
import { ConfigurationError } from '../report/configuration-error';
import { workerCommand } from './process/command';
import { readOwnSettings } from './process/own-settings';

// The live heap is small, and V8 would let it grow to several times its size.
setFlagsFromString('--heap-growing-percent=70');

async function main(): Promise<number> {
  const flags: Record<string, unknown> = workerCommand().parse().opts();
  const own = readOwnSettings(flags);
  const temporal = await temporalSettings(flags);
  // Not before: it takes most of the time.
  const { serve } = await import('./process/serve.js');
  return serve(own, temporal);
}

/** One line, no stack trace, where a setting is at fault, not the program. */
function refusal(error: Error): number {
  const { code, exitCode } = error as { code?: string; exitCode?: number };
  // commander has written it.
  if (code?.startsWith('commander.')) return exitCode === 0 ? 0 : EXIT.usage;
  const isSetting = error instanceof CliError || error instanceof ConfigurationError;
  const said = isSetting ? plain(error.message.replace(/\s*\n\s*/g, ' ')) : missingPackage(error, 'worker');
  process.stderr.write(`${said ?? error.stack ?? error.message}\n`);
  return said === undefined ? 1 : EXIT.usage;
}

void main()
  .catch(refusal)
  // Whatever credentials still wait for must not keep the process.
  .then((code) => process.exit(code));
