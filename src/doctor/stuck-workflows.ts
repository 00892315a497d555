import type { Client } from '@temporalio/client';
import { parseHeartbeatId } from '../client/heartbeat-lists';
import { describeOpen } from '../client/heartbeat-workflows';
import type { TemporalSettings } from '../cli/temporal-settings';
import { DEADLINE_ATTRIBUTE, HEARTBEAT_WORKFLOW } from '../report';
import { temporalFlags } from '../report/temporal-flags';
import { isUnknownToServer } from './temporal-errors';

/** A workflow task may fail once without harm, such as where a worker was lost; from this attempt on the same fails again. */
const ATTEMPTS = 3;
/** Events from the end in which the failure is looked for; further attempts leave none. */
const LAST_EVENTS = 20;
const LISTED = 100;

/** A heartbeat workflow whose workflow task fails again and again. */
export interface Stuck {
  /** Its id. */
  workflowId: string;
  /** Why, as a worker or the server said. */
  why: string;
}

/** Ids of heartbeat workflows of which the server itself says that their workflow tasks fail; older servers do not. */
export async function listReported(client: Client, stream?: string): Promise<string[]> {
  const query = `WorkflowType = '${HEARTBEAT_WORKFLOW}' AND ExecutionStatus = 'Running' AND TemporalReportedProblems IN ('category=WorkflowTaskFailed', 'category=WorkflowTaskTimedOut')`;
  const ids: string[] = [];
  try {
    for await (const { workflowId } of client.workflow.list({ query, pageSize: LISTED })) {
      if (stream === undefined || parseHeartbeatId(workflowId)?.stream === stream) ids.push(workflowId);
      if (ids.length === LISTED) break;
    }
  } catch (error) {
    if (!isUnknownToServer(error)) throw error;
  }
  return ids;
}

/** Empty where it is not stuck. */
export async function findStuck(client: Client, workflowId: string): Promise<Stuck[]> {
  const description = await describeOpen(client, workflowId);
  const attempt = description?.raw.pendingWorkflowTask?.attempt ?? 0;
  if (!description || attempt < ATTEMPTS) return [];
  const { runId } = description;
  const why = await whyStuck(client, workflowId, runId);
  return [{ workflowId, why: `attempt ${attempt}: ${why}` }];
}

async function whyStuck(client: Client, workflowId: string, runId: string): Promise<string> {
  const { history } = await client.workflowService.getWorkflowExecutionHistoryReverse({
    namespace: client.options.namespace,
    execution: { workflowId, runId },
    maximumPageSize: LAST_EVENTS,
  });
  for (const {
    workflowTaskFailedEventAttributes: failed,
    workflowTaskTimedOutEventAttributes: late,
  } of history?.events ?? []) {
    if (late) return 'no worker completed it in time';
    if (failed) return failed.failure?.message?.split('\n')[0] || 'its history does not say why';
  }
  return 'its history does not say why';
}

/** What to do, by what was said. A reset keeps the reports that wait; a termination would lose them. */
export function mendOfStuck({ workflowId, why }: Stuck, temporal: TemporalSettings): string {
  if (/unknown encoding|codec|decrypt|decode/i.test(why))
    return 'give the workers the codec of the reporting programs: worker --plugins MODULE';
  if (why.includes(DEADLINE_ATTRIBUTE) || /search attribute/i.test(why))
    return `temporal operator search-attribute create ${temporalFlags(temporal.namespace, temporal.address)} --name ${DEADLINE_ATTRIBUTE} --type Datetime`;
  return `run the newest version of the workers; if it stays, reset each workflow; waiting reports are kept: ${resetCommand(workflowId, temporal)}`;
}

function resetCommand(workflowId: string, { address, namespace }: TemporalSettings): string {
  const where = temporalFlags(namespace, address);
  return `temporal workflow reset --type FirstWorkflowTask ${where} --reason stuck -w ${quoted(workflowId)}`;
}

/** For a shell. */
const quoted = (text: string): string => (/^[\w:./@%+-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`);
