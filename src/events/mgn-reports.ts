import type { ReportOwner, TaskState } from '../report';
import { checkOptions } from '../report/option-names';
import { must, optional, type Check, type Checks } from '../report/fields';
import { readApiCall } from './mgn-api-calls';
import { ignore, IgnoredEvent, readEnvelope, serversOfResources, type MgnEvent, type SourceServer } from './mgn-event';
import { LIFECYCLE_STATES, MGN_STATES, type MgnState } from './mgn-states';

/** Which events count. */
export interface MgnEventFilter {
  /** Accounts of source servers: 12 digits each. @default all */
  accounts?: readonly string[];
  /** Regions of source servers, such as `us-west-2`. @default all */
  regions?: readonly string[];
}

/** What is reported of a source server: a `TaskReport` but for the names of stream and task. */
export interface MgnReport extends TaskState {
  /** `s-` and 17 letters or digits. */
  sourceServerId: string;
  /** What the event says. */
  state: MgnState;
  /** MGN goes back where a test or cutover is repeated or reverted. */
  allowDecrease?: boolean;
  /** Makes second deliveries and older events harmless. */
  owner: ReportOwner;
}

/** What an event means: reports, or why there are none. */
export type MgnReading = { reports: MgnReport[] } | { ignored: string };

const like = (pattern: RegExp, saying: string) =>
  must((value) => typeof value === 'string' && pattern.test(value), `it must be ${saying}`);
const listOf = (each: Check, saying: string) =>
  must(
    (value) => Array.isArray(value) && value.length > 0 && value.every((one) => each(one) === undefined),
    `it must be a list of ${saying}`,
  );

/** The check of one account. */
export const ACCOUNT: Check = like(/^\d{12}$/, 'an account id of 12 digits');
/** The check of one region. */
export const REGION: Check = like(/^[a-z]+(-[a-z]+)+-\d+$/, 'a region such as us-west-2');

/** The checks of the filter. */
export const FILTER_FIELDS: Checks<MgnEventFilter> = {
  accounts: optional(listOf(ACCOUNT, 'account ids of 12 digits')),
  regions: optional(listOf(REGION, 'regions such as us-west-2')),
};

/** The orders that events of a task are in: by it an event that is delivered twice, or late, is known. */
const LIFECYCLE_OWNER = 'aws.mgn:lifecycle';
const REPLICATION_OWNER = 'aws.mgn:replication';

/** More than there are states. */
const STATES_PER_SECOND = 100;
const STATES = Object.keys(MGN_STATES);

/**
 * What an EventBridge event of AWS Application Migration Service means for Migration Hub. Pure, but for the clock: an event of the future
 * is ignored. Events that say nothing of how far a server is, and those of other services, accounts and regions, are ignored with the reason.
 * @throws ConfigurationError for a filter that is wrong or misspelt
 */
export function mgnReports(event: unknown, filter: MgnEventFilter = {}): MgnReading {
  checkOptions('mgnReports', filter, FILTER_FIELDS);
  try {
    const { event: read, seconds } = readEnvelope(event, Date.now() / 1000);
    const { state, servers, jobId } = saidBy(read);
    const wanted = servers.filter((server) => isWanted(server, filter));
    if (wanted.length === 0) whyUnwanted(servers, filter);
    return { reports: wanted.map((server) => reportOf(server, state, seconds, jobId)) };
  } catch (error) {
    if (error instanceof IgnoredEvent) return { ignored: error.message };
    throw error;
  }
}

/** What an event says. */
interface Said {
  state: MgnState;
  servers: SourceServer[];
  /** The job that launched the server. */
  jobId?: string;
}

const LAUNCH_RESULTS = STATES.filter((state) => state.includes('_LAUNCH_'));
const REPLICATION_STATES = STATES.filter((state) => MGN_STATES[state as MgnState].isReplication);

/** The states of those events that MGN sends itself, by `detail-type`. */
const DETAIL_TYPES: Record<string, readonly string[]> = {
  'MGN Source Server Lifecycle State Change': LIFECYCLE_STATES,
  'MGN Source Server Launch Result': LAUNCH_RESULTS,
  'MGN Source Server Data Replication Stalled Change': REPLICATION_STATES,
};
const JOB_ID = /^mgnjob-[0-9a-zA-Z]+$/;
const API_CALL = 'AWS API Call via CloudTrail';

/** The values of `detail-type` that are read. */
export const REPORTED_DETAIL_TYPES = [...Object.keys(DETAIL_TYPES), API_CALL];

function saidBy(event: MgnEvent): Said {
  const type = event['detail-type'];
  if (type === API_CALL) return readApiCall(event);
  const states = Object.hasOwn(DETAIL_TYPES, type) ? DETAIL_TYPES[type] : undefined;
  if (!states) ignore('detail-type', type, `only ${REPORTED_DETAIL_TYPES.join(', ')} are read`);
  const { state: given, 'job-id': job } = event.detail;
  // The samples in the MGN user guide have asterisks around values, which are its markup.
  const text = (value: unknown) => (typeof value === 'string' ? value.replace(/^\*(.*)\*$/, '$1') : undefined);
  const state = text(given);
  if (state === undefined || !states.includes(state))
    ignore('detail.state', given, `it must be one of ${states.join(', ')}`);
  return { state: state as MgnState, servers: serversOfResources(event), jobId: JOB_ID.exec(text(job) ?? '')?.[0] };
}

const isWanted = ({ account, region }: SourceServer, { accounts, regions }: MgnEventFilter): boolean =>
  (accounts?.includes(account) ?? true) && (regions?.includes(region) ?? true);

function whyUnwanted([server]: SourceServer[], { accounts, regions }: MgnEventFilter): void {
  if (accounts && server && !accounts.includes(server.account))
    ignore('account', server.account, `only ${accounts.join(', ')} are reported`);
  ignore('region', server?.region, `only ${regions?.join(', ')} are reported`);
}

function reportOf({ id }: SourceServer, state: MgnState, seconds: number, jobId?: string): MgnReport {
  const { status, progressPercent, statusDetail, beginsAttempt, isReplication } = MGN_STATES[state];
  const sequence = seconds * STATES_PER_SECOND + STATES.indexOf(state);
  const at = sequence / STATES_PER_SECOND;
  return {
    ...{ sourceServerId: id, state, status },
    ...(progressPercent !== undefined && { progressPercent, allowDecrease: true }),
    statusDetail: `MGN: ${statusDetail}${jobId ? ` (${jobId})` : ''}`,
    owner: {
      ownerId: isReplication ? REPLICATION_OWNER : LIFECYCLE_OWNER,
      ...{ sequence, reportedAt: at },
      ...(beginsAttempt && { startedAt: at }),
    },
  };
}
