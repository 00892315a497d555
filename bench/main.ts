/** `npm run bench`: measures this package beside what one would do without it, and says which goals are met. */
import { writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { killAll } from './children';
import { FIGURES } from './figures';
import { failuresOf, type Measurement } from './goals';
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

/** Measures one after the other; a figure that breaks does not stop those after it. */
async function measure(options: BenchOptions): Promise<{ measurements: Measurement[]; broken: string[] }> {
  const measurements: Measurement[] = [];
  const broken: string[] = [];
  for (const name of options.figures) {
    say(`${name}: ${FIGURES[name]?.about ?? ''}`);
    await FIGURES[name]
      ?.run({
        short: options.short,
        log: (line) => say(`${name}: ${line}`),
        add: (...more) => measurements.push(...more),
      })
      .catch((error: Error) => {
        say(`${name}: BROKEN: ${error.stack ?? error.message}`);
        broken.push(`${name}: ${error.message.split('\n')[0]}`);
      });
  }
  return { measurements, broken };
}

async function main(): Promise<number> {
  const options = readOptions(process.argv.slice(2), Object.keys(FIGURES));
  if (!options) {
    console.log(usage(FIGURES));
    return 0;
  }
  if (!hasProc()) throw new UsageError('CPU and memory are read from /proc, which this system lacks: use Linux');
  process.on('exit', killAll);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(130));
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
