import { Argument, InvalidArgumentError, Option, type Command } from 'commander';
import { readInventory, type RowOutcome } from '../../inventory';
import { streamOption } from '../arguments';
import { CliError } from '../cli-error';
import { withHub } from '../connect';
import { addHubOptions } from '../hub-command';
import { explain } from '../import/explain';
import { openFiles } from '../import/open-files';
import { checkInventory } from '../import/problems';
import { register } from '../import/register';
import type { OutputFlags } from '../output';
import { untilEnded } from '../streams';
import type { TemporalFlags } from '../temporal-options';

interface Flags extends OutputFlags, TemporalFlags {
  stream?: string;
  explain?: true;
  skipInvalid?: true;
  encoding?: string;
  dryRun?: true;
}

/** `import FILE…` */
export function addImport(program: Command): void {
  const command = program
    .command('import')
    .summary('registers the servers of wave and inventory files')
    .description(
      'registers the servers of wave and inventory files as NOT_STARTED tasks, with the labels wave and application, and the attributes by which Migration Hub maps them to servers; does not change tasks that were reported before',
    )
    .addArgument(new Argument('<file...>', 'CSV files, which are joined (docs/inventory.md); - is stdin'))
    .addOption(streamOption())
    .option('--explain', 'shows what becomes of each row, and why; registers nothing, and needs no server')
    .option('--skip-invalid', 'leaves out rows that have an error, and registers the others')
    .addOption(
      new Option('--encoding <name>', 'encoding of files without a byte order mark; default: UTF-8').argParser(
        encodingOf,
      ),
    )
    .option(
      '--dry-run',
      'checks the files, asks the Temporal server, and shows what would be registered; registers nothing',
    )
    .action((paths: string[], flags: Flags) => importFiles(paths, flags));
  addHubOptions(command);
}

async function importFiles(paths: string[], flags: Flags): Promise<void> {
  const { stream, encoding, skipInvalid } = flags;
  if (stream === undefined && !flags.explain)
    throw new CliError('import needs --stream <name>, or --explain to look only at the files');
  const rows: RowOutcome[] = [];
  const onRow = (row: RowOutcome) => void rows.push(row);
  const inventory = await readInventory(openFiles(paths), {
    encoding,
    ...((flags.explain || skipInvalid) && { onRow }),
  });
  if (flags.explain) explain(inventory, rows, flags);
  checkInventory(inventory, skipInvalid ? rows.filter(({ outcome }) => outcome === 'error') : undefined);
  if (stream === undefined || flags.explain) return;
  await withHub(flags, (connected) =>
    untilEnded((signal) => register(connected, inventory.servers, { ...flags, stream }, signal)),
  );
}

/** A name that Node's TextDecoder knows. */
function encodingOf(name: string): string {
  try {
    return new TextDecoder(name).encoding;
  } catch {
    throw new InvalidArgumentError('It must be a name such as utf-8, utf-16le, windows-1252 or iso-8859-2.');
  }
}
