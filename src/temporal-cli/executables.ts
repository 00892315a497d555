import { constants } from 'node:fs';
import { access, readdir, stat } from 'node:fs/promises';
import { delimiter, join } from 'node:path';

/** Whether the path is a file that this user may execute. */
export async function isExecutable(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}

/** The full path of a command on `PATH`, if there is one. */
export async function findOnPath(command: string): Promise<string | undefined> {
  const names = process.platform === 'win32' ? [`${command}.exe`, `${command}.cmd`] : [command];
  for (const dir of (process.env.PATH ?? '').split(delimiter).filter(Boolean)) {
    for (const name of names) {
      if (await isExecutable(join(dir, name))) return join(dir, name);
    }
  }
  return undefined;
}

/** The executable in a folder whose name matches, the last by name where there are several. */
export async function findInFolder(folder: string, name: RegExp): Promise<string | undefined> {
  const names = await readdir(folder).catch(() => []);
  for (const each of names
    .filter((each) => name.test(each))
    .sort()
    .reverse()) {
    if (await isExecutable(join(folder, each))) return join(folder, each);
  }
  return undefined;
}
