import { readFileSync } from 'node:fs';
import { platform } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { cannotRead, CliError } from './cli-error';
import type { Given } from './temporal-options';

/** A `temporal.toml` that was read. */
export interface TemporalFile {
  /** All of it. */
  text: string;
  /** The flag or variable that names it, else `temporal.toml`: for errors. */
  from: string;
}

/** A profile, as far as it has what the loader of the SDK leaves out. */
export interface WholeProfile {
  /** A codec server. */
  codec?: { endpoint?: unknown; auth?: unknown };
  /** Of the connection. */
  tls?: { disable_host_verification?: unknown };
}

/** Where the `temporal` command and the SDKs look for it. */
function usualPath(): string | undefined {
  const { APPDATA, HOME, XDG_CONFIG_HOME } = process.env;
  const folders: Partial<Record<NodeJS.Platform, string | undefined>> = {
    win32: APPDATA,
    darwin: HOME && join(HOME, 'Library', 'Application Support'),
  };
  const folder = platform() in folders ? folders[platform()] : XDG_CONFIG_HOME || (HOME && join(HOME, '.config'));
  return folder && isAbsolute(folder) ? join(folder, 'temporalio', 'temporal.toml') : undefined;
}

/** The file that is `named`, else that of the user; undefined where they have none. @throws CliError where it cannot be read */
export function readTemporalFile(named: Given | undefined): TemporalFile | undefined {
  const path = named?.value ?? usualPath();
  if (path === undefined) return undefined;
  try {
    return { text: readFileSync(path, 'utf8'), from: named?.from ?? 'temporal.toml' };
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    if (!named && ['ENOENT', 'ENOTDIR'].includes(code)) return undefined;
    throw cannotRead(named ? `${named.from}: ${path}` : path, error);
  }
}

/** A profile of the file; undefined where it has none of that name. @throws CliError for a file that is no TOML, or has no profile */
export async function wholeProfileOf({ text, from }: TemporalFile, name: string): Promise<WholeProfile | undefined> {
  const { profile: profiles } = (await parsed(text, from)) as { profile?: Record<string, WholeProfile> };
  if (typeof profiles !== 'object') throw new CliError(`${from}: it has no profile: add [profile.default]`);
  return profiles[name];
}

async function parsed(text: string, from: string): Promise<unknown> {
  const { parse } = await import('smol-toml');
  try {
    return parse(text);
  } catch (error) {
    const { line, message } = error as Error & { line?: number };
    // Its other lines show those of the file, which may have a key.
    throw new CliError(`${from}: line ${line ?? '?'}: ${message.split('\n')[0]}`);
  }
}
