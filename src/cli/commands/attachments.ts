import { Argument, InvalidArgumentError, Option, type Command } from 'commander';
import type { MigrationHubClient } from '../../client/migration-hub-client';
import type { AttachmentKind, TaskSourceResource } from '../../report';
import { ARTIFACT_FIELDS, SOURCE_FIELDS } from '../../report/attachment';
import type { Check } from '../../report/fields';
import { streamArgument, taskArgument, textOf } from '../arguments';
import { CliError, EXIT } from '../cli-error';
import { withHub } from '../connect';
import { addHubOptions } from '../hub-command';
import { writeOne, type OutputFlags } from '../output';
import { nobodyReported } from '../task-rows';
import { whatBecameOf } from '../tell-report';
import type { TemporalFlags } from '../temporal-options';

const ACTIONS = ['add', 'remove'] as const;
type Action = (typeof ACTIONS)[number];

interface Flags extends OutputFlags, TemporalFlags {
  description?: string;
  detail?: string;
  register?: true;
}

/** A command about one kind of attachment. */
interface About {
  command: string;
  kind: AttachmentKind;
  what: string;
  name: Argument;
  description: Check;
  send: (hub: MigrationHubClient, action: Action, given: TaskSourceResource) => Promise<void>;
}

/** `artifact ACTION STREAM TASK ARN` */
export function addArtifact(program: Command): void {
  addCommand(program, {
    command: 'artifact',
    kind: 'createdArtifact',
    what: 'an artifact, such as an AMI,',
    name: new Argument('<arn>', 'the ARN of the artifact').argParser(textOf(ARTIFACT_FIELDS.name)),
    description: ARTIFACT_FIELDS.description,
    send: (hub, action, given) => (action === 'add' ? hub.associateArtifact(given) : hub.disassociateArtifact(given)),
  });
}

/** `source-resource ACTION STREAM TASK NAME` */
export function addSourceResource(program: Command): void {
  const command = addCommand(program, {
    command: 'source-resource',
    kind: 'sourceResource',
    what: 'a source resource',
    name: new Argument('<name>', 'the name of the source resource').argParser(textOf(SOURCE_FIELDS.name)),
    description: SOURCE_FIELDS.description,
    send: (hub, action, given) =>
      action === 'add' ? hub.associateSourceResource(given) : hub.disassociateSourceResource(given),
  });
  command.option('--detail <text>', 'status detail of the source resource; one line, at most 2500 characters');
}

function addCommand(program: Command, { command: name, what, ...about }: About): Command {
  const command = program
    .command(name)
    .summary(`associates ${what.replace(/,.*/, '')} with a task, or disassociates it`)
    .description(`associates ${what} with a task, or disassociates it; works also after the task has ended`)
    .addArgument(new Argument('<action>', 'what to do').choices(ACTIONS).argParser(actionOf))
    .addArgument(streamArgument())
    .addArgument(taskArgument())
    .addArgument(about.name)
    .addOption(
      new Option('--description <text>', 'shown in Migration Hub; one line, at most 500 characters').argParser(
        textOf(about.description),
      ),
    )
    .option('--register', 'registers the task if nobody has reported it')
    .action(
      (action: Action, progressUpdateStream: string, migrationTaskName: string, attached: string, flags: Flags) => {
        const unused = (['description', 'detail'] as const).find((each) => flags[each] !== undefined);
        if (unused && action === 'remove') throw new CliError(`--${unused} is used only with add: leave it out`);
        return withHub(flags, async ({ hub, settings }) => {
          const task = { progressUpdateStream, migrationTaskName };
          const isKnown = flags.register || (await hub.lastReportedState(progressUpdateStream, migrationTaskName));
          // A misspelt name would become a task of Migration Hub.
          if (!isKnown)
            throw nobodyReported(`${progressUpdateStream}/${migrationTaskName}`, settings, 'or give --register');
          const { description, detail: statusDetail } = flags;
          await about.send(hub, action, { ...task, name: attached, description, statusDetail });
          const state = await whatBecameOf(hub, task);
          const found = state?.attachments?.find(({ kind, name: its }) => kind === about.kind && its === attached);
          if (found?.state === 'refused')
            throw new CliError(
              `${name} ${attached} of ${progressUpdateStream}/${migrationTaskName} was refused: ${found.failure?.message}`,
              EXIT.outcome,
            );
          const row = { ...task, name: attached, action, state: found?.state ?? 'pending', failure: found?.failure };
          writeOne(
            row,
            [
              ['task', `${progressUpdateStream}/${migrationTaskName}`],
              [name, attached],
              [
                'state',
                row.state === 'pending' ? 'accepted; the command status shows when Migration Hub has it' : row.state,
              ],
              ['failure', row.failure && `${row.failure.type}: ${row.failure.message}`],
            ],
            flags,
          );
        });
      },
    );
  return addHubOptions(command);
}

function actionOf(text: string): Action {
  if (ACTIONS.includes(text as Action)) return text as Action;
  throw new InvalidArgumentError(`It must be ${ACTIONS.join(' or ')}.`);
}
