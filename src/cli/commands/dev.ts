import { once } from 'node:events';
import type { NativeConnectionOptions } from '@temporalio/worker';
import { InvalidArgumentError, Option, type Command } from 'commander';
import type { DevAddresses, DevEnvironment, DevSettings } from '../../dev-environment';
import { allowHostOption } from '../arguments';
import { CliError, EXIT } from '../cli-error';
import { withHub } from '../connect';
import { orUsage } from '../or-usage';
import { addPluginsOption, pluginsOf } from '../plugins';
import { addOutputOptions, note, write, writeOne, type OutputFlags } from '../output';
import { stopSignal } from '../stop-signal';
import { addTemporalOptions, givenByFlagsAndVariables, type TemporalFlags } from '../temporal-options';
import type { TemporalSettings } from '../temporal-settings';

/** As `temporal server start-dev`, the emulator and the board have them. */
const PORTS = { temporal: 7233, ui: 8233, emulator: 4599, board: 8644 };
/** What does not stop in this time is ended. */
const STOP_MS = 20_000;
const INTERRUPTED = 130;
/** Of gRPC. */
const NOT_FOUND = 5;

interface DevFlags extends OutputFlags, TemporalFlags {
  keep?: string;
  sample: boolean;
  temporalPort?: number;
  uiPort?: number;
  emulatorPort: number;
  boardPort: number;
  allowHost?: string[];
}

function portOf(text: string): number {
  if (/^\d{1,5}$/.test(text) && Number(text) <= 65_535) return Number(text);
  throw new InvalidArgumentError('It must be an integer from 0 (any free port) to 65535.');
}
const portOption = (flag: string, about: string) => new Option(`${flag} <port>`, about).argParser(portOf);

/** `dev`: everything at once, for trying it out and for developing migrations. */
export function addDev(program: Command): void {
  const command = program
    .command('dev')
    .description(
      'starts Temporal with its UI, the emulator, a worker, the board and sample migrations; Ctrl-C stops all',
    )
    .option('--keep <folder>', 'keeps the state of Temporal and the emulator here for the next dev')
    .option('--no-sample', 'starts no sample migrations')
    .addOption(portOption('--temporal-port', `gRPC port of Temporal; default ${PORTS.temporal}`))
    .addOption(portOption('--ui-port', `port of the Temporal UI; default ${PORTS.ui}`))
    .addOption(portOption('--emulator-port', 'port of the emulator').default(PORTS.emulator))
    .addOption(portOption('--board-port', 'port of the board').default(PORTS.board))
    .addOption(allowHostOption())
    .addHelpText(
      'after',
      '\nWith --address or --profile, or their variables, dev uses that Temporal server and starts none.',
    )
    .action(dev);
  addOutputOptions(addPluginsOption(addTemporalOptions(command)));
}

/** The server that a flag or a variable names. A default profile is meant for programmes that are no trial. */
async function givenServer(flags: DevFlags): Promise<TemporalSettings | undefined> {
  const given = givenByFlagsAndVariables(flags);
  if (!given.has('TEMPORAL_ADDRESS') && !given.has('TEMPORAL_PROFILE')) return undefined;
  const { temporalSettings } = await import('../temporal-settings.js');
  const settings = await temporalSettings(flags);
  if (flags.temporalPort !== undefined || flags.uiPort !== undefined)
    throw new CliError(
      `--temporal-port and --ui-port are for a server that dev starts, but ${settings.address} (${settings.addressFrom}) is used: leave them out`,
    );
  return settings;
}

