import { createRequire } from 'node:module';
import { isAbsolute, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { inspect } from 'node:util';
import type { NativeConnectionPlugin, WorkerPlugin } from '@temporalio/worker';
import { ConfigurationError } from '../report/configuration-error';

/** A Temporal plugin, as a connection and its workers take it; it may have any of these and more. */
export type TemporalPlugin = NativeConnectionPlugin & WorkerPlugin;

/** One of them makes an object a plugin. */
const HOOKS = [
  'configureNativeConnection',
  'configureConnection',
  'configureClient',
  'configureWorker',
  'configureReplayWorker',
  'configureBundler',
  'runWorker',
];
const A_PLUGIN = 'a Temporal plugin, an object with a name and configureWorker or the like';

/**
 * Loads plugins from a module of the user's: a path relative to the working directory, or a package that is installed there. It
 * exports one plugin or a list of them, as `plugins` or as its default. `setting`: where it is named, for errors.
 * @throws ConfigurationError where there is no such module, or no plugin in it
 */
export async function loadPlugins(setting: string, module: string): Promise<TemporalPlugin[]> {
  const named = `${setting} is "${module}"`;
  const exported = await exportOf(await load(named, module));
  const plugins = [exported ?? []].flat() as unknown[];
  if (plugins.length === 0)
    throw new ConfigurationError(
      `${named}, which exports no plugin: export one, or a list of them, as plugins or as the default`,
    );
  for (const plugin of plugins)
    if (!isPlugin(plugin))
      throw new ConfigurationError(`${named}, which exports ${shown(plugin)}, but it must be ${A_PLUGIN}`);
  return plugins as TemporalPlugin[];
}

async function load(named: string, module: string): Promise<unknown> {
  const file = fileOf(module);
  try {
    if (file) return await import(isAbsolute(file) ? pathToFileURL(file).href : file);
    // `require` does not find a package that is for `import` alone. A path would be one from here.
    if (!module.startsWith('.') && !isAbsolute(module)) return await import(module);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    // A module that lacks another one is there.
    const isAbsent = !file && code === 'ERR_MODULE_NOT_FOUND' && message.includes(`'${module}'`);
    if (!isAbsent) throw new ConfigurationError(`${named}, which cannot be loaded: ${message || inspect(error)}`);
  }
  throw new ConfigurationError(
    `${named}, but neither the file ${resolve(module)} nor a package of that name is there: name a JavaScript file, or a package that is installed`,
  );
}

/** As Node's `require` finds it in the working directory. */
function fileOf(module: string): string | undefined {
  const from = createRequire(resolve('from-here.js'));
  for (const name of [module, `./${module}`])
    try {
      return from.resolve(name);
    } catch {
      continue;
    }
  return undefined;
}

/** What is exported as `plugins`, else as the default, which in a CommonJS module is all of it; a promise may be exported. */
async function exportOf(module: unknown): Promise<unknown> {
  let value = await module;
  const isHolder = () => typeof value === 'object' && value !== null && !Array.isArray(value) && !isPlugin(value);
  // The namespace, what `require` gives, what a compiler made of a default.
  for (let depth = 0; depth < 3 && isHolder(); depth++) {
    const { plugins, default: byDefault } = value as Record<string, unknown>;
    const inner = await (plugins ?? byDefault);
    if (inner === undefined && depth > 0 && Object.keys(value as object).length > 0) return value;
    value = inner;
  }
  return value;
}

function isPlugin(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const members = value as Record<string, unknown>;
  return typeof members['name'] === 'string' && HOOKS.some((hook) => typeof members[hook] === 'function');
}

function shown(value: unknown): string {
  if (typeof value !== 'function') return inspect(value, { depth: 0, breakLength: Infinity }).slice(0, 60);
  return /^class\b/.test(String(value))
    ? `the class ${value.name} (export new ${value.name}() instead)`
    : `the function ${value.name} (call it, and export what it returns)`;
}
