import { Option, type Command } from 'commander';
import type { ConnectionPlugin } from '@temporalio/client';
import { ConfigurationError } from '../report/configuration-error';
import { CliError } from './cli-error';
import type { TemporalFlags } from './temporal-options';

/** The same as of the worker process. */
const VARIABLE = 'TEMPORAL_MIGRATION_HUB_PLUGINS';

/** Adds `--plugins`: who reads what the workers encrypt needs their codec. */
export const addPluginsOption = (command: Command): Command =>
  command.addOption(
    new Option(
      '--plugins <module>',
      `file or package that exports Temporal plugins, such as the codec of the workers (${VARIABLE})`,
    ).helpGroup('Temporal:'),
  );

/** Plugins are named; they may have a codec. */
export const hasPlugins = (flags: TemporalFlags): boolean => Boolean(flags['plugins'] ?? process.env[VARIABLE]);

/** Loads the plugins that are named. @throws CliError where there are none in the module */
export async function pluginsOf(flags: TemporalFlags): Promise<ConnectionPlugin[]> {
  const flag = flags['plugins'] as string | undefined;
  const module = flag ?? process.env[VARIABLE];
  if (flag === '') throw new CliError('--plugins is empty, but it must name a file or a package');
  if (!module) return [];
  const { loadPlugins } = await import('../worker/load-plugins.js');
  try {
    return (await loadPlugins(flag === undefined ? VARIABLE : '--plugins', module)) as ConnectionPlugin[];
  } catch (error) {
    throw error instanceof ConfigurationError ? new CliError(error.message) : error;
  }
}
