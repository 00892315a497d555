import { join } from 'node:path';
import type { Client } from '@temporalio/client';
import { Worker } from '@temporalio/worker';
import { HEARTBEAT_WORKFLOW } from '../src/report';
import type { Findings } from './referee';
import { LOADED_MACHINE } from '../src/worker/loaded-machine';

const WORKFLOWS = join(__dirname, '../src/workflows');

export interface Replays {
  runs: number;
  events: number;
  /** Workflow tasks that a worker failed. */
  failedTasks: number;
  /** Runs whose history the workflow's code does not follow: no worker can go on with them. */
  stuck: Findings;
}

/** Replays the history of each run of a heartbeat workflow. */
export async function replayAll(client: Client): Promise<Replays> {
  const replays: Replays = { runs: 0, events: 0, failedTasks: 0, stuck: [] };
  const histories = async function* () {
    for await (const { workflowId, runId } of client.workflow.list({
      query: `WorkflowType = '${HEARTBEAT_WORKFLOW}'`,
    })) {
      const history = await client.workflow.getHandle(workflowId, runId).fetchHistory();
      const events = history.events ?? [];
      replays.events += events.length;
      replays.failedTasks += events.filter((event) => event.workflowTaskFailedEventAttributes).length;
      yield { workflowId, history };
    }
  };
  const interceptors = { workflowModules: [join(WORKFLOWS, 'query-guard'), join(WORKFLOWS, 'trace-relay')] };
  for await (const { workflowId, error } of Worker.runReplayHistories(
    { workflowsPath: WORKFLOWS, interceptors, ...LOADED_MACHINE },
    histories(),
  )) {
    replays.runs++;
    if (error) replays.stuck.push(`${workflowId}: ${error.message}`);
  }
  return replays;
}
