import { Option, type Command } from 'commander';
import { streamArgument, taskArgument } from '../arguments';
import { withHub } from '../connect';
import { addHubOptions } from '../hub-command';
import { addReportOptions, reportedBy, waitOption, type ReportFlags } from '../report-options';
import { tellReport, type TellFlags } from '../tell-report';
import type { TemporalFlags } from '../temporal-options';

const STATUSES = ['IN_PROGRESS', 'NOT_STARTED'] as const;

interface Flags extends ReportFlags, TellFlags, TemporalFlags {
  status: (typeof STATUSES)[number];
}

/** `reopen STREAM TASK` */
export function addReopen(program: Command): void {
  const command = program
    .command('reopen')
    .summary('begins a new attempt of an ended task')
    .description('begins a new attempt of an ended task; its heartbeats go on until FAILED or COMPLETED is reported')
    .addArgument(streamArgument())
    .addArgument(taskArgument())
    .addOption(new Option('--status <status>', 'first status of the attempt').choices(STATUSES).default(STATUSES[0]))
    .action((progressUpdateStream: string, migrationTaskName: string, flags: Flags) =>
      withHub(flags, async ({ hub }) => {
        const { status } = flags;
        const task = { progressUpdateStream, migrationTaskName, status, ...reportedBy(flags) };
        await tellReport(hub, await hub.reopen({ ...task, status }), { ...task, status }, flags);
      }),
    );
  addReportOptions(command).addOption(waitOption());
  addHubOptions(command);
}
