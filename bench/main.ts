/** `npm run bench`: measures this package beside what one would do without it, and says which goals are met. */
import { writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { onStopSignal } from '../dev/on-stop-signal';
import { killAll } from './children';
import { FIGURES } from './figures';
import { failuresOf, type Measurement } from './goals';
import { inParallel } from '../src/async/in-parallel';
import { readOptions, usage, UsageError, type BenchOptions } from './options';
import { hasProc } from './proc';
import { rowsOf, table } from './table';

const started = Date.now();
const say = (line: string) => {
  const seconds = Math.round((Date.now() - started) / 1000);
  process.stderr.write(`${String(seconds).padStart(5)} s  ${line}\n`);
};

/** What the times depend on. */
const machine = () => ({
  cores: cpus().length,
  cpu: cpus()[0]?.model ?? '',
  memoryMb: Math.round(totalmem() / 1024 ** 2),
  node: process.version,
});

/** Figures at once in a short run, which judges no times. The long form measures them one after the other. */
const SIDE_BY_SIDE = 3;

/** A figure that breaks does not stop the others. */
async function measure({ figures, short }: BenchOptions): Promise<{ measurements: Measurement[]; broken: string[] }> {
  const measured = new Map(figures.map((name) => [name, [] as Measurement[]]));
  const broken: string[] = [];
  await inParallel(figures, short ? SIDE_BY_SIDE : 1, async (name) => {
    say(`${name}: ${FIGURES[name]?.about ?? ''}`);
    const log = (line: string) => say(`${name}: ${line}`);
    const add = (...more: Measurement[]) => void measured.get(name)?.push(...more);
    await FIGURES[name]?.run({ short, log, add }).catch((error: Error) => {
      log(`BROKEN: ${error.stack ?? error.message}`);
      broken.push(`${name}: ${error.message.split('\n')[0]}`);
    });
    log('done');
  });
  return { measurements: [...measured.values()].flat(), broken };
}

async function main(): Promise<number> {
  const options = readOptions(process.argv.slice(2), FIGURES);
  if (!options) {
    console.log(usage(FIGURES));
    return 0;
  }
  if (!hasProc()) throw new UsageError('CPU and memory are read from /proc, which this system lacks: use Linux');
  process.on('exit', killAll);
  onStopSignal((code) => process.exit(code));
  const { measurements, broken } = await measure(options);
  const rows = rowsOf(measurements, options);
  const { json, short } = options;
  const date = new Date(started).toISOString();
  const seconds = Math.round((Date.now() - started) / 1000);
  if (json !== undefined)
    writeFileSync(json, `${JSON.stringify({ date, seconds, short, machine: machine(), rows, broken }, null, 2)}\n`);
  console.log(table(rows));
  const { cores, cpu, node } = machine();
  console.log(`\n${date}, ${seconds} s, ${cores} cores (${cpu}), Node ${node}${short ? ', short' : ''}`);
  const failures = [...failuresOf(measurements).map(({ label }) => `${label}: MISSED`), ...broken];
  if (failures.length > 0) console.log(['', 'Not as it must be:', ...failures].join('\n'));
  return failures.length > 0 ? 1 : 0;
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    console.error(error instanceof UsageError ? error.message : error);
    process.exit(2);
  },
);
