/**
 * `npm run bench:inventory [-- --servers 50000]`: reads a wave file of so many servers and an RVTools vInfo tab of the same, each as a
 * stream, in a process of its own; prints rows, seconds and the most memory, with goals, as a table and as JSON.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import { parseArgs } from 'node:util';
import type { Measurement } from './goals';
import { rowsOf, table } from './table';

const FIXTURES = join(__dirname, '../test/fixtures/inventory');

const headerOf = (fixture: string): string[] =>
  (readFileSync(join(FIXTURES, fixture), 'utf8').split(/\r?\n/)[0] ?? '').split(',');

const hex = (i: number) => i.toString(16).padStart(12, '0');
/** What the columns hold of server i; the others hold what they usually do. */
const CELLS: Record<string, (i: number) => string> = {
  server_name: (i) => `server-${i}`,
  server_fqdn: (i) => `server-${i}.corp.example`,
  wave_name: (i) => `Wave ${i % 40}`,
  app_name: (i) => `application-${i % 900}`,
  r_type: () => 'Rehost',
  VM: (i) => `server-${i}`,
  Powerstate: () => 'poweredOn',
  Template: () => 'False',
  'SRM Placeholder': () => 'False',
  'DNS Name': (i) => `server-${i}.corp.example`,
  Memory: () => '"16,384"',
  'Primary IP Address': (i) => `10.${(i >> 16) & 255}.${(i >> 8) & 255}.${i & 255}`,
  Folder: (i) => `/Lyon/vm/folder-${i % 900}`,
  Path: (i) => `[store-${i % 90}] server-${i}/server-${i}.vmx`,
  Annotation: (i) => (i % 50 === 0 ? '"behind the ""old"" rack,\nsecond row"' : ''),
  'VM ID': (i) => `vm-${i}`,
  'SMBIOS UUID': (i) => `422e0000-0000-4000-8000-${hex(i)}`,
  'VM UUID': (i) => `50220000-0000-4000-8000-${hex(i)}`,
  'VI SDK Server': () => 'vcenter.corp.example',
  'VI SDK UUID': () => '6f1c2d3e-7a8b-4c9d-8e0f-a1b2c3d4e5f6',
};

async function writeFile(path: string, header: string[], servers: number): Promise<void> {
  const out = createWriteStream(path);
  out.write(`${header.join(',')}\n`);
  for (let i = 0; i < servers; i++) {
    const row = header.map((column, at) => CELLS[column]?.(i) ?? (at % 3 === 0 ? 'green' : at % 3 === 1 ? '-1' : ''));
    if (!out.write(`${row.join(',')}\n`)) await once(out, 'drain');
  }
  out.end();
  await finished(out);
}

/** What the reader measured. */
interface Answer {
  rows: number;
  /** Servers with all that both files tell. */
  joined: number;
  problems: number;
  seconds: number;
  cpuSeconds: number;
  peakMb: number;
}

/** In a process of its own: what wrote the files takes memory, too. */
async function read(paths: string[]): Promise<Answer> {
  const child = spawn(process.execPath, [join(__dirname, 'inventory-reader.mjs'), ...paths], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let text = '';
  child.stdout.on('data', (data: Buffer) => (text += data.toString()));
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0) throw new Error(`reading ended with ${code}`);
  return JSON.parse(text) as Answer;
}

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { servers: { type: 'string', default: '50000' } } });
  const servers = Number(values.servers);
  if (!Number.isInteger(servers) || servers < 1)
    throw new Error(`--servers must be an integer from 1, not ${values.servers}`);
  const folder = mkdtempSync(join(tmpdir(), 'inventory-'));
  try {
    const [wave, inventory] = [join(folder, 'wave.csv'), join(folder, 'vinfo.csv')];
    await writeFile(wave, headerOf('intake-wave-name.csv'), servers);
    await writeFile(inventory, headerOf('rvtools-4-vinfo.csv'), servers);
    const megabytes = Math.round((statSync(wave).size + statSync(inventory).size) / 2 ** 20);
    const { rows, joined, problems, seconds, cpuSeconds, peakMb } = await read([wave, inventory]);
    const figure = (id: string, label: string, value: number, unit = '', detail?: string): Measurement => ({
      ...{ id: `inventory.${id}`, label, value, unit },
      ...(detail !== undefined && { detail }),
    });
    const told = rowsOf(
      [
        figure('rows', 'rows of two files', rows, '', `${megabytes} MB`),
        figure('lost', 'servers not joined, and errors', servers - joined + problems),
        figure('seconds', 'time', seconds, 's', `${cpuSeconds.toFixed(1)} s of CPU time`),
        figure('peak', 'most memory', peakMb, 'MB', 'of the whole process'),
      ],
      { short: false },
    );
    process.stdout.write(`${table(told)}\n${JSON.stringify(told)}\n`);
    if (told.some(({ verdict }) => verdict === 'MISSED')) process.exitCode = 1;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

main().catch((error: Error) => {
  process.stderr.write(`bench: ${error.message}\n`);
  process.exitCode = 1;
});
