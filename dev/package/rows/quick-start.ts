import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { startDevServer } from '../../servers';
import type { Place } from '../place';
import { mustSay, type Row } from '../row';
import { sh } from '../sh';

const PAGE = join(__dirname, '../../../docs/guide/first-report.md');
const CREDENTIALS = { AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' };

/** What the page has its reader type. */
interface Typed {
  /** The words after `npm install`, without the tarball. */
  packages: string[];
  files: Map<string, string>;
  /** What the page says of an ES module: the line, and the import that it needs. */
  esm: string;
}

async function typed(): Promise<Typed> {
  const page = await readFile(PAGE, 'utf8');
  const install = /^npm install ((?:.*\\\n)*.*)$/m.exec(page)?.[1] ?? '';
  const files = [...page.matchAll(/^`([\w.]+\.ts)`[^\n]*\n\n```ts\n(.*?)```/gms)];
  return {
    packages: install.split(/[\s\\]+/).filter((word) => !word.endsWith('.tgz')),
    files: new Map(files.map(([, name = '', text = '']) => [name, text])),
    esm: /`(workflowsPath: fileURLToPath[^`]*)`/.exec(page)?.[1] ?? '',
  };
}

const asModule = (worker: string, line: string): string =>
  `import { fileURLToPath } from 'node:url';\n${worker.replace(/workflowsPath: [^\n]*(?=,\n)/, line)}`;

/** Starts a program and waits for a line of its output. */
async function start(cwd: string, command: string[], wanted: RegExp, started: ChildProcess[]) {
  const [program = '', ...args] = command;
  // A group of its own: npx starts a shell, which starts the program.
  const child = spawn(program, args, { cwd, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  started.push(child);
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => (said += String(chunk)));
  for await (const line of createInterface(child.stdout)) {
    const found = wanted.exec(line);
    if (found) return found;
    said += `${line}\n`;
  }
  throw new Error(`${command.join(' ')} ended: ${said.slice(-1000)}`);
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  process.kill(-(child.pid as number), 'SIGTERM');
  await ended;
}

/** npx alone is told to end, as by whoever has started it in the background. */
async function endsWithNpx(npx: ChildProcess | undefined, url: string): Promise<void> {
  npx?.kill('SIGTERM');
  for (const end = Date.now() + 10_000; ; await sleep(200)) {
    if (!(await fetch(`${url}/_mgh/health`).catch(() => undefined))) return;
    if (Date.now() > end) throw new Error('the emulator outlives the npx that was told to end');
  }
}

/** The page, typed into an empty folder: what Migration Hub holds in the end. */
async function follow(place: Place, name: string, isModule: boolean): Promise<string> {
  const { packages, files, esm } = await typed();
  const cwd = await place.project(name, isModule ? { type: 'module' } : {}, {});
  await place.npm(cwd, [place.tarball, ...packages]);
  for (const [file, text] of files)
    await writeFile(join(cwd, file), isModule && file === 'worker.ts' ? asModule(text, esm) : text);
  // The page is for an empty Temporal server: its workflow and task have the same names for everybody.
  const temporal = await startDevServer({ log: () => undefined });
  const TEMPORAL_ADDRESS = temporal.address;
  const started: ChildProcess[] = [];
  try {
    const emulator = ['npx', 'temporal-migration-hub', 'emulator', '--port', '0'];
    const [url = ''] = await start(cwd, emulator, /http:\/\/127\.0\.0\.1:\d+/, started);
    const env = { ...CREDENTIALS, TEMPORAL_ADDRESS, AWS_ENDPOINT_URL_MIGRATION_HUB: url };
    started.push(
      spawn('npx', ['tsx', 'worker.ts'], { cwd, env: { ...process.env, ...env }, detached: true, stdio: 'ignore' }),
    );
    const said = await sh(cwd, 'npx', ['tsx', 'migrate.ts'], { TEMPORAL_ADDRESS });
    mustSay(said, 'terminal COMPLETED 100');
    const tasks = (await (await fetch(`${url}/_mgh/tasks`)).json()) as object[];
    mustSay(JSON.stringify(tasks), '"status":"COMPLETED","progressPercent":100');
    await endsWithNpx(started[0], url);
    return `${files.size} files; Migration Hub has web-01 COMPLETED`;
  } finally {
    await Promise.all(started.map(end));
    await temporal.close();
  }
}

/** The guide's first page, for a newcomer. */
export const QUICK_START_ROWS: Row[] = [
  {
    name: 'quick start of the guide, CommonJS',
    inShort: true,
    run: (place) => follow(place, 'quick-start', false),
  },
  { name: 'quick start of the guide, ESM', inShort: true, run: (place) => follow(place, 'quick-start-esm', true) },
];
