import { isDeepStrictEqual } from 'node:util';
import type { WorkerOptions } from '@temporalio/worker';
import { ConfigurationError } from '../report/configuration-error';

/** Objects with a life of their own are the same only if they are one. */
const BY_IDENTITY = ['client', 'hub', 'registry'];

const shown = (value: unknown): string => (value === undefined ? 'not set' : JSON.stringify(value));

/** @throws ConfigurationError unless the settings of two plugins, with their defaults, mean the same */
export function checkSameSettings(mine: object, theirs: object): void {
  const of = (settings: object, name: string) => (settings as Record<string, unknown>)[name];
  for (const name of Object.keys({ ...mine, ...theirs })) {
    const [my, their] = [of(mine, name), of(theirs, name)];
    const isObject = BY_IDENTITY.includes(name);
    if (isObject ? my === their : isDeepStrictEqual(my, their)) continue;
    const what = isObject ? `${name} is another object than` : `${name} is ${shown(my)}, but ${shown(their)}`;
    throw new ConfigurationError(
      `${what} in the MigrationHubPlugin whose workers serve this connection and namespace already: give both plugins the same options, or make one and list it on all workers`,
    );
  }
}

const partsOf = (value: unknown): unknown[] => [value ?? []].flat();

/** @throws ConfigurationError unless two data converters have the same parts: of codecs nobody can tell that they mean the same */
export function checkSameConverter(mine: WorkerOptions['dataConverter'], theirs: WorkerOptions['dataConverter']): void {
  const all = { ...mine, ...theirs };
  for (const name of Object.keys(all) as (keyof typeof all)[]) {
    const [my, their] = [partsOf(mine?.[name]), partsOf(theirs?.[name])];
    if (my.length === their.length && my.every((part, index) => part === their[index])) continue;
    throw new ConfigurationError(
      `dataConverter.${name} is not that of the worker beside which the Migration Hub workers of this connection and namespace were started: give all workers of a connection and namespace the same dataConverter, with the same codec objects`,
    );
  }
}
