import { Argument, Option, type Command } from 'commander';
import {
  APPLICATION_STATUSES,
  statusOfTasks,
  type ApplicationOutcome,
  type ApplicationStatus,
  type ApplicationTasks,
} from '../../report';
import { APPLICATION_FIELDS, APPLICATION_SECONDS } from '../../report/fields';
import { integerOf, numberOf, streamArgument, textOf, wordOf } from '../arguments';
import { CliError } from '../cli-error';
import { withHub } from '../connect';
import { addHubOptions } from '../hub-command';
import { note, writeOne, type OutputFlags } from '../output';
import type { TemporalFlags } from '../temporal-options';

interface Flags extends OutputFlags, TemporalFlags {
  id: string;
  status?: ApplicationStatus;
  tasks?: number;
  timeout?: number;
  dryRun?: true;
}

/** `application [STREAM] [APPLICATION] --id ID` */
export function addApplication(program: Command): void {
  const command = program
    .command('application')
    .summary('tells Migration Hub the state of an application')
    .description(
      'tells Migration Hub the state of an application: --status, or the state derived from the tasks of STREAM whose label application is, or lists, APPLICATION; needs a running worker. Tasks that ended longer ago than the Retention Period of the namespace are not known, and do not count: give --tasks, or it may be COMPLETED too early',
    )
    .addArgument(streamArgument('[stream]', 'the ProgressUpdateStream of its tasks'))
    .addArgument(
      new Argument(
        '[application]',
        'the label application of its tasks, or one of several in it, separated by commas',
      ).argParser(textOf(APPLICATION_FIELDS.application)),
    )
    .addOption(
      new Option('--id <id>', 'configuration id of the application in Application Discovery Service, d-application-…')
        .argParser(textOf(APPLICATION_FIELDS.applicationId))
        .makeOptionMandatory(),
    )
    .addOption(
      new Option('--status <status>', 'sends this status, and does not look at tasks')
        .choices(APPLICATION_STATUSES)
        .argParser(wordOf(APPLICATION_STATUSES)),
    )
    .addOption(
      new Option(
        '--tasks <number>',
        'how many tasks the application has: COMPLETED is not derived while fewer are known',
      ).argParser(integerOf(APPLICATION_FIELDS.tasks)),
    )
    .addOption(
      new Option('--timeout <seconds>', 'how long to wait until Migration Hub has the state; default 300').argParser(
        numberOf(APPLICATION_SECONDS),
      ),
    )
    .option('--dry-run', 'only asks Migration Hub, through a worker, whether the call is permitted')
    .action((progressUpdateStream: string | undefined, application: string | undefined, flags: Flags) => {
      const { id: applicationId, status, tasks, timeout: timeoutSeconds, dryRun } = flags;
      if (status === undefined && application === undefined)
        throw new CliError('name the stream and the application whose tasks count, or give --status');
      return withHub(flags, async ({ hub }) => {
        const report = { applicationId, status, progressUpdateStream, application, tasks };
        const outcome = await hub.notifyApplicationState(report, { timeoutSeconds, dryRun });
        tell(applicationId, outcome, flags);
      });
    });
  addHubOptions(command);
}

function tell(applicationId: string, outcome: ApplicationOutcome, flags: Flags): void {
  const { status, sent, tasks } = outcome;
  const unsent = flags.dryRun ? 'no: a dry run; the call is permitted' : 'no: Migration Hub has it already';
  writeOne(
    { applicationId, ...outcome },
    [
      ['application', applicationId],
      ['status', status],
      ['sent', sent ? 'yes' : unsent],
      ['tasks', tasks && inWords(tasks)],
    ],
    flags,
  );
  const { total = 0, expected = 0 } = tasks ?? {};
  if (total < expected) note(`only ${total} of ${expected} tasks are known, so COMPLETED is not derived`);
  const ofTasks = tasks && statusOfTasks(tasks);
  if (ofTasks && ofTasks !== status)
    note(
      `by its tasks the application is ${ofTasks}, but Migration Hub has ${status}: to change that, use --status ${ofTasks}`,
    );
}

function inWords({ total, expected, begun, completed, failed }: ApplicationTasks): string {
  const known = expected === undefined ? total : `${total} of ${expected}`;
  return `${known}: ${begun} begun, ${completed} completed, ${failed} failed`;
}
