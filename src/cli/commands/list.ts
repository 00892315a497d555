import { Option, type Command } from 'commander';
import type { TaskFilter } from '../../client/task-filter';
import { meant } from '../../report/meant';
import { namesIn } from '../../report/names-in';
import { FRESHNESS, isPastDeadline, type Freshness, type ReportedState } from '../../task-state';
import { labelOption, streamArgument, valuesByName, type Label } from '../arguments';
import { CliError, EXIT } from '../cli-error';
import { withHub } from '../connect';
import { addHubOptions } from '../hub-command';
import { jsonOf, note, write, writeRows, type OutputFlags } from '../output';
import { inOrder, TASK_COLUMNS } from '../task-rows';
import type { TemporalFlags } from '../temporal-options';

interface ListFlags extends OutputFlags, TemporalFlags {
  stale?: true;
  atRisk?: true;
  freshness?: Freshness[];
  label?: Label[];
  streams?: true;
}

/** `list [STREAM]` */
export function addList(program: Command): void {
  const command = program
    .command('list')
    .summary('tasks by stream, label and freshness')
    .description('the tasks of a stream, or of all streams, that match the flags; also ended ones')
    .addArgument(streamArgument('[stream]', 'the ProgressUpdateStream; default: all'))
    .option('--stale', 'only tasks whose deadline has passed, also where no heartbeat workflow is left')
    .option('--at-risk', 'only tasks at risk: the last delivery failed')
    .addOption(
      new Option('--freshness <a,b>', 'only tasks with this freshness, or one of several')
        .choices(FRESHNESS)
        .argParser(freshnessOf),
    )
    .addOption(
      labelOption('only tasks with this label; of several names all must match, of several values of one name any'),
    )
    .addOption(
      new Option('--streams', 'only the names of the streams').conflicts(['stale', 'atRisk', 'freshness', 'label']),
    )
    .action((stream: string | undefined, flags: ListFlags) => {
      if (flags.streams && stream !== undefined)
        throw new CliError('--streams lists all streams: leave out the stream');
      return withHub(flags, async ({ hub, settings: { namespace } }) => {
        if (flags.streams) return listStreams(hub.listStreams(), namespace, flags);
        const unreadable = new Map<string, string>();
        const onUnreadable = (workflowId: string, why: string) => void unreadable.set(workflowId, why);
        await listTasks(withoutFresh(hub.list(filterOf(stream, flags), { onUnreadable }), flags), namespace, flags);
        const [why] = unreadable.values();
        if (why !== undefined) {
          const missing = `the tasks of ${namesIn([...unreadable.keys()])} are missing in the list`;
          throw new CliError(`${missing}: ${why}; --plugins loads a codec`, EXIT.outcome);
        }
      });
    });
  addHubOptions(command);
}

async function listTasks(tasks: AsyncIterable<ReportedState>, namespace: string, flags: ListFlags): Promise<void> {
  if (flags.output === 'jsonl') {
    // Each is written when it is read.
    for await (const task of tasks) write(jsonOf(task));
    return;
  }
  const all = await inOrder(tasks);
  if (all.length === 0 && flags.output === 'table') note(`no matching tasks in namespace ${namespace}`);
  else writeRows(all, TASK_COLUMNS(flags), flags);
}

async function listStreams(names: Promise<string[]>, namespace: string, flags: ListFlags): Promise<void> {
  const streams = (await names).map((progressUpdateStream) => ({ progressUpdateStream }));
  if (streams.length === 0 && flags.output === 'table') note(`no streams in namespace ${namespace}`);
  else writeRows(streams, [['STREAM', ({ progressUpdateStream }) => progressUpdateStream]], flags);
}

function filterOf(stream: string | undefined, flags: ListFlags): TaskFilter {
  const freshness = new Set(flags.freshness);
  if (flags.stale) freshness.add('stale').add('unattended');
  if (flags.atRisk) freshness.add('at-risk');
  return {
    ...(stream !== undefined && { progressUpdateStream: stream }),
    ...(freshness.size > 0 && { freshness: [...freshness] }),
    ...(flags.label && { labels: valuesByName(flags.label) }),
  };
}

/** With `--stale`, of the tasks whose heartbeat workflow has ended only those that are stale, too. */
async function* withoutFresh(
  tasks: AsyncIterable<ReportedState>,
  { stale, freshness: asked = [] }: ListFlags,
): AsyncGenerator<ReportedState> {
  for await (const task of tasks)
    if (
      !stale ||
      task.freshness !== 'unattended' ||
      asked.includes('unattended') ||
      isPastDeadline(task.lastDelivered, task.judgedAt)
    )
      yield task;
}

function freshnessOf(text: string, before: Freshness[] = []): Freshness[] {
  const given = text.split(',').map((each) => each.trim().toLowerCase());
  for (const each of given) {
    if (FRESHNESS.includes(each as Freshness)) continue;
    const guess = meant(each, [...FRESHNESS]);
    const why = guess ? `did you mean ${guess}?` : `it must be one of ${FRESHNESS.join(', ')}`;
    throw new CliError(`--freshness has ${JSON.stringify(each)}: ${why}`);
  }
  return [...before, ...(given as Freshness[])];
}
