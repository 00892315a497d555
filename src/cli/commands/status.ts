import type { Command } from 'commander';
import { CliError, EXIT } from '../cli-error';
import { withHub } from '../connect';
import { addOutputOptions, writeOne, writeRows, type OutputFlags } from '../output';
import { inOrder, linesOf, TASK_COLUMNS } from '../task-rows';
import { addTemporalOptions, type TemporalFlags } from '../temporal-options';

/** `status STREAM [TASK]` */
export function addStatus(program: Command): void {
  const command = program
    .command('status')
    .description('what Migration Hub was last told of a task, or of each task of a stream, and until when it holds')
    .argument('<stream>', 'the ProgressUpdateStream')
    .argument('[task]', 'the MigrationTaskName')
    .action((stream: string, task: string | undefined, flags: OutputFlags & TemporalFlags) =>
      withHub(flags, async ({ hub }) => {
        if (task === undefined) {
          const tasks = await inOrder(hub.list({ progressUpdateStream: stream }));
          if (tasks.length === 0) throw unknown(stream);
          return writeRows(tasks, TASK_COLUMNS(flags), flags);
        }
        const state = await hub.lastReportedState(stream, task);
        if (!state) throw unknown(`${stream}/${task}`);
        writeOne(state, linesOf(state, flags), flags);
      }),
    );
  addOutputOptions(addTemporalOptions(command));
}

const unknown = (what: string) =>
  new CliError(
    `nobody has reported ${what} within the retention of this namespace: look at the name, and at --namespace`,
    EXIT.outcome,
  );
