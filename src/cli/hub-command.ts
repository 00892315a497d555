import type { Command } from 'commander';
import { addOutputOptions } from './output';
import { addPluginsOption } from './plugins';
import { addTemporalOptions } from './temporal-options';

/** Adds what every command has that asks or reports: output, plugins, and how the Temporal server is reached. */
export const addHubOptions = (command: Command): Command =>
  addPluginsOption(addTemporalOptions(addOutputOptions(command)));
