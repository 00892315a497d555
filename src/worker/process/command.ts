import { Command } from 'commander';
import { addTemporalOptions } from '../../cli/temporal-options';
import { addOwnOptions } from './own-settings';

const MORE = `
The first that is set counts: flag, variable, profile of temporal.toml, default.
AWS: credentials come from the default chain of the AWS SDK: variables, AWS_PROFILE, credential_process, roles.
Temporal: the TEMPORAL_* variables of the temporal command work, also TEMPORAL_TLS_* and TEMPORAL_GRPC_META_*, but not
TEMPORAL_CODEC_* (use --plugins) and TEMPORAL_TLS_DISABLE_HOST_VERIFICATION: these are refused.
Log: JSON lines on stderr; "serving ..." on stdout when it serves. Exit code 2: a setting is wrong; 1: a worker has failed.`;

/** The command line of the worker process. */
export function workerCommand(): Command {
  const command = new Command('temporal-migration-hub worker')
    .description('Runs the workers that send reports to Migration Hub, until SIGTERM or SIGINT.')
    .configureOutput({
      // Its suggestions are on a line of their own.
      outputError: (message, write) => write(`${message.trim().replace(/\s*\n\s*/g, ' ')} Try --help.\n`),
    })
    .exitOverride()
    .addHelpText('after', MORE);
  addOwnOptions(command);
  return addTemporalOptions(command);
}
