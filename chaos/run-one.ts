/** The process of one scenario: `run-one <name> <seed> [short]`. It tells its parent the outcome, and ends all it started. */
import { setMaxListeners } from 'node:events';
import { DefaultLogger, Runtime } from '@temporalio/worker';
import { seededRandom } from '../src/emulator/faults/seeded-random';
import type { Outcome } from './scenario';
import { SCENARIOS } from './scenarios';

/** What is sent to the parent; an outcome, or the reason why there is none, comes once. */
export type Message = { line: string } | { outcome: Outcome } | { error: string };

const tell = (message: Message) =>
  new Promise<void>((sent) => (process.connected ? process.send?.(message, () => sent()) : sent()));

async function main(): Promise<void> {
  const [name = '', seed, short] = process.argv.slice(2);
  const scenario = SCENARIOS[name];
  if (!scenario) throw new Error(`there is no scenario ${name}`);
  process.env['AWS_ACCESS_KEY_ID'] = 'chaos';
  process.env['AWS_SECRET_ACCESS_KEY'] = 'chaos';
  Runtime.install({
    // Lost workers and servers are the point; how it goes is told by the journal.
    logger: new DefaultLogger('ERROR', () => undefined),
    telemetryOptions: { logging: { filter: { core: 'ERROR', other: 'ERROR' } } },
    shutdownSignals: [],
  });
  const stop = new AbortController();
  setMaxListeners(0, stop.signal);
  for (const signal of ['SIGTERM', 'SIGINT', 'disconnect'] as const)
    process.on(signal, () => stop.abort(new Error('stopped')));
  const closers: (() => unknown)[] = [];
  const message = await scenario
    .run({
      short: short === 'short',
      random: seededRandom(Number(seed)),
      log: (line) => void tell({ line }),
      signal: stop.signal,
      fail: (error) => stop.abort(error),
      defer: (close) => closers.push(close),
    })
    .then(
      (outcome): Message => ({ outcome }),
      (error: unknown): Message => {
        const reason: unknown = stop.signal.aborted ? stop.signal.reason : error;
        return { error: reason instanceof Error ? (reason.stack ?? reason.message) : String(reason) };
      },
    );
  for (const close of closers.reverse()) {
    try {
      await close();
    } catch {
      // What cannot be closed ends with this process group.
    }
  }
  await tell(message);
}

main().then(
  () => process.exit(0),
  (error: Error) => void tell({ error: error.message }).then(() => process.exit(1)),
);
