import { bounded } from '../../async/bounded';
import { inParallel } from '../../async/in-parallel';
import { heartbeatWorkflowId } from '../../client/heartbeat-workflow-id';
import { orNone } from '../../client/heartbeat-workflows';
import { registrationOf, type InventoryServer } from '../../inventory';
import { isReported } from '../../task-state';
import { CliError, EXIT } from '../cli-error';
import type { Connected } from '../connect';
import { note, writeRows, type Column, type OutputFlags } from '../output';
import { Progress } from '../progress';
import { short } from '../task-rows';
import { attributeTypes } from './attribute-types';
import { conflictOf, KnownTasks, type KnownTask } from './known-tasks';
import { noteLines } from './problems';

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
  /** `--skip-invalid` */
  skipInvalid?: true;
}

/** A server of the files, and what became of it. */
interface Imported extends InventoryServer {
  progressUpdateStream: string;
  /**
   * `known`: it has been reported before, and is left alone. `refused`: a task of the stream has its name in another spelling. `new`: it
   * would be registered, were this no dry run.
   */
  outcome: 'registered' | 'known' | 'refused' | 'new' | 'left';
}

const COLUMNS: Column<Imported>[] = [
  ['TASK', ({ migrationTaskName }) => migrationTaskName],
  ['WAVE', ({ wave }) => short(wave)],
  ['APPLICATION', ({ application }) => short(application)],
  ['OUTCOME', ({ outcome }) => outcome],
  ['ATTRIBUTES', (server) => attributeTypes(server).join(' ')],
];

/**
 * Registers servers that nobody has reported yet, and writes what became of each.
 * @throws CliError where it was interrupted, and where a task of the stream has the name of a server in another spelling, unless such
 * servers are left out
 */
export async function register(
  connected: Pick<Connected, 'client' | 'hub'>,
  servers: InventoryServer[],
  { stream, dryRun, skipInvalid, ...flags }: RegisterFlags,
  signal: AbortSignal,
): Promise<void> {
  const known = await knownTasks(connected, stream, signal);
  const conflicts: string[] = [];
  const takeKnown = (row: Imported, task: Pick<KnownTask, 'labels'>) => {
    row.outcome = 'known';
    const conflict = conflictOf(row, task);
    if (conflict !== undefined) conflicts.push(`${placeOf(row)}: warning: ${conflict}`);
  };
  const rows = servers.map((server): Imported => ({ progressUpdateStream: stream, ...server, outcome: 'left' }));
  for (const row of rows) {
    const task = known.get(row.migrationTaskName);
    if (task?.isReported) takeKnown(row, task);
  }
  refuseOtherSpellings(rows, known, skipInvalid);
  const progress = new Progress(servers.length, 'servers');
  const registerOne = async (row: Imported): Promise<void> => {
    if (signal.aborted) return;
    const task = row.outcome === 'left' && (await reportedTask(connected, row));
    if (task) takeKnown(row, task);
    if (row.outcome === 'left') {
      if (!dryRun) await connected.hub.report({ progressUpdateStream: stream, ...registrationOf(row) });
      row.outcome = dryRun ? 'new' : 'registered';
    }
    progress.step();
  };
  let isDone = false;
  try {
    await inParallel(rows, AT_ONCE, registerOne);
    isDone = true;
  } finally {
    progress.end();
    noteLines(conflicts, 'warnings');
    note(summaryOf(rows));
    if (isDone || rows.some(({ outcome }) => outcome === 'registered')) writeRows(rows, COLUMNS, flags);
  }
  if (rows.every(({ outcome }) => outcome !== 'left')) return;
  const isBegun = rows.some(({ outcome }) => outcome === 'registered');
  const why = isBegun ? 'run import again for the other servers' : 'nothing was registered; run import again';
  throw new CliError(`interrupted: ${why}`, EXIT.outcome);
}

const placeOf = ({ from: [place] }: InventoryServer): string => (place ? `${place.file}:${place.line}` : '');

/** Migration Hub cannot delete a task: a server does not get a second one by its name in another spelling. */
function refuseOtherSpellings(rows: Imported[], known: KnownTasks, skipInvalid = false): void {
  const told: string[] = [];
  for (const row of rows) {
    const other = known.otherSpelling(row.migrationTaskName);
    if (other === undefined) continue;
    row.outcome = 'refused';
    const what = `the stream has the task ${JSON.stringify(other)}, and ${JSON.stringify(row.migrationTaskName)} is another spelling`;
    told.push(`${placeOf(row)}: ${what}. Use the name of the task, or quite another one if it is another server.`);
  }
  if (told.length === 0) return;
  noteLines(told, 'errors');
  if (skipInvalid) return;
  const count = told.length === 1 ? 'one error' : `${told.length} errors`;
  throw new CliError(`${count}: nothing is registered; --skip-invalid leaves out only these rows`);
}

/** The tasks of the stream; with the signal, those that were read until then. */
async function knownTasks({ hub }: Pick<Connected, 'hub'>, stream: string, signal: AbortSignal): Promise<KnownTasks> {
  const known = new KnownTasks();
  const read = async () => {
    for await (const task of hub.list({ progressUpdateStream: stream })) {
      if (signal.aborted) return;
      known.add(task);
    }
  };
  try {
    await bounded(LIST_MS, signal, read);
  } catch (error) {
    if (!signal.aborted) throw error;
  }
  return known;
}

/** Temporal's list lags behind by a second or more; a heartbeat workflow of the task alone tells at once. */
async function reportedTask(
  { client, hub }: Pick<Connected, 'client' | 'hub'>,
  task: Imported,
): Promise<Pick<KnownTask, 'labels'> | undefined> {
  if (!(await orNone(client.workflow.getHandle(heartbeatWorkflowId(task)).describe()))) return undefined;
  const state = await hub.lastReportedState(task.progressUpdateStream, task.migrationTaskName);
  if (!state) return { labels: {} };
  return isReported(state) ? state : undefined;
}

function summaryOf(rows: Imported[]): string {
  const count = (outcome: Imported['outcome']) => rows.filter((row) => row.outcome === outcome).length;
  const parts = [
    [count('registered'), 'registered'],
    [count('new'), 'to be registered'],
    [count('known'), 'reported before: left alone, attributes included'],
    [count('refused'), 'left out: known in another spelling'],
    [count('left'), 'not done'],
  ] as const;
  const told = parts.filter(([number]) => number > 0).map(([number, what]) => `${number} ${what}`);
  return `servers: ${rows.length} (${told.join(', ')})`;
}
