import type { Command } from 'commander';
import type { TaskReport } from '../../report';
import { isTerminal, newestStateOf } from '../../task-state';
import { streamArgument, taskArgument } from '../arguments';
import { CliError, EXIT } from '../cli-error';
import { withHub } from '../connect';
import { addHubOptions } from '../hub-command';
import { note } from '../output';
import { detailOption, waitOption } from '../report-options';
import { nobodyReported } from '../task-rows';
import { tellReport, type TellFlags } from '../tell-report';
import type { TemporalFlags } from '../temporal-options';

interface Flags extends TellFlags, TemporalFlags {
  completed?: true;
  detail?: string;
}

/** `close STREAM TASK` */
export function addClose(program: Command): void {
  const command = program
    .command('close')
    .summary('ends a task by hand: FAILED or COMPLETED')
    .description('ends a task by hand: reports FAILED, or with --completed COMPLETED; its heartbeats stop')
    .addArgument(streamArgument())
    .addArgument(taskArgument())
    .option('--completed', 'reports COMPLETED instead of FAILED')
    .addOption(detailOption())
    .addOption(waitOption())
    .action((progressUpdateStream: string, migrationTaskName: string, flags: Flags) =>
      withHub(flags, async ({ hub, settings }) => {
        const name = `${progressUpdateStream}/${migrationTaskName}`;
        const state = await hub.lastReportedState(progressUpdateStream, migrationTaskName);
        // A misspelt name would become a task of Migration Hub.
        if (!state) throw nobodyReported(name, settings);
        const newest = newestStateOf(state);
        if (isTerminal(newest?.status)) throw new CliError(`${name} is already ${newest?.status}`, EXIT.outcome);
        const report: TaskReport = {
          ...{ progressUpdateStream, migrationTaskName },
          status: flags.completed ? 'COMPLETED' : 'FAILED',
          ...(flags.completed && { progressPercent: 100 }),
          ...(flags.detail !== undefined && { statusDetail: flags.detail }),
        };
        const accepted = await hub.report(report);
        const [owner] = state.owners.slice(-1);
        if (owner) note(`further reports of this attempt by workflow ${owner.workflowId} are refused`);
        await tellReport(hub, accepted, report, flags);
      }),
    );
  addHubOptions(command);
}
