import { Option, type Command } from 'commander';
import type { WatchedTasks } from '../../client/task-filter';
import { must } from '../../report/fields';
import type { ReportedState } from '../../task-state';
import { integerOf, labelOption, streamArgument, taskArgument, valuesByName, type Label } from '../arguments';
import { CliError } from '../cli-error';
import { colorsFor } from '../color';
import { withHub } from '../connect';
import { addHubOptions } from '../hub-command';
import { jsonOf, write, type OutputFlags } from '../output';
import { noteWarnings, untilEnded } from '../streams';
import { changeLine } from '../task-rows';
import type { TemporalFlags } from '../temporal-options';
import { showLive } from '../watch/live-screen';
import { LiveTable } from '../watch/live-table';

interface Flags extends OutputFlags, TemporalFlags {
  interval: number;
  label?: Label[];
}

const INTERVAL = must(
  (value) => Number.isInteger(value) && Number(value) >= 1 && Number(value) <= 86_400,
  'it must be an integer from 1 to 86400',
);

/** `watch STREAM [TASK]` */
export function addWatch(program: Command): void {
  const command = program
    .command('watch')
    .summary('tasks as they change: a live table, or a line for each change')
    .description(
      'the tasks of a stream, or one task, as they change: a live table on a terminal (/ filters, q ends), else one line per change',
    )
    .addArgument(streamArgument())
    .addArgument(taskArgument('[task]'))
    .addOption(
      labelOption('only tasks with this label; of several names all must match, of several values of one name any'),
    )
    .addOption(
      new Option('--interval <seconds>', 'seconds between two reads').argParser(integerOf(INTERVAL)).default(5),
    )
    .action((stream: string, task: string | undefined, flags: Flags) => {
      if (flags.output === 'json')
        throw new CliError('--output json is one list, but watch has no end: use --output jsonl');
      const watched: WatchedTasks = {
        progressUpdateStream: stream,
        ...(task !== undefined && { migrationTaskName: task }),
        ...(flags.label && { labels: valuesByName(flags.label) }),
      };
      return withHub(flags, ({ hub }) =>
        untilEnded(async (signal, end) => {
          const states = hub.watch(watched, { intervalSeconds: flags.interval, signal });
          const isLive = flags.output === 'table' && process.stdout.isTTY && process.env['TERM'] !== 'dumb';
          if (isLive) await watchLive(states, watched, flags, { signal, end });
          else await writeChanges(states, flags);
        }),
      );
    });
  addHubOptions(command);
}

async function watchLive(
  states: AsyncIterable<ReportedState>,
  { progressUpdateStream, migrationTaskName }: WatchedTasks,
  { color, timeFormat }: Flags,
  ending: { signal: AbortSignal; end: () => void },
): Promise<void> {
  const table = new LiveTable([progressUpdateStream, migrationTaskName].filter(Boolean).join('/'));
  noteWarnings((text) => (table.notice = `${new Date().toLocaleTimeString('en-GB')} ${text}`));
  try {
    const terminal = { input: process.stdin, output: process.stdout };
    await showLive(states, table, terminal, { colors: colorsFor(color), timeFormat, ...ending });
  } finally {
    noteWarnings();
  }
}

async function writeChanges(states: AsyncIterable<ReportedState>, flags: Flags): Promise<void> {
  for await (const state of states) write(flags.output === 'jsonl' ? jsonOf(state) : changeLine(state));
}
