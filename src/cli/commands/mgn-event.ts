import { Argument, InvalidArgumentError, Option, type Command } from 'commander';
import { objectOr } from '../../events/mgn-event';
import { ACCOUNT, REGION } from '../../events/mgn-reports';
import { IDENTITY_FIELDS, type Check } from '../../report/fields';
import { refusalOf } from '../../report';
import { streamOption, textOf } from '../arguments';
import { CliError } from '../cli-error';
import { withHub } from '../connect';
import { eventsIn } from '../event-file';
import { addHubOptions } from '../hub-command';
import { checkMgnEvents, reportMgnEvents, type MgnEventFlags } from '../mgn-events';
import { note } from '../output';
import { readStdin, readText } from '../read-text';
import { addHeartbeatOptions } from '../report-options';
import { untilEnded } from '../streams';
import type { TemporalFlags } from '../temporal-options';

interface Flags extends MgnEventFlags, TemporalFlags {
  dryRun?: true;
}

/** `mgn-event [FILE]` */
export function addMgnEvent(program: Command): void {
  const command = program
    .command('mgn-event')
    .summary('reports events of AWS MGN')
    .description(
      'reports what EventBridge events of AWS Application Migration Service (MGN) say; an event that is older than one already reported changes nothing',
    )
    .addArgument(new Argument('[file]', 'JSON: one event, a list, or one a line; - is stdin').default('-'))
    .addOption(streamOption().makeOptionMandatory())
    .addOption(
      new Option(
        '--names <file>',
        'JSON file with the task name of each source server id; other servers are ignored; default: the id is the name',
      ).argParser(namesIn),
    )
    .addOption(severalOption('--account <id>', 'only source servers of this account', ACCOUNT))
    .addOption(severalOption('--region <name>', 'only source servers of this region', REGION));
  addHeartbeatOptions(command)
    .option('--dry-run', 'shows what would be reported; reports nothing, and needs no server')
    .action(async (file: string, flags: Flags) => {
      const events = file === '-' ? eventsIn(await stdin(), 'stdin') : eventsIn(readText(file), file);
      if (flags.dryRun) await checkMgnEvents(events, flags);
      else await withHub(flags, ({ hub }) => untilEnded((signal) => reportMgnEvents(events, hub, flags, signal)));
    });
  addHubOptions(command);
}

const severalOption = (flags: string, about: string, rule: Check): Option =>
  new Option(flags, `${about}; may be given several times`).argParser((value: string, before: string[] = []) => [
    ...before,
    textOf(rule)(value),
  ]);

async function stdin(): Promise<string> {
  if (process.stdin.isTTY) note('reads events from stdin; Ctrl-D ends them');
  return readStdin();
}

function namesIn(file: string): Record<string, string> {
  let names: unknown;
  try {
    names = JSON.parse(readText(file));
  } catch (error) {
    throw new InvalidArgumentError(error instanceof CliError ? error.message : `It is not JSON: ${String(error)}`);
  }
  if (objectOr(names) !== names)
    throw new InvalidArgumentError('It must hold a JSON object such as {"s-12345678901234567": "web-01"}.');
  for (const [id, name] of Object.entries(names as object)) {
    const rule = IDENTITY_FIELDS.migrationTaskName(name);
    if (rule !== undefined) throw new InvalidArgumentError(refusalOf(id, name, rule));
  }
  noteTwice(Object.values(names as Record<string, string>));
  return names as Record<string, string>;
}

/** Two servers with one name are one task, which shows the newest event of both. */
function noteTwice(names: string[]): void {
  const spellings = new Map<string, string[]>();
  for (const name of names) spellings.set(name.toLowerCase(), [...(spellings.get(name.toLowerCase()) ?? []), name]);
  for (const same of spellings.values())
    if (same.length > 1)
      note(
        new Set(same).size === 1
          ? `${same.length} source servers have the task name ${same[0]}: they are one task, which shows the events of all`
          : `the task names ${same.join(', ')} differ only in case: they are tasks of their own`,
      );
}
