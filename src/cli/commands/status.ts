import { Option, type Command } from 'commander';
import type { ReportedState } from '../../task-state';
import { streamArgument, taskArgument } from '../arguments';
import { CliError } from '../cli-error';
import { withHub, type Connected } from '../connect';
import { addHubOptions } from '../hub-command';
import { jsonOf, write, writeOne, writeRows, type OutputFlags } from '../output';
import { applicationsOf, checkAwsFlags, resourcesOf, withReader, type AwsFlags } from '../read-resources';
import { APPLICATION_COLUMNS, RESOURCE_COLUMNS, resourceLinesOf } from '../resource-rows';
import { inOrder, linesOf, nobodyReported, TASK_COLUMNS } from '../task-rows';
import type { TemporalFlags } from '../temporal-options';

interface StatusFlags extends OutputFlags, TemporalFlags, AwsFlags {
  resources?: true;
}

const GROUP = 'Migration Hub, with --resources:';

/** `status STREAM [TASK]` */
export function addStatus(program: Command): void {
  const command = program
    .command('status')
    .summary('what Migration Hub was last told, and the deadline')
    .description('what Migration Hub was last told of a task, or of each task of a stream, and the deadline')
    .addArgument(streamArgument())
    .addArgument(taskArgument('[task]'))
    .option(
      '--resources',
      'also asks Migration Hub for attributes, servers, artifacts and source resources, and, of a stream, for the states of all applications',
    )
    .addOption(
      new Option(
        '--region <region>',
        'home region (AWS_REGION, else that of the AWS profile, else what GetHomeRegion answers)',
      ).helpGroup(GROUP),
    )
    .addOption(
      new Option('--endpoint <url>', 'endpoint of Migration Hub (AWS_ENDPOINT_URL_MIGRATION_HUB)').helpGroup(GROUP),
    )
    .action(async (stream: string, task: string | undefined, flags: StatusFlags) => {
      const unused = (['region', 'endpoint'] as const).find((name) => flags[name] !== undefined);
      if (unused && !flags.resources) throw new CliError(`--${unused} is used only with --resources: add --resources`);
      await checkAwsFlags(flags);
      return withHub(flags, async (connected) => {
        const tasks = await read(connected, stream, task);
        if (flags.resources) return tellResources(tasks, task === undefined, flags);
        const [first] = tasks;
        if (task === undefined) writeRows(tasks, TASK_COLUMNS(flags), flags);
        else if (first) writeOne(first, linesOf(first, flags), flags);
      });
    });
  addHubOptions(command);
}

/** @throws CliError where there is none */
async function read({ hub, settings }: Connected, stream: string, task: string | undefined): Promise<ReportedState[]> {
  const tasks =
    task === undefined
      ? await inOrder(hub.list({ progressUpdateStream: stream }))
      : [(await hub.lastReportedState(stream, task)) ?? []].flat();
  if (tasks.length === 0) throw nobodyReported(task === undefined ? stream : `${stream}/${task}`, settings);
  return tasks;
}

function tellResources(states: ReportedState[], isStream: boolean, flags: StatusFlags): Promise<void> {
  return withReader(flags, async (reader) => {
    const tasks = await resourcesOf(reader, states);
    const [first] = tasks;
    if (!isStream && first) return writeOne(first, [...linesOf(first, flags), ...resourceLinesOf(first)], flags);
    const applicationStates = await applicationsOf(reader);
    if (flags.output === 'json') return write(jsonOf({ tasks, applicationStates }, 2));
    writeRows(tasks, RESOURCE_COLUMNS(reader.knowsSources), flags);
    if (!applicationStates?.length) return;
    if (flags.output === 'table') write('');
    writeRows(applicationStates, APPLICATION_COLUMNS(flags), flags);
  });
}
