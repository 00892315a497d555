import { InvalidArgumentError, Option, type Command } from 'commander';
import { REPORT_FIELDS } from '../report/fields';
import type { TaskReport } from '../report';
import { integerOf, labelOption, type Label } from './arguments';

/** The flags of what a report says, beside its status. */
export interface ReportFlags {
  /** `--percent` */
  percent?: number;
  /** `--detail` */
  detail?: string;
  /** `--next-update-seconds` */
  nextUpdateSeconds?: number;
  /** `--silence-limit-seconds` */
  silenceLimitSeconds?: number;
  /** `--label` */
  label?: Label[];
}

/** Seconds of `--wait` where none are given. */
export const WAIT_SECONDS = 300;
const MAX_WAIT_SECONDS = 365 * 86_400;

/** `--wait`, for a command that reports. */
export const waitOption = (): Option =>
  new Option(
    '--wait [seconds]',
    `until Migration Hub has it; ${WAIT_SECONDS} seconds unless others are given`,
  ).argParser((text: string) => {
    const seconds = /^\d+(\.\d+)?$/.test(text) ? Number(text) : NaN;
    if (seconds <= MAX_WAIT_SECONDS) return seconds;
    throw new InvalidArgumentError(
      `It must be a number of seconds up to ${MAX_WAIT_SECONDS}; put --wait last where none is given.`,
    );
  });

/** `--detail` */
export const detailOption = (): Option =>
  new Option('--detail <text>', 'shown in Migration Hub; one line, at most 2500 characters');

/** Adds the options of a report to a command. */
export const addReportOptions = (command: Command): Command =>
  command
    .addOption(
      new Option('--percent <number>', '0 to 100; it does not fall within one attempt').argParser(
        integerOf(REPORT_FIELDS.progressPercent),
      ),
    )
    .addOption(detailOption())
    .addOption(
      new Option(
        '--next-update-seconds <seconds>',
        'until when the report holds; default 3600, or as before',
      ).argParser(integerOf(REPORT_FIELDS.nextUpdateSeconds)),
    )
    .addOption(
      new Option(
        '--silence-limit-seconds <seconds>',
        'heartbeats end after so long without a report; 0: never',
      ).argParser(integerOf(REPORT_FIELDS.silenceLimitSeconds)),
    )
    .addOption(labelOption('for people and filters'));

/** What the flags say, as a report has it. */
export const reportedBy = (flags: ReportFlags): Partial<TaskReport> => ({
  ...(flags.percent !== undefined && { progressPercent: flags.percent }),
  ...(flags.detail !== undefined && { statusDetail: flags.detail }),
  ...(flags.nextUpdateSeconds !== undefined && { nextUpdateSeconds: flags.nextUpdateSeconds }),
  ...(flags.silenceLimitSeconds !== undefined && { silenceLimitSeconds: flags.silenceLimitSeconds }),
  ...(flags.label && { labels: Object.fromEntries(flags.label) }),
});
