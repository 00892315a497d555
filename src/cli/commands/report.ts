import { Argument, type Command } from 'commander';
import { STATUSES, type Status, type TaskReport } from '../../report';
import { streamArgument, taskArgument, wordOf } from '../arguments';
import { withHub } from '../connect';
import { addHubOptions } from '../hub-command';
import { addReportOptions, reportedBy, waitOption, type ReportFlags } from '../report-options';
import { tellReport, type TellFlags } from '../tell-report';
import type { TemporalFlags } from '../temporal-options';

interface Flags extends ReportFlags, TellFlags, TemporalFlags {
  reopen?: true;
  allowDecrease?: true;
}

/** `report STREAM TASK STATUS` */
export function addReport(program: Command): void {
  const command = program
    .command('report')
    .summary('reports the status of a task')
    .description('reports the status of a task; its heartbeats go on until FAILED or COMPLETED is reported')
    .addArgument(streamArgument())
    .addArgument(taskArgument())
    .addArgument(new Argument('<status>', 'status of the task').choices(STATUSES).argParser(wordOf(STATUSES)))
    .action((progressUpdateStream: string, migrationTaskName: string, status: Status, flags: Flags) =>
      withHub(flags, async ({ hub }) => {
        const report: TaskReport = {
          ...{ progressUpdateStream, migrationTaskName, status },
          ...reportedBy(flags),
          ...(flags.reopen && { reopen: true }),
          ...(flags.allowDecrease && { allowDecrease: true }),
        };
        await tellReport(hub, await hub.report(report), report, flags);
      }),
    );
  addReportOptions(command)
    .option('--reopen', 'begins a new attempt if the task has ended')
    .option('--allow-decrease', 'allows a lower percent')
    .addOption(waitOption());
  addHubOptions(command);
}
