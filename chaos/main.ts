/** `npm run chaos`: runs scenarios, each in a process of its own, and prints what the referee says. */
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { stopSignal } from '../src/cli/stop-signal';
import { readOptions, usage, UsageError, type ChaosOptions } from './options';
import type { Message } from './run-one';
import { SCENARIOS } from './scenarios';
import { isGood, table, type Row } from './table';

/** Time for a scenario to end what it started. */
const CLOSE_SECONDS = 30;
const started = Date.now();
const running = new Set<ChildProcess>();
const interrupted = stopSignal();

function say(name: string, line: string): void {
  const seconds = Math.round((Date.now() - started) / 1000);
  process.stderr.write(`${String(seconds).padStart(5)} s  ${name}: ${line}\n`);
}

/** The scenario and all that it started: they are one process group. */
function killGroup({ pid }: ChildProcess): void {
  try {
    if (pid !== undefined) process.kill(-pid, 'SIGKILL');
  } catch {
    // It is gone.
  }
}

async function runOne(name: string, { short, seed }: ChaosOptions): Promise<Row> {
  const begin = Date.now();
  const row: Row = { name, seconds: 0 };
  say(name, 'starts');
  const child = fork(join(__dirname, 'run-one.ts'), [name, String(seed), short ? 'short' : 'long'], {
    // The SDK takes a stack trace of each promise that workflow code makes.
    execArgv: ['--stack-trace-limit=2', '--import', 'tsx'],
    // A Ctrl-C must reach the scenario through us, and not its children first.
    detached: true,
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  running.add(child);
  child.on('message', (message: Message) => {
    if ('line' in message) say(name, message.line);
    else if ('outcome' in message) row.outcome = message.outcome;
    else row.error = message.error;
  });
  const [code, signal] = (await once(child, 'exit')) as [number | null, string | null];
  running.delete(child);
  killGroup(child);
  row.seconds = (Date.now() - begin) / 1000;
  if (!row.outcome) row.error ??= `its process ended (${signal ?? code})`;
  say(name, isGood(row) ? 'good' : (row.error ?? row.outcome?.faults.join('\n         ') ?? ''));
  return row;
}

/** As many at once as asked for, those that want to be alone at the end. */
async function runAll(options: ChaosOptions): Promise<Row[]> {
  const rows: Row[] = [];
  const work = async (names: string[]) => {
    for (let name = names.shift(); name !== undefined && !interrupted.aborted; name = names.shift())
      rows.push(await runOne(name, options));
  };
  const isAlone = (name: string) => SCENARIOS[name]?.alone === true;
  const together = options.names.filter((name) => !isAlone(name));
  await Promise.all(Array.from({ length: options.parallel }, () => work(together)));
  await work(options.names.filter(isAlone));
  return rows.sort((a, b) => options.names.indexOf(a.name) - options.names.indexOf(b.name));
}

/** Lets them end what they started. */
function stop(): void {
  for (const child of running) child.kill('SIGTERM');
  setTimeout(() => running.forEach(killGroup), CLOSE_SECONDS * 1000).unref();
}

async function main(): Promise<number> {
  const options = readOptions(process.argv.slice(2));
  if (!options) {
    console.log(usage());
    return 0;
  }
  interrupted.addEventListener('abort', stop);
  process.on('exit', () => running.forEach(killGroup));
  const rows = await runAll(options);
  if (interrupted.aborted) return 130;
  console.log(table(rows));
  return rows.every(isGood) ? 0 : 1;
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    console.error(error instanceof UsageError ? error.message : error);
    process.exit(2);
  },
);
