import { mkdtemp, mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { DefaultLogger, Runtime } from '@temporalio/worker';
import { Checks } from './checks';
import { startChromium } from './chromium';
import { figuresCheck } from './figures';
import { keysCheck } from './keys';
import { laterCheck } from './later';
import { looksCheck, oddLooksCheck } from './looks';
import { movesCheck } from './moves';
import { noticesCheck } from './notices';
import { bundleBoard } from './page';
import { takePictures } from './pictures';

const LIB = join(__dirname, '../../lib/board/page');

const USAGE = `npm run test:board [-- --only looks,odd,keys,notices,later,figures,moves] [--pictures FOLDER] [--for-docs]
  Needs Chromium or Chrome: on the PATH, or named by the variable CHROMIUM. --for-docs writes docs/board-light.png and docs/board-dark.png.`;

process.env['AWS_ACCESS_KEY_ID'] ??= 'test';
process.env['AWS_SECRET_ACCESS_KEY'] ??= 'test';

/** The board in a browser. */
async function main(): Promise<void> {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({
    options: { only: text, pictures: text, 'for-docs': { type: 'boolean' }, help: { type: 'boolean' } },
  });
  if (values.help) return void process.stdout.write(`${USAGE}\n`);
  Runtime.install({ logger: new DefaultLogger('WARN') });
  const browser = await startChromium();
  await bundleBoard(LIB);
  const pictures = values.pictures ?? (await mkdtemp(join(tmpdir(), 'board-pictures-')));
  await mkdir(pictures, { recursive: true });
  const checks = new Checks();
  const all: Record<string, () => Promise<void>> = {
    looks: () => looksCheck(browser, LIB, pictures, checks),
    odd: () => oddLooksCheck(browser, LIB, pictures, checks),
    keys: () => keysCheck(browser, LIB, checks),
    notices: () => noticesCheck(browser, LIB, checks),
    later: () => laterCheck(browser, LIB, checks),
    figures: () => figuresCheck(browser, LIB, checks),
    moves: () => movesCheck(browser, checks),
  };
  const wanted = values.only?.split(',') ?? Object.keys(all);
  const unknown = wanted.find((name) => !Object.hasOwn(all, name));
  if (unknown !== undefined) throw new Error(`there is no check ${unknown}: ${Object.keys(all).join(', ')}`);
  try {
    if (values['for-docs']) await takePictures(browser, LIB, join(__dirname, '../../docs'));
    else for (const name of wanted) await all[name]?.();
  } finally {
    await browser.close();
  }
  process.stdout.write(`pictures: ${pictures}\n`);
  if (!checks.isGood) process.exitCode = 1;
}

main().catch((error: Error) => {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
});
