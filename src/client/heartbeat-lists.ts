import type { Client } from '@temporalio/client';
import { HEARTBEAT_WORKFLOW } from '../report';
import { isOpen } from './heartbeat-workflows';

/** A run of a heartbeat workflow, as Temporal lists it. */
export interface Run {
  /** Its id. */
  runId: string;
  /** It has not ended. */
  isOpen: boolean;
  /** It has ended with all its tasks, as it should. */
  isCompleted: boolean;
}

/** Runs by workflow id, the newest first, without those that continued as new: the next run holds what they held. */
export type Runs = Map<string, Run[]>;

/** What the id of a heartbeat workflow tells. */
export interface HeartbeatId {
  /** The stream of its tasks. */
  stream: string;
  /** How many groups the tasks share; 0: this is a group of one. */
  groups: number;
}

/** A run that has just continued as new may be listed before the next one is. */
const CONTINUED_MS = 300_000;
const ROWS_PER_PAGE = 1000;

/** Reads the id of a heartbeat workflow; undefined for one of another form. */
export function parseHeartbeatId(workflowId: string): HeartbeatId | undefined {
  const [, stream, groups] = /^mgh-group:([^:]*):(\d+):\d+$/.exec(workflowId) ?? /^mgh:([^:]*):/.exec(workflowId) ?? [];
  return stream === undefined ? undefined : { stream, groups: Number(groups ?? 0) };
}

/** Heartbeat workflows of a stream, or, without one, of all; all or the open ones, or those of shared groups. */
export function listHeartbeats(
  client: Client,
  stream?: string,
  { open = false, shared = false, limit = Infinity } = {},
): Promise<Runs> {
  const prefixes = [`mgh-group:${stream}:`, ...(shared ? [] : [`mgh:${stream}:`])];
  const which = stream === undefined ? [] : [`(${prefixes.map(startsWith).join(' OR ')})`];
  const accepts = (id: string) => {
    const parsed = parseHeartbeatId(id);
    return parsed !== undefined && (stream ?? parsed.stream) === parsed.stream && (!shared || parsed.groups > 0);
  };
  const closed = new Date(Date.now() - CONTINUED_MS).toISOString();
  const status = open
    ? `ExecutionStatus = 'Running'`
    : `(ExecutionStatus != 'ContinuedAsNew' OR CloseTime > '${closed}')`;
  return listRuns(client, [...which, status], accepts, limit);
}

/** The runs of one heartbeat workflow. */
export async function runsOf(client: Client, workflowId: string): Promise<Run[]> {
  const which = isPlain(workflowId) ? `WorkflowId = '${workflowId}'` : startsWith(workflowId);
  const runs = await listRuns(client, [which, `ExecutionStatus != 'ContinuedAsNew'`], (id) => id === workflowId);
  return runs.get(workflowId) ?? [];
}

/** The server's lists do not find a text with a quotation mark or a backslash, however it is written. */
const plainStart = (text: string): string => text.replace(/["'\\].*/s, '');
/** Whether the server's lists find it. */
export const isPlain = (text: string): boolean => plainStart(text) === text;
const startsWith = (prefix: string): string => `WorkflowId STARTS_WITH '${plainStart(prefix)}'`;

async function listRuns(
  { workflow }: Client,
  which: string[],
  accepts: (workflowId: string) => boolean,
  limit = Infinity,
): Promise<Runs> {
  const query = [`WorkflowType = '${HEARTBEAT_WORKFLOW}'`, ...which].join(' AND ');
  const found = new Map<string, (Run & { startTime: Date })[]>();
  for await (const { workflowId, runId, startTime, status } of workflow.list({
    query,
    pageSize: Math.min(limit, ROWS_PER_PAGE),
  })) {
    if (!accepts(workflowId)) continue;
    const runs = found.get(workflowId) ?? [];
    if (status.name !== 'CONTINUED_AS_NEW')
      runs.push({ runId, startTime, isOpen: isOpen(status.name), isCompleted: status.name === 'COMPLETED' });
    found.set(workflowId, runs);
    if (found.size >= limit) break;
  }
  for (const runs of found.values()) runs.sort((a, b) => Number(b.startTime) - Number(a.startTime));
  return found;
}
