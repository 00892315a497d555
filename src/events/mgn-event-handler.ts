import { inParallel } from '../async/in-parallel';
import type { MigrationHubClient } from '../client/migration-hub-client';
import type { TaskReport } from '../report';
import { checkSample } from '../report/check-sample';
import { must, optional, REPORT_FIELDS, type Checks } from '../report/fields';
import { checkOptions } from '../report/option-names';
import { HEARTBEAT_RANGES } from '../task-state';
import { objectOr, type MgnEvent } from './mgn-event';
import { FILTER_FIELDS, mgnReports, type MgnEventFilter, type MgnReport } from './mgn-reports';
import { eachMessage, messagesOf, type SqsBatchResponse } from './sqs-batch';

/** How events of AWS Application Migration Service become reports. */
export interface MgnEventOptions extends MgnEventFilter {
  /** What reports: a `MigrationHubClient`. */
  hub: Pick<MigrationHubClient, 'report'>;
  /** The stream of the tasks. */
  progressUpdateStream: string;
  /**
   * The name of a source server's task; undefined or null: nothing is reported of it. What it throws makes the event fail, to be
   * delivered again.
   * @default the source server's id, such as `s-12345678901234567`
   */
  nameOf?: (sourceServerId: string, event: MgnEvent) => string | undefined | null | Promise<string | undefined | null>;
  /** As in a `TaskReport`. */
  nextUpdateSeconds?: number;
  /**
   * As in a `TaskReport`: nobody can ask MGN's servers whether they are still worked on, so heartbeats go on until the end of the
   * migration is reported, or nothing was for this long.
   */
  silenceLimitSeconds?: number;
  /** As in a `TaskReport`. */
  labels?: Record<string, string>;
  /** Takes a line on each event that is ignored, and on each message of a batch and server of a call that failed. @default console.warn */
  log?: (line: string) => void;
}

/** What became of an event, or of one source server of it. */
export type MgnOutcome =
  | {
      /** The heartbeat workflow of the task has the report. An event that is older than one before changes nothing. */
      outcome: 'reported';
      /** Of the event. */
      sourceServerId: string;
      /** As it was sent. */
      report: TaskReport;
    }
  | {
      /** Nothing is reported, and no retry would change that. */
      outcome: 'ignored';
      /** Of the event; absent where the event as a whole is ignored. */
      sourceServerId?: string;
      /** Why, in words. */
      reason: string;
    };

/** The same, or why a source server could not be reported: a further try may succeed. */
export type MgnAttempt = MgnOutcome | { outcome: 'failed'; sourceServerId: string; error: unknown };

/**
 * Takes an EventBridge event, or a batch of SQS messages that hold one each. Fails where an event may succeed when it is delivered
 * again; in a batch such messages are named in the response.
 */
export interface MgnEventHandler {
  /** A batch, as Lambda hands it over. */
  (batch: {
    /** The messages. */
    Records: unknown[];
  }): Promise<SqsBatchResponse>;
  /** One event. */
  (event: unknown): Promise<MgnOutcome[]>;
}

/** Reports of one event on their way at once. */
const AT_ONCE = 20;

const isFunction = must((value) => typeof value === 'function', 'it must be a function');
const CHECKS: Checks<MgnEventOptions> = {
  hub: must(
    (value) => typeof (value as { report?: unknown } | undefined)?.report === 'function',
    'it must be a MigrationHubClient',
  ),
  progressUpdateStream: REPORT_FIELDS.progressUpdateStream,
  nextUpdateSeconds: REPORT_FIELDS.nextUpdateSeconds,
  silenceLimitSeconds: REPORT_FIELDS.silenceLimitSeconds,
  labels: REPORT_FIELDS.labels,
  nameOf: optional(isFunction),
  log: optional(isFunction),
  ...FILTER_FIELDS,
};

/**
 * Makes a function that reports what MGN's events say: a handler of AWS Lambda behind an EventBridge rule, or behind an SQS queue between
 * the two. docs/mgn-events.md has the mapping, the rule and the permissions.
 * @throws ConfigurationError for an option that is wrong or misspelt
 */
