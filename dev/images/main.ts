/** `npm run test:images`: what `npm test` leaves out, since it installs and builds: the files of docker/ and deploy/, tried. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findOnPath } from '../../src/temporal-cli/executables';
import { mustSay } from '../package/row';
import { sh } from '../package/sh';
import { assembled } from './assemble';
import { imageOf, ROOT } from './dockerfile';

/** By its name: gives what to note. @throws Error where it is not as it must be */
const ROWS: Record<string, () => Promise<string>> = {
  'image of the emulator': () => startsInImage('emulator', 'temporal-migration-hub emulator'),
  'image of the worker': () => startsInImage('worker', 'temporal-migration-hub worker'),
  'systemd unit': verifyUnit,
};

/** The image is complete: its program loads with nothing but what is in it. */
async function startsInImage(folder: string, usage: string): Promise<string> {
  const [program = '', ...args] = JSON.parse(imageOf(folder).only('ENTRYPOINT')) as string[];
  return assembled(folder, async (root) => {
    mustSay(await sh(root, program, [...args, '--help'], { NODE_PATH: '' }), usage);
    const [kilobytes = ''] = (await sh(root, 'du', ['-sk', '.'])).split('\t');
    return `builds, and its program starts; ${Math.round(Number(kilobytes) / 1000)} MB beside Node`;
  });
}

/** As systemd reads it; Node is where it is here. */
async function verifyUnit(): Promise<string> {
  if (!(await findOnPath('systemd-analyze'))) return 'not run: systemd-analyze is not on PATH';
  const name = 'temporal-migration-hub-worker.service';
  const unit = await readFile(join(ROOT, 'deploy/systemd', name), 'utf8');
  const at = await mkdtemp(join(tmpdir(), 'systemd-'));
  try {
    const copy = join(at, name);
    await writeFile(copy, unit.replace('/usr/bin/node', process.execPath));
    // What it warns of it writes, and exits with 0.
    const said = await sh(at, 'systemd-analyze', ['verify', '--man=no', copy]);
    if (said.includes(name)) throw new Error(said);
    const security = await sh(at, 'systemd-analyze', ['security', '--offline=true', '--no-pager', copy]);
    return `verified; ${/Overall exposure level[^\n]*: ([\d.]+ \w+)/.exec(security)?.[1] ?? ''} (exposure, of 10)`;
  } finally {
    await rm(at, { recursive: true });
  }
}

async function main(): Promise<void> {
  const width = Math.max(...Object.keys(ROWS).map((name) => name.length));
  for (const [name, run] of Object.entries(ROWS)) {
    const began = performance.now();
    const [verdict, note] = await run().then(
      (note) => ['good', note] as const,
      (error: Error) => ['BAD', error.message] as const,
    );
    if (verdict === 'BAD') process.exitCode = 1;
    const seconds = String(Math.round((performance.now() - began) / 1000)).padStart(4);
    process.stdout.write(`${name.padEnd(width)}  ${verdict.padEnd(4)}  ${seconds} s  ${note}\n`);
  }
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
