import type { Command } from 'commander';
import { checkFilter, checkTask } from '../../client/task-filter';
import type { CheckFinding } from '../../doctor/run-checks';
import { CliError, EXIT } from '../cli-error';
import { orUsage } from '../or-usage';
import { addFormatOption, jsonOf, note, write, type OutputFlags } from '../output';
import { addPluginsOption, pluginsOf } from '../plugins';
import { checkAwsFlags } from '../read-resources';
import { plain } from '../table';
import { addTemporalOptions, type TemporalFlags } from '../temporal-options';

interface DoctorFlags extends TemporalFlags, Pick<OutputFlags, 'output'> {
  region?: string;
  endpoint?: string;
  deadlineSearchAttribute?: boolean;
}

const FLAG = '--deadline-search-attribute';
const ATTRIBUTE = 'TEMPORAL_MIGRATION_HUB_DEADLINE_SEARCH_ATTRIBUTE';
/** A check that takes longer is named, so that nobody wonders. */
const SILENT_MS = 1000;
/** As wide as the widest of their column. */
const RESULT_WIDTH = 'not checked'.length;
const CHECK_WIDTH = 'stream at Migration Hub'.length;

/** `doctor [STREAM] [TASK]` */
export function addDoctor(program: Command): void {
  const command = program
    .command('doctor')
    .description(
      'finds what keeps reports from Migration Hub, and says what to do; takes 30 s at most, changes nothing. Run it where the worker runs, with its variables and, of its flags, those below',
    )
    .argument('[stream]', 'also checks this ProgressUpdateStream and its tasks')
    .argument('[task]', 'also checks this MigrationTaskName of the stream')
    .option('--region <region>', 'home region (AWS_REGION, AWS_DEFAULT_REGION, the AWS profile, else GetHomeRegion)')
    .option('--endpoint <url>', 'endpoint of Migration Hub (AWS_ENDPOINT_URL_MIGRATION_HUB)')
    .option(FLAG, `also checks the search attribute (${ATTRIBUTE})`)
    .action(doctor);
  addFormatOption(addPluginsOption(addTemporalOptions(command)));
}

async function doctor(stream: string | undefined, task: string | undefined, flags: DoctorFlags): Promise<void> {
  // Loaded only here: they need the clients of Temporal and AWS.
  const { temporalSettings } = await import('../temporal-settings.js');
  const { examine } = await import('../../doctor/index.js');
  await checkAwsFlags(flags);
  const temporal = await temporalSettings(flags);
  const plugins = await orUsage(async () => {
    if (stream !== undefined) checkFilter({ progressUpdateStream: stream });
    if (stream !== undefined && task !== undefined)
      checkTask({ progressUpdateStream: stream, migrationTaskName: task });
    return (await pluginsOf(flags)) as never[];
  });
  const { region, endpoint } = flags;
  const isInVariable = async () => ((await orUsage(isAttributeSet)) ? ATTRIBUTE : undefined);
  const deadlineSearchAttribute = flags.deadlineSearchAttribute ? FLAG : await isInVariable();
  const listener = new Lines(flags);
  const findings = await examine(
    { temporal, plugins, region, endpoint, deadlineSearchAttribute, stream, task },
    listener,
  );
  if (flags.output === 'json') write(jsonOf(findings, 2));
  const [problems, warnings] = [named(findings, 'problem'), named(findings, 'warning')];
  if (problems) throw new CliError([problems, warnings].filter(Boolean).join('; '), EXIT.outcome);
  note(['no problem found', warnings].filter(Boolean).join('; '));
}

/** "2 problems: workers, clock"; undefined where there is none. */
function named(findings: CheckFinding[], result: 'problem' | 'warning'): string | undefined {
  const names = findings.filter((each) => each.result === result).map(({ check }) => check);
  return names.length > 0
    ? `${names.length} ${result}${names.length === 1 ? '' : 's'}: ${names.join(', ')}`
    : undefined;
}

/** Writes each line when it is known, but for JSON in one list, and on stderr what takes its time. */
class Lines {
  private timer?: NodeJS.Timeout;

  constructor(private readonly flags: Pick<OutputFlags, 'output'>) {
    if (flags.output === 'table') this.line('RESULT', 'CHECK', 'FOUND');
  }

  asking(check: string): void {
    this.timer = setTimeout(() => note(`checking: ${check} …`), SILENT_MS);
  }

  found(finding: CheckFinding): void {
    clearTimeout(this.timer);
    const { result, check, found, mend } = finding;
    if (this.flags.output === 'jsonl') write(jsonOf(finding));
    if (this.flags.output === 'table') this.line(result, check, mend ? `${found}; ${mend}` : found);
  }

  private line(result: string, check: string, text: string): void {
    write(`${result.padEnd(RESULT_WIDTH)}  ${check.padEnd(CHECK_WIDTH)}  ${plain(text)}`);
  }
}

/** As the worker reads it. @throws ConfigurationError */
async function isAttributeSet(): Promise<boolean> {
  const { onOff } = await import('../../worker/process/readers.js');
  return onOff(process.env[ATTRIBUTE] || 'false', ATTRIBUTE);
}
