import { readFileSync } from 'node:fs';
import type { Client } from '@temporalio/client';
import { Argument, type Command } from 'commander';
import { inParallel } from '../../async/in-parallel';
import { heartbeatWorkflowId } from '../../client/heartbeat-workflow-id';
import { orNone } from '../../client/heartbeat-workflows';
import { parseWaveFile, WaveFileError, type WaveServer } from '../../inventory/wave-file';
import { streamOption } from '../arguments';
import { CliError, EXIT } from '../cli-error';
import { withHub, type Connected } from '../connect';
import { addHubOptions } from '../hub-command';
import { note, writeRows, type Column, type OutputFlags } from '../output';
import { Progress } from '../progress';
import { untilEnded } from '../streams';
import { plain } from '../table';
import type { TemporalFlags } from '../temporal-options';

/** Reports on their way at once. */
const AT_ONCE = 20;
/** Of many problems in a file so many are shown. */
const SHOWN_PROBLEMS = 100;

interface Flags extends OutputFlags, TemporalFlags {
  stream: string;
  dryRun?: true;
}

/** A server of the file, and what became of it. */
interface Imported {
  progressUpdateStream: string;
  migrationTaskName: string;
  wave: string;
  application: string;
  /** `known`: it has been reported before, and is left alone. `new`: it would be registered, were this no dry run. */
  outcome: 'registered' | 'known' | 'new' | 'left';
}

const COLUMNS: Column<Imported>[] = [
  ['TASK', ({ migrationTaskName }) => migrationTaskName],
  ['WAVE', ({ wave }) => wave],
  ['APPLICATION', ({ application }) => application],
  ['OUTCOME', ({ outcome }) => outcome],
];

/** `import WAVE_FILE` */
export function addImport(program: Command): void {
  const command = program
    .command('import')
    .summary('registers the servers of a wave file')
    .description(
      'registers the servers of a wave file as NOT_STARTED tasks, with the labels wave and application; skips tasks that were reported before',
    )
    .addArgument(new Argument('<file>', 'CSV in the import format of AWS Application Migration Service'))
    .addOption(streamOption().makeOptionMandatory())
    .option('--dry-run', 'checks the file and shows what would be registered; registers nothing')
    .action((file: string, flags: Flags) => {
      const servers = serversOf(file);
      return withHub(flags, (connected) => untilEnded((signal) => importAll(connected, servers, flags, signal)));
    });
  addHubOptions(command);
}

function serversOf(file: string): WaveServer[] {
  try {
    return parseWaveFile(readBytes(file), file);
  } catch (error) {
    if (!(error instanceof WaveFileError)) throw error;
    const { problems } = error;
    for (const { line, column, message } of problems.slice(0, SHOWN_PROBLEMS))
      note(plain(`${file}:${line}:${column}: ${message}`));
    const more = problems.length > SHOWN_PROBLEMS ? `, of which ${SHOWN_PROBLEMS} are shown` : '';
    const count = problems.length === 1 ? 'one error' : `${problems.length} errors${more}`;
    throw new CliError(`${file} has ${count}: nothing is registered`);
  }
}

function readBytes(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const why = { ENOENT: 'no such file', EISDIR: 'it is a folder', EACCES: 'no permission' }[code ?? ''];
    throw new CliError(`${file} cannot be read: ${why ?? message}`);
  }
}

async function importAll(
  { client, hub }: Connected,
  servers: WaveServer[],
  { stream, dryRun, ...flags }: Flags,
  signal: AbortSignal,
): Promise<void> {
  const known = new Set<string>();
  for await (const task of hub.list({ progressUpdateStream: stream })) known.add(task.migrationTaskName);
  const progress = new Progress(servers.length, 'servers');
  const rows = servers.map(({ name, wave, application }): Imported => ({
    ...{ progressUpdateStream: stream, migrationTaskName: name, wave, application },
    outcome: known.has(name) ? 'known' : 'left',
  }));
  const importOne = async (row: Imported): Promise<void> => {
    if (signal.aborted) return;
    if (row.outcome === 'left' && (await hasHeartbeats(client, row))) row.outcome = 'known';
    if (row.outcome === 'left') {
      if (!dryRun) await hub.report(reportOf(row));
      row.outcome = dryRun ? 'new' : 'registered';
    }
    progress.step();
  };
  try {
    await inParallel(rows, AT_ONCE, importOne);
  } finally {
    progress.end();
    note(summaryOf(rows));
  }
  writeRows(rows, COLUMNS, flags);
  if (signal.aborted) throw new CliError('interrupted: run import again for the other servers', EXIT.outcome);
}

/** Temporal's list lags behind by a second or more; a heartbeat workflow of the task alone tells at once. */
const hasHeartbeats = async (client: Client, task: Imported): Promise<boolean> =>
  (await orNone(client.workflow.getHandle(heartbeatWorkflowId(task)).describe())) !== undefined;

const reportOf = ({ progressUpdateStream, migrationTaskName, wave, application }: Imported) => ({
  ...{ progressUpdateStream, migrationTaskName },
  status: 'NOT_STARTED' as const,
  labels: { wave, application },
});

function summaryOf(rows: Imported[]): string {
  const count = (outcome: Imported['outcome']) => rows.filter((row) => row.outcome === outcome).length;
  const parts = [
    [count('registered'), 'registered'],
    [count('new'), 'to be registered'],
    [count('known'), 'skipped: reported before'],
    [count('left'), 'not done'],
  ] as const;
  const told = parts.filter(([number]) => number > 0).map(([number, what]) => `${number} ${what}`);
  return `${rows.length} servers: ${told.join(', ')}`;
}
