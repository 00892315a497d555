import type { MigrationHubClient } from '../client/migration-hub-client';
import { mgnEventReporter, orFailed, type MgnAttempt } from '../events/mgn-event-handler';
import { objectOr } from '../events/mgn-event';
import { InvalidReportError } from '../report';
import { ConfigurationError } from '../report/configuration-error';
import { validateReport } from '../report/validate';
import { HEARTBEAT_RANGES } from '../task-state';
import type { Label } from './arguments';
import { CliError, EXIT } from './cli-error';
import { note, writeRows, type Column, type OutputFlags, type TimeFormat } from './output';
import { Progress } from './progress';
import { timeInWords } from './time-words';

/** The flags of `mgn-event` that say how events become reports. */
export interface MgnEventFlags extends OutputFlags {
  /** `--stream` */
  stream: string;
  /** `--names`: by source server id. */
  names?: Record<string, string>;
  /** `--account` */
  account?: string[];
  /** `--region` */
  region?: string[];
  /** `--next-update-seconds` */
  nextUpdateSeconds?: number;
  /** `--silence-limit-seconds` */
  silenceLimitSeconds?: number;
  /** `--label` */
  label?: Label[];
}

/** What was made of an event, or of one source server of it. */
interface Row {
  id?: string;
  time?: string;
  sourceServerId?: string;
  migrationTaskName?: string;
  /** `reportable`: it would be reported, were this no dry run. */
  outcome: 'reported' | 'reportable' | 'ignored' | 'failed';
  status?: string;
  progressPercent?: number;
  statusDetail?: string;
  /** Why it is ignored, or failed. */
  reason?: string;
}

const COLUMNS = ({ timeFormat }: OutputFlags): Column<Row>[] => [
  ['TIME', ({ time }) => timeOf(time, timeFormat)],
  ['SERVER', ({ sourceServerId }) => sourceServerId],
  ['TASK', ({ migrationTaskName }) => migrationTaskName],
  ['OUTCOME', ({ outcome }) => outcome],
  ['STATUS', ({ status }) => status],
  ['PERCENT', ({ progressPercent }) => progressPercent?.toString()],
  ['DETAIL', ({ statusDetail, reason }) => reason ?? statusDetail],
];

/** What is no time is shown as it is. */
function timeOf(time = '', format: TimeFormat): string | undefined {
  const seconds = Date.parse(time) / 1000;
  return Number.isFinite(seconds) ? timeInWords(seconds, format) : time;
}

/** What reports. */
type Hub = Pick<MigrationHubClient, 'report'>;

/** Checks a report, and sends nothing. */
const DRY: Hub = {
  report: async ({ progressUpdateStream, migrationTaskName, ...report }) => {
    validateReport({ progressUpdateStream, migrationTaskName, ...report });
    return { progressUpdateStream, migrationTaskName, ownerId: '', sequence: 0 };
  },
};

/** Writes what would be reported. @throws CliError where that is nothing, or would be refused */
export async function checkMgnEvents(events: unknown[], flags: MgnEventFlags): Promise<void> {
  try {
    await work(events, DRY, flags, new AbortController().signal, 'reportable');
  } catch (error) {
    // As a command that reaches the server says it.
    const isWrong = error instanceof ConfigurationError || error instanceof InvalidReportError;
    throw isWrong ? new CliError(error.message) : error;
  }
}

/** Reports what the events say, and writes what became of each. @throws CliError where nothing is reported */
export const reportMgnEvents = (
  events: unknown[],
  hub: Hub,
  flags: MgnEventFlags,
  signal: AbortSignal,
): Promise<void> => work(events, hub, flags, signal, 'reported');

async function work(
  events: unknown[],
  hub: Hub,
  flags: MgnEventFlags,
  signal: AbortSignal,
  done: 'reported' | 'reportable',
): Promise<void> {
  const report = mgnEventReporter(optionsOf(hub, flags), HEARTBEAT_RANGES.heartbeatFraction.standard);
  const rows: Row[] = [];
  const progress = new Progress(events.length, 'events');
  let read = 0;
  let isDone = false;
  try {
    // One after the other: then each state of a server is reported, and not only its newest.
    while (read < events.length && !signal.aborted) {
      const event = events[read];
      const attempts = await report(event);
      read++;
      rows.push(...attempts.map((attempt) => rowOf(event, attempt, done)));
      orFailed(attempts);
      progress.step();
    }
    isDone = true;
  } finally {
    progress.end();
    note(summaryOf(read, rows));
    // A wrong flag fails the first event: nothing came of any.
    if (isDone || rows.some(({ outcome }) => outcome !== 'failed')) writeRows(rows, COLUMNS(flags), flags);
  }
  if (read < events.length) throw new CliError('interrupted: run it again; nothing is reported twice', EXIT.outcome);
  if (rows.every(({ outcome }) => outcome === 'ignored'))
    throw new CliError('no event says how far a server is: nothing is reported', EXIT.outcome);
}

const optionsOf = (hub: Hub, flags: MgnEventFlags) => {
  const { stream, names, account, region, nextUpdateSeconds, silenceLimitSeconds, label } = flags;
  const nameOf = (id: string) => (names && Object.hasOwn(names, id) ? names[id] : undefined);
  return {
    ...{ hub, progressUpdateStream: stream, accounts: account, regions: region },
    ...{ nextUpdateSeconds, silenceLimitSeconds, labels: label && Object.fromEntries(label) },
    ...(names && { nameOf }),
  };
};

function rowOf(event: unknown, outcome: MgnAttempt, done: 'reported' | 'reportable'): Row {
  const { id, time } = objectOr(event);
  const { sourceServerId } = outcome;
  const row = {
    ...(typeof id === 'string' && { id }),
    ...(typeof time === 'string' && { time }),
    ...(sourceServerId !== undefined && { sourceServerId }),
  };
  if (outcome.outcome === 'ignored') return { ...row, outcome: 'ignored', reason: outcome.reason };
  if (outcome.outcome === 'failed') return { ...row, outcome: 'failed', reason: (outcome.error as Error).message };
  const { migrationTaskName, status, progressPercent, statusDetail } = outcome.report;
  return { ...row, migrationTaskName, outcome: done, status, progressPercent, statusDetail };
}

function summaryOf(events: number, rows: Row[]): string {
  const count = (outcome: Row['outcome']) => rows.filter((row) => row.outcome === outcome).length;
  const parts = [
    [count('reported'), 'reported'],
    [count('reportable'), 'to be reported'],
    [count('ignored'), 'ignored'],
    [count('failed'), 'failed'],
  ] as const;
  const told = parts.filter(([number]) => number > 0).map(([number, what]) => `${number} ${what}`);
  return `${events === 1 ? 'one event' : `${events} events`}${told.length > 0 ? `: ${told.join(', ')}` : ''}`;
}
