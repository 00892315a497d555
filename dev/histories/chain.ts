import type { Client } from '@temporalio/client';
import { attributesOf, type HistoryEvent, type HistoryJson } from './files';
import { toJson } from './json';
import { until } from './until';

/** The histories of all runs of a workflow, from the first to the newest, each ending where the workflow waits or has ended. */
export async function chainOf(client: Client, workflowId: string): Promise<HistoryJson[]> {
  const newest = await settled(client, workflowId);
  const { firstExecutionRunId } = attributesOf(newest.events[0]) as { firstExecutionRunId: string };
  const chain: HistoryJson[] = [];
  for (let runId: string | undefined = firstExecutionRunId; runId;) {
    const history = await settled(client, workflowId, runId);
    chain.push(history);
    // Of a run that continued as new, or failed and is tried again.
    runId = attributesOf(history.events.at(-1))['newExecutionRunId'] as string | undefined;
  }
  return chain;
}

/** A history that ends within a step would leave its last events without an answer, and replay without a test. */
async function settled(client: Client, workflowId: string, runId?: string): Promise<HistoryJson> {
  let history: HistoryJson = { events: [] };
  await until(`${workflowId} to wait or to end`, async () => {
    history = toJson(await client.workflow.getHandle(workflowId, runId).fetchHistory());
    return isAnswered(history.events.at(-1));
  });
  return history;
}

/** The workflow commanded this event, or was told and wants nothing, or can no longer answer. */
const isAnswered = (event: HistoryEvent | undefined): boolean =>
  'workflowTaskCompletedEventId' in attributesOf(event) ||
  ['EVENT_TYPE_WORKFLOW_TASK_COMPLETED', 'EVENT_TYPE_WORKFLOW_EXECUTION_TERMINATED'].includes(event?.eventType ?? '');
