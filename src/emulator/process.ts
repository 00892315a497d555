/**
 * The emulator as a process: `npm run emulator -- --port 4599 --state hub.jsonl`. `--help` lists the flags. Exit code 0
 * when it was ended by SIGINT or SIGTERM, 2 when it could not start.
 */
import { parseArgs } from 'node:util';
import { setFlagsFromString } from 'node:v8';
import { onStopSignal } from '../on-stop-signal';
import type { ThrottleSetting } from './faults/types';
import type { EmulatorOptions } from './options';
import { startEmulator } from './start-emulator';

// A long-lived process with little state: more garbage collection, instead of a heap of four times the size.
for (const flag of ['--heap-growing-percent=20', '--max-semi-space-size=4']) setFlagsFromString(flag);

const DEFAULT_PORT = 4599;
const string = { type: 'string' } as const;
const options = {
  port: string,
  host: string,
  'home-region': string,
  state: string,
  'journal-size': string,
  'throttle-rate': string,
  'throttle-burst': string,
  'stream-deletion-seconds': string,
  'history-per-task': string,
  signatures: string,
  switch: { type: 'string', multiple: true },
  strict: { type: 'boolean' },
  relaxed: { type: 'boolean' },
  help: { type: 'boolean' },
} as const;

const USAGE = `temporal-migration-hub emulator [flags]: AWS Migration Hub on a port (docs/emulator.md)
  --port 4599               0: any free one
  --host ADDRESS            default: 127.0.0.1 and ::1
  --home-region us-west-2   or none
  --strict | --relaxed      accepts what the model allows (default) | also what AWS might accept
  --switch name=value       a behaviour that AWS does not document; may be repeated
  --signatures off|format   default: off
  --state FILE              keeps the state when the process ends
  --journal-size 10000      requests kept
  --history-per-task 100    updates kept of each task
  --throttle-rate 5         calls per second; default: no throttle
  --throttle-burst 10       calls at once; default: the rate
  --stream-deletion-seconds 5`;

/** The number of a flag. @throws RangeError when it is out of range */
function numberOf(flag: string, text: string, pattern: RegExp, max: number, range: string): number {
  const number = Number(text);
  if (!pattern.test(text) || number > max) throw new RangeError(`--${flag} must be ${range}, not ${text}`);
  return number;
}
const WHOLE = /^\d+$/;
const ABOVE_ZERO = /^(?!0+$)\d+$/;
const DECIMAL = /^(?=.*[1-9])\d+(\.\d+)?$/;

function throttleOf(rate: string | undefined, burst: string | undefined): ThrottleSetting | undefined {
  if (rate === undefined && burst !== undefined) throw new RangeError('--throttle-burst needs --throttle-rate');
  if (rate === undefined) return undefined;
  const range = 'from 1 to 1000000';
  return {
    ratePerSecond: numberOf('throttle-rate', rate, DECIMAL, 1e6, 'above 0, at most 1000000 calls per second'),
    ...(burst !== undefined && { burst: numberOf('throttle-burst', burst, ABOVE_ZERO, 1e6, range) }),
  };
}

function switchesOf(given: string[]): Record<string, string> {
  return Object.fromEntries(
    given.map((each) => {
      const [, name, value] = /^(\w+)=(.+)$/.exec(each) ?? [];
      if (!name || !value) throw new RangeError(`--switch must look like reimport=keep, not ${each}`);
      return [name, value];
    }),
  );
}

function readFlags(): EmulatorOptions & { port: number } {
  const { values } = parseArgs({ options });
  if (values.strict && values.relaxed) throw new RangeError('--strict and --relaxed exclude each other: use one');
  const { signatures = 'off', 'stream-deletion-seconds': deletion, 'history-per-task': history } = values;
  if (signatures !== 'off' && signatures !== 'format')
    throw new RangeError(
      `--signatures must be off or format, not ${signatures}: only startEmulator can verify with keys`,
    );
  const { port = String(DEFAULT_PORT), host, 'home-region': homeRegion, state, 'journal-size': size } = values;
  if (state === '') throw new RangeError('--state must be the path of a file, not empty');
  return {
    port: numberOf('port', port, WHOLE, 65535, '0 to 65535'),
    host,
    homeRegion: homeRegion === 'none' ? null : homeRegion,
    strictness: values.relaxed ? 'relaxed' : 'strict',
    switches: switchesOf(values.switch ?? []),
    signatures,
    streamDeletionSeconds:
      deletion === undefined ? undefined : numberOf('stream-deletion-seconds', deletion, WHOLE, 1e6, '0 to 1000000'),
    historyPerTask:
      history === undefined ? undefined : numberOf('history-per-task', history, ABOVE_ZERO, 1e6, 'from 1 to 1000000'),
    stateFile: state,
    journalSize: size === undefined ? undefined : numberOf('journal-size', size, ABOVE_ZERO, 1e7, 'from 1 to 10000000'),
    throttleAt: throttleOf(values['throttle-rate'], values['throttle-burst']),
  };
}

function reportFailure(error: unknown, port?: number): void {
  const { code, message } = error as NodeJS.ErrnoException;
  const busy = `port ${port} is in use: choose another with --port (0 takes any free one)`;
  const text = code === 'EADDRINUSE' ? busy : message.replace(/\s*\n\s*/g, ' ');
  process.stderr.write(`emulator: ${text}\n`);
  process.exitCode = 2;
}

async function main(): Promise<void> {
  if (process.argv.includes('--help')) return void process.stdout.write(`${USAGE}\n`);
  let port: number | undefined;
  try {
    const flags = readFlags();
    port = flags.port;
    const emulator = await startEmulator(flags);
    onStopSignal(() => void emulator.close());
    const { url } = emulator;
    process.stdout.write(
      `Migration Hub emulator on ${url}; point a client at it: AWS_ENDPOINT_URL_MIGRATION_HUB=${url}\n`,
    );
  } catch (error) {
    reportFailure(error, port);
  }
}

void main();