export function createMgnEventHandler(options: MgnEventOptions): MgnEventHandler {
  const report = mgnEventReporter(options);
  const { log = console.warn } = options;
  const handle = async (event: unknown): Promise<MgnOutcome[]> => {
    const attempts = await report(event);
    for (const each of attempts) {
      if (each.outcome === 'ignored') log(`${idOf(event)} is ignored: ${each.reason}`);
      if (each.outcome === 'failed' && attempts.length > 1)
        log(`${idOf(event)} failed for ${each.sourceServerId}: ${String(each.error)}`);
    }
    return orFailed(attempts);
  };
  const handler = (event: unknown): Promise<SqsBatchResponse | MgnOutcome[]> => {
    const messages = messagesOf(event);
    if (!messages) return handle(event);
    return eachMessage(
      messages,
      (body) => handle(parsed(body)),
      (error, id) => log(`SQS message ${id} failed and is delivered again: ${String(error)}`),
    );
  };
  return handler as MgnEventHandler;
}

/**
 * What became of each server, where none failed. Otherwise the others are reported all the same; a further try changes nothing of them.
 * @throws what the first one failed for
 */
export function orFailed(attempts: MgnAttempt[]): MgnOutcome[] {
  return attempts.map((each) => {
    if (each.outcome === 'failed') throw each.error;
    return each;
  });
}

function idOf(event: unknown): string {
  const { id } = objectOr(event);
  return `EventBridge event ${typeof id === 'string' && /^[\w-]{1,100}$/.test(id) ? id : 'without an id'}`;
}

/** What is no JSON stays as it is, and is ignored with the reason. */
function parsed(body: unknown): unknown {
  try {
    return JSON.parse(String(body));
  } catch {
    return body;
  }
}

/**
 * Makes a function that reports what one event says, and gives what became of each of its servers. `heartbeatFraction`: of the client
 * that reports; by default the least that one may have.
 * @throws ConfigurationError for an option that is wrong or misspelt
 */
export function mgnEventReporter(
  options: MgnEventOptions,
  heartbeatFraction = HEARTBEAT_RANGES.heartbeatFraction.min,
): (event: unknown) => Promise<MgnAttempt[]> {
  checkOptions('createMgnEventHandler', options, CHECKS);
  const { accounts, regions, progressUpdateStream, nextUpdateSeconds } = options;
  const sample = { progressUpdateStream, migrationTaskName: 'any', status: 'IN_PROGRESS', nextUpdateSeconds } as const;
  checkSample(sample, heartbeatFraction);
  return async (event) => {
    const read = mgnReports(event, { accounts, regions });
    if ('ignored' in read) return [{ outcome: 'ignored', reason: read.ignored }];
    return inParallel(read.reports, AT_ONCE, (report) =>
      sendReport(report, event as MgnEvent, options).catch((error: unknown): MgnAttempt => {
        return { outcome: 'failed', sourceServerId: report.sourceServerId, error };
      }),
    );
  };
}

async function sendReport(read: MgnReport, event: MgnEvent, options: MgnEventOptions): Promise<MgnOutcome> {
  const { sourceServerId, state: _state, ...said } = read;
  const { hub, progressUpdateStream, nameOf, nextUpdateSeconds, silenceLimitSeconds, labels } = options;
  const migrationTaskName = nameOf ? await nameOf(sourceServerId, event) : sourceServerId;
  if (migrationTaskName === undefined || migrationTaskName === null)
    return { outcome: 'ignored', sourceServerId, reason: `there is no task name for ${sourceServerId}` };
  const report: TaskReport = {
    ...{ progressUpdateStream, migrationTaskName, ...said },
    ...(nextUpdateSeconds !== undefined && { nextUpdateSeconds }),
    ...(silenceLimitSeconds !== undefined && { silenceLimitSeconds }),
    ...(labels && { labels }),
  };
  await hub.report(report);
  return { outcome: 'reported', sourceServerId, report };
}
