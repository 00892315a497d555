import { ConfigurationError } from '../report/configuration-error';
import { CliError } from './cli-error';

/** Does what checks flags and variables, before anything is connected. @throws CliError for one that is wrong */
export async function orUsage<T>(work: () => T | Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw error instanceof ConfigurationError ? new CliError(error.message) : error;
  }
}
