import type { Command } from 'commander';
import { streamArgument, taskArgument } from '../arguments';
import { withHub } from '../connect';
import { addHubOptions } from '../hub-command';
import { writeOne, writeRows, type OutputFlags } from '../output';
import { inOrder, linesOf, nobodyReported, TASK_COLUMNS } from '../task-rows';
import type { TemporalFlags } from '../temporal-options';

/** `status STREAM [TASK]` */
export function addStatus(program: Command): void {
  const command = program
    .command('status')
    .summary('what Migration Hub was last told, and the deadline')
    .description('what Migration Hub was last told of a task, or of each task of a stream, and the deadline')
    .addArgument(streamArgument())
    .addArgument(taskArgument('[task]'))
    .action((stream: string, task: string | undefined, flags: OutputFlags & TemporalFlags) =>
      withHub(flags, async ({ hub, settings }) => {
        if (task === undefined) {
          const tasks = await inOrder(hub.list({ progressUpdateStream: stream }));
          if (tasks.length === 0) throw nobodyReported(stream, settings);
          return writeRows(tasks, TASK_COLUMNS(flags), flags);
        }
        const state = await hub.lastReportedState(stream, task);
        if (!state) throw nobodyReported(`${stream}/${task}`, settings);
        writeOne(state, linesOf(state, flags), flags);
      }),
    );
  addHubOptions(command);
}
