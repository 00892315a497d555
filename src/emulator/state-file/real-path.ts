import { existsSync, readlinkSync, realpathSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { SettingError } from '../settings/setting-error';

const codeOf = (error: unknown) => (error as NodeJS.ErrnoException).code;

/** Where a symbolic link leads; undefined when there is none. */
function targetOf(path: string): string | undefined {
  try {
    return resolve(dirname(path), readlinkSync(path));
  } catch {
    return undefined;
  }
}

/**
 * The path of a file without symbolic links, also when the file, or the file that a link leads to, is not there yet.
 * @throws SettingError when its directory does not exist, or links lead in a circle
 */
export function realPathOf(path: string): string {
  try {
    return realpathSync(path);
  } catch (error) {
    if (codeOf(error) === 'ELOOP')
      throw new SettingError(`${path} is a symbolic link that leads to itself: use another file`);
  }
  const directory = dirname(resolve(path));
  if (!existsSync(directory))
    throw new SettingError(`The directory ${directory} of the state file does not exist: make it`);
  const real = join(realpathSync(directory), basename(path));
  const target = targetOf(real);
  return target === undefined ? real : realPathOf(target);
}
