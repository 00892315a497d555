import { homedir } from 'node:os';
import { join, resolve } from 'node:path';

/** An environment variable, with the empty string taken as not set. */
export function setting(name: string): string | undefined {
  return process.env[name]?.trim() || undefined;
}

/**
 * Where servers are kept between runs: `TEMPORAL_MIGRATION_HUB_CACHE`, else `temporal-migration-hub` in `XDG_CACHE_HOME` or
 * `~/.cache`.
 */
export function cacheDir(): string {
  const override = setting('TEMPORAL_MIGRATION_HUB_CACHE');
  if (override) return resolve(override);
  return join(setting('XDG_CACHE_HOME') ?? join(homedir(), '.cache'), 'temporal-migration-hub');
}
