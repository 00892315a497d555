import { Option, type Command } from 'commander';
import type { TaskEvent } from '../../client/history/task-timeline';
import { must } from '../../report/fields';
import { integerOf, streamArgument, taskArgument } from '../arguments';
import type { Colors } from '../color';
import { withHub } from '../connect';
import { addHubOptions } from '../hub-command';
import { writeRows, type Column, type OutputFlags } from '../output';
import { nobodyReported, percentInWords } from '../task-rows';
import type { TemporalFlags } from '../temporal-options';
import { timeInWords } from '../time-words';

interface Flags extends OutputFlags, TemporalFlags {
  limit?: number;
}

const MAX_LIMIT = 1_000_000;
const LIMIT = must(
  (value) => Number.isInteger(value) && Number(value) >= 1 && Number(value) <= MAX_LIMIT,
  `it must be an integer from 1 to ${MAX_LIMIT}`,
);

/** `history STREAM TASK` */
export function addHistory(program: Command): void {
  const command = program
    .command('history')
    .summary('what was reported and delivered, when and by whom')
    .description(
      'what was reported of a task and what was delivered, when and by whom, as far back as Temporal keeps it',
    )
    .addArgument(streamArgument())
    .addArgument(taskArgument())
    .addOption(
      new Option('--limit <number>', 'shows only so many, the newest; default 10000').argParser(integerOf(LIMIT)),
    )
    .action((stream: string, task: string, flags: Flags) =>
      withHub(flags, async ({ hub, settings }) => {
        const events = await hub.history(stream, task, flags.limit === undefined ? {} : { limit: flags.limit });
        if (events.length === 0) throw nobodyReported(`${stream}/${task}`, settings);
        writeRows(events, columns(flags), flags);
      }),
    );
  addHubOptions(command);
}

const columns = ({ timeFormat }: OutputFlags): Column<TaskEvent>[] => [
  ['TIME', ({ at }) => timeInWords(at, timeFormat)],
  ['WHAT', ({ what }) => what.replaceAll('-', ' '), paintWhat],
  ['STATUS', ({ status }) => status ?? '-'],
  ['PERCENT', ({ progressPercent }) => percentInWords(progressPercent) ?? '-'],
  ['BY', ({ by }) => by?.workflowId ?? by?.ownerId ?? '-'],
  ['DETAIL', detailOf],
];

/** Why, where there is a reason; and what is to be said of a delivery. */
function detailOf({ reason, statusDetail, retries, late }: TaskEvent): string {
  const parts = [reason ?? statusDetail, retries && `after ${retries} ${retries === 1 ? 'retry' : 'retries'}`];
  return [...parts, late && 'late: the task was stale'].filter(Boolean).join('; ');
}

function paintWhat(text: string, { what, late }: TaskEvent, colors: Colors): string {
  if (what === 'failure' || what === 'refused' || what === 'heartbeats-ended') return colors.red(text);
  if (late) return colors.yellow(text);
  return what === 'heartbeat' ? colors.dim(text) : text;
}
