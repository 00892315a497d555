import { bounded } from '../../async/bounded';
import { inParallel } from '../../async/in-parallel';
import { heartbeatWorkflowId } from '../../client/heartbeat-workflow-id';
import { orNone } from '../../client/heartbeat-workflows';
import type { InventoryServer } from '../../inventory';
import type { TaskReport } from '../../report';
import { isReported } from '../../task-state';
import { CliError, EXIT } from '../cli-error';
import type { Connected } from '../connect';
import { note, writeRows, type Column, type OutputFlags } from '../output';
import { Progress } from '../progress';
import { short } from '../task-rows';
import { attributeTypes } from './attribute-types';

/** Reports on their way at once. */
const AT_ONCE = 20;
/** All tasks of a stream may have to be read. */
const LIST_MS = 24 * 3_600_000;

/** What the command line says of registering. */
export interface RegisterFlags extends OutputFlags {
  /** `--stream` */
  stream: string;
  /** `--dry-run` */
  dryRun?: true;
}

/** A server of the files, and what became of it. */
interface Imported extends InventoryServer {
  progressUpdateStream: string;
  /** `known`: it has been reported before, and is left alone. `new`: it would be registered, were this no dry run. */
  outcome: 'registered' | 'known' | 'new' | 'left';
}

const COLUMNS: Column<Imported>[] = [
  ['TASK', ({ migrationTaskName }) => migrationTaskName],
  ['WAVE', ({ wave }) => short(wave)],
  ['APPLICATION', ({ application }) => short(application)],
  ['OUTCOME', ({ outcome }) => outcome],
  ['ATTRIBUTES', (server) => attributeTypes(server).join(' ')],
];

/** Registers servers that nobody has reported yet, and writes what became of each. @throws CliError where it was interrupted */
export async function register(
  connected: Pick<Connected, 'client' | 'hub'>,
  servers: InventoryServer[],
  { stream, dryRun, ...flags }: RegisterFlags,
  signal: AbortSignal,
): Promise<void> {
  const known = await reportedTasks(connected, stream, signal);
  const progress = new Progress(servers.length, 'servers');
  const rows = servers.map((server): Imported => ({
    ...{ progressUpdateStream: stream, ...server },
    outcome: known.has(server.migrationTaskName) ? 'known' : 'left',
  }));
  const registerOne = async (row: Imported): Promise<void> => {
    if (signal.aborted) return;
    if (row.outcome === 'left' && (await wasReported(connected, row))) row.outcome = 'known';
    if (row.outcome === 'left') {
      if (!dryRun) await connected.hub.report(reportOf(row));
      row.outcome = dryRun ? 'new' : 'registered';
    }
    progress.step();
  };
  try {
    await inParallel(rows, AT_ONCE, registerOne);
  } finally {
    progress.end();
    note(summaryOf(rows));
  }
  writeRows(rows, COLUMNS, flags);
  if (rows.every(({ outcome }) => outcome !== 'left')) return;
  const isBegun = rows.some(({ outcome }) => outcome === 'registered');
  const why = isBegun ? 'run import again for the other servers' : 'nothing was registered; run import again';
  throw new CliError(`interrupted: ${why}`, EXIT.outcome);
}

/** The tasks of the stream that somebody has reported, not only attached something to; with the signal, those that were read until then. */
async function reportedTasks(
  { hub }: Pick<Connected, 'hub'>,
  stream: string,
  signal: AbortSignal,
): Promise<Set<string>> {
  const names = new Set<string>();
  const read = async () => {
    for await (const task of hub.list({ progressUpdateStream: stream })) {
      if (signal.aborted) return;
      if (isReported(task)) names.add(task.migrationTaskName);
    }
  };
  try {
    await bounded(LIST_MS, signal, read);
  } catch (error) {
    if (!signal.aborted) throw error;
  }
  return names;
}

/** Temporal's list lags behind by a second or more; a heartbeat workflow of the task alone tells at once. */
async function wasReported({ client, hub }: Pick<Connected, 'client' | 'hub'>, task: Imported): Promise<boolean> {
  if (!(await orNone(client.workflow.getHandle(heartbeatWorkflowId(task)).describe()))) return false;
  const state = await hub.lastReportedState(task.progressUpdateStream, task.migrationTaskName);
  return !state || isReported(state);
}

function reportOf(row: Imported): TaskReport {
  const { progressUpdateStream, migrationTaskName, wave, application, resourceAttributes, discoveredResource } = row;
  const labels = { ...(wave !== undefined && { wave }), ...(application !== undefined && { application }) };
  return {
    ...{ progressUpdateStream, migrationTaskName },
    status: 'NOT_STARTED',
    ...(Object.keys(labels).length > 0 && { labels }),
    ...(resourceAttributes.length > 0 && { resourceAttributes }),
    ...(discoveredResource !== undefined && { discoveredResource }),
  };
}

function summaryOf(rows: Imported[]): string {
  const count = (outcome: Imported['outcome']) => rows.filter((row) => row.outcome === outcome).length;
  const parts = [
    [count('registered'), 'registered'],
    [count('new'), 'to be registered'],
    [count('known'), 'reported before: left alone, attributes included'],
    [count('left'), 'not done'],
  ] as const;
  const told = parts.filter(([number]) => number > 0).map(([number, what]) => `${number} ${what}`);
  return `servers: ${rows.length} (${told.join(', ')})`;
}
