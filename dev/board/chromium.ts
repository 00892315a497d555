import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { chromium, type Browser } from 'playwright-core';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** The path of the browser: CHROMIUM, or one on the PATH. @throws Error that says how to get one */
export function chromiumPath(): string {
  const given = process.env['CHROMIUM'];
  if (given && isExecutable(given)) return given;
  if (given) throw new Error(`CHROMIUM is ${given}, but there is no such program`);
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  const found = NAMES.flatMap((name) => folders.map((folder) => join(folder, name))).find(isExecutable);
  if (found) return found;
  throw new Error(
    'no Chromium is on the PATH: apt-get install chromium (Debian), or set CHROMIUM to the path of Chromium or Chrome',
  );
}

/** Starts it. In containers its own sandbox is mostly not permitted; it loads only our page. */
export const startChromium = (): Promise<Browser> =>
  chromium.launch({
    executablePath: chromiumPath(),
    args: ['--no-sandbox', '--disable-dev-shm-usage', '--js-flags=--expose-gc'],
  });