async function settingsOf(flags: DevFlags, given: TemporalSettings | undefined): Promise<DevSettings> {
  const { keep, sample, temporalPort = PORTS.temporal, uiPort = PORTS.ui, allowHost: boardHosts } = flags;
  if (boardHosts) {
    const { checkBoard } = await import('../../board/index.js');
    await orUsage(() => checkBoard({ allowHosts: boardHosts }));
  }
  const own = given ? {} : { temporal: temporalPort, ui: uiPort };
  const named = givenByFlagsAndVariables(flags).get('TEMPORAL_NAMESPACE')?.value;
  return {
    given: given && { ...(given.connectionOptions as NativeConnectionOptions), address: given.address },
    namespace: given?.namespace ?? named ?? 'default',
    // Of either: a codec that other commands have by the variable, these parts need, too.
    plugins: (await pluginsOf(flags)) as DevSettings['plugins'],
    ports: { ...own, emulator: flags.emulatorPort, board: flags.boardPort },
    boardHosts,
    keep,
    sample,
  };
}

async function dev(flags: DevFlags): Promise<void> {
  const given = await givenServer(flags);
  const settings = await settingsOf(flags, given);
  const signal = stopSignal();
  const { startDevEnvironment, otherWorkers } = await import('../../dev-environment/index.js');
  if (given)
    await withHub(flags, async ({ client }) => {
      const [other] = await otherWorkers(client).catch((error: { code?: number }) => {
        if (error.code !== NOT_FOUND) throw error;
        throw new CliError(
          `Temporal at ${given.address} has no namespace ${given.namespace} (${given.namespaceFrom}): name another with --namespace, or create it`,
        );
      });
      if (other !== undefined)
        throw new CliError(
          `worker ${other} already serves namespace ${given.namespace} at ${given.address}: the worker of dev would send its reports to the emulator, not to Migration Hub. Stop it and wait 90 s, or use another --namespace or --address`,
        );
    });
  let code: number;
  try {
    const environment = await startDevEnvironment(settings, note, signal);
    show(environment.addresses, flags);
    code = await untilStopped(environment, signal);
  } catch (error) {
    code = signal.aborted ? INTERRUPTED : said(error as Error);
  }
  // Native threads and sockets of the SDK must not keep the process.
  process.exit(code);
}

async function untilStopped({ failed, stop }: DevEnvironment, signal: AbortSignal): Promise<number> {
  const interrupted = signal.aborted ? Promise.resolve() : once(signal, 'abort');
  const failure = await Promise.race([interrupted.then(() => undefined), failed.catch((error: Error) => error)]);
  if (failure) note(failure.message);
  setTimeout(() => {
    note(`dev did not stop within ${STOP_MS / 1000} s: exits now`);
    process.exit(EXIT.outcome);
  }, STOP_MS).unref();
  await stop();
  return failure ? EXIT.outcome : 0;
}

/** Those that say which setting is wrong. */
const OF_SETTINGS = ['ConfigurationError', 'SettingError'];

/** Writes why it did not start, in one line and the ways to a Temporal server. Gives the exit code. @throws what is a bug */
function said(error: Error): number {
  const [line = '', ...ways] = error.message.split('\n');
  const hasWays = line.startsWith('No dev server');
  if (!hasWays && !OF_SETTINGS.includes(error.name)) throw error;
  note(hasWays ? [line, ...ways].join('\n') : error.message.replace(/\s*\n\s*/g, ' '));
  return EXIT.usage;
}

function show(addresses: DevAddresses, flags: DevFlags): void {
  const { temporal, migrationHub, board, sample, variables } = addresses;
  writeOne(
    addresses,
    [
      ['Temporal', `${temporal.address}, namespace ${temporal.namespace}`],
      ['Temporal UI', temporal.ui],
      ['Migration Hub', `${migrationHub} (emulator)`],
      ['board', board],
      ['sample', sample && `${sample.servers} servers of ${sample.progressUpdateStream} migrate, for about 5 minutes`],
    ],
    flags,
  );
  if (flags.output !== 'table') return;
  const set = Object.entries(variables).map(([name, value]) => `export ${name}=${value}`);
  write(`\nFor your own programs and for other commands:\n  ${set.join('\n  ')}\n\nCtrl-C stops all.`);
}
