/** `npm run life`: users' programmes made at random; what Migration Hub shows of them is compared with a model. */
import { setMaxListeners } from 'node:events';
import { DefaultLogger, Runtime } from '@temporalio/worker';
import { stopSignal } from '../src/cli/stop-signal';
import { playBatch } from './batch';
import { readOptions, USAGE, UsageError } from './options';

const started = Date.now();
const stop = stopSignal();
setMaxListeners(0, stop);

function log(line: string): void {
  process.stderr.write(`${String(Math.round((Date.now() - started) / 1000)).padStart(5)} s  ${line}\n`);
}

async function main(): Promise<number> {
  const options = readOptions(process.argv.slice(2));
  if (!options) {
    console.log(USAGE);
    return 0;
  }
  process.env['AWS_ACCESS_KEY_ID'] = 'life';
  process.env['AWS_SECRET_ACCESS_KEY'] = 'life';
  Runtime.install({
    // Lost workers and servers are the point.
    logger: new DefaultLogger('ERROR', () => undefined),
    telemetryOptions: { logging: { filter: { core: 'ERROR', other: 'ERROR' } } },
    shutdownSignals: [],
  });
  const { from, seeds, atOnce, calm } = options;
  const differences: string[] = [];
  let tasks = 0;
  for (let seed = from; seed < from + seeds; seed += atOnce) {
    const until = Math.min(from + seeds, seed + atOnce);
    log(`seeds ${seed} to ${until - 1}`);
    const found = await playBatch({ from: seed, until, calm }, log, stop);
    differences.push(...found.differences);
    tasks += found.tasks;
    found.differences.forEach(log);
  }
  const seconds = Math.round((Date.now() - started) / 1000);
  console.log(
    [...differences, `${seeds} seeds, ${tasks} tasks, ${differences.length} differences, ${seconds} s`].join('\n'),
  );
  return differences.length > 0 ? 1 : 0;
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    if (stop.aborted) process.exit(130);
    console.error(error instanceof UsageError ? error.message : error);
    process.exit(2);
  },
);
