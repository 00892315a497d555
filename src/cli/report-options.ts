import { InvalidArgumentError, Option, type Command } from 'commander';
import { ATTRIBUTE_FIELDS, REPORT_FIELDS } from '../report/fields';
import { misformatted } from '../report/resource-attributes';
import type { ResourceAttribute, TaskReport } from '../report';
import { integerOf, labelOption, textOf, type Label } from './arguments';

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
  /** `--resource-attribute` */
  resourceAttribute?: ResourceAttribute[];
  /** `--discovered-resource` */
  discoveredResource?: string;
}

/** Seconds of `--wait` where none are given. */
export const WAIT_SECONDS = 300;
const MAX_WAIT_SECONDS = 365 * 86_400;

/** `--wait`, for a command that reports. */
export const waitOption = (): Option =>
  new Option(
    '--wait [seconds]',
    `waits until Migration Hub has the report; without a number ${WAIT_SECONDS} s at most`,
  ).argParser((text: string) => {
    const seconds = /^\d+(\.\d+)?$/.test(text) ? Number(text) : NaN;
    if (seconds <= MAX_WAIT_SECONDS) return seconds;
    throw new InvalidArgumentError(
      `It must be a number of seconds up to ${MAX_WAIT_SECONDS}; without a number put --wait last.`,
    );
  });

/** `--detail` */
export const detailOption = (): Option =>
  new Option('--detail <text>', 'shown in Migration Hub; one line, at most 2500 characters');

/** Adds the options that say how a reported state is repeated and shown. */
export const addHeartbeatOptions = (command: Command): Command =>
  command
    .addOption(
      new Option(
        '--next-update-seconds <seconds>',
        'NextUpdateSeconds of Migration Hub; default as before, else 3600',
      ).argParser(integerOf(REPORT_FIELDS.nextUpdateSeconds)),
    )
    .addOption(
      new Option(
        '--silence-limit-seconds <seconds>',
        'stops heartbeats after so long without a report; 0: never',
      ).argParser(integerOf(REPORT_FIELDS.silenceLimitSeconds)),
    )
    .addOption(labelOption('label to show and filter by'));

/** Adds the options of a report to a command. */
export const addReportOptions = (command: Command): Command =>
  addHeartbeatOptions(
    command
      .addOption(
        new Option(
          '--percent <number>',
          '0 to 100; a lower one than before in the attempt is replaced by that',
        ).argParser(integerOf(REPORT_FIELDS.progressPercent)),
      )
      .addOption(detailOption()),
  )
    .addOption(
      new Option(
        '--resource-attribute <type=value>',
        'maps the task to a server, such as FQDN=web-01.example.com; may be given several times',
      ).argParser(attributeOf),
    )
    .addOption(
      new Option(
        '--discovered-resource <id>',
        'maps the task to a server of Application Discovery Service, such as d-server-0123456789abcdef0',
      ).argParser(textOf(REPORT_FIELDS.discoveredResource)),
    );

function attributeOf(text: string, before: ResourceAttribute[] = []): ResourceAttribute[] {
  const at = text.indexOf('=');
  if (at < 1) throw new InvalidArgumentError('It must be TYPE=VALUE, such as FQDN=web-01.example.com.');
  const attribute = { type: text.slice(0, at).toUpperCase(), value: text.slice(at + 1) };
  textOf(ATTRIBUTE_FIELDS.type)(attribute.type);
  textOf(ATTRIBUTE_FIELDS.value)(attribute.value);
  textOf(() => misformatted(attribute))(attribute.value);
  return [...before, attribute];
}

/** What the flags say, as a report has it. */
export const reportedBy = (flags: ReportFlags): Partial<TaskReport> => ({
  ...(flags.percent !== undefined && { progressPercent: flags.percent }),
  ...(flags.detail !== undefined && { statusDetail: flags.detail }),
  ...(flags.nextUpdateSeconds !== undefined && { nextUpdateSeconds: flags.nextUpdateSeconds }),
  ...(flags.silenceLimitSeconds !== undefined && { silenceLimitSeconds: flags.silenceLimitSeconds }),
  ...(flags.label && { labels: Object.fromEntries(flags.label) }),
  ...(flags.resourceAttribute && { resourceAttributes: flags.resourceAttribute }),
  ...(flags.discoveredResource !== undefined && { discoveredResource: flags.discoveredResource }),
});
