import type { Client, WorkflowHandle } from '@temporalio/client';

type Event = NonNullable<Awaited<ReturnType<WorkflowHandle['fetchHistory']>>['events']>[number];

/** Temporal's TimeoutType; any other is that of a worker's own queue, of which the task goes to the common one. */
const START_TO_CLOSE = 1;

/** The events of each run of a workflow, from the newest run back to the first. */
export async function* runsOf(client: Client, workflowId: string): AsyncGenerator<Event[]> {
  let runId: string | null | undefined = (await client.workflow.getHandle(workflowId).describe()).runId;
  while (runId) {
    const { events } = await client.workflow.getHandle(workflowId, runId).fetchHistory();
    yield events ?? [];
    runId = events?.[0]?.workflowExecutionStartedEventAttributes?.continuedExecutionRunId;
  }
}

/** The ids of all workflows that the query finds. */
export async function idsOf(client: Client, query: string): Promise<string[]> {
  const ids = new Set<string>();
  for await (const { workflowId } of client.workflow.list({ query })) ids.add(workflowId);
  return [...ids];
}

/** `event 7 of <id>` for each workflow task in any run of these workflows that was not completed, or not begun, in time. */
export async function lateWorkflowTasks(
  client: Client,
  workflowIds: string[],
): Promise<{ timedOut: string[]; notBegun: string[] }> {
  const late = { timedOut: [] as string[], notBegun: [] as string[] };
  for (const id of workflowIds)
    for await (const events of runsOf(client, id))
      for (const { eventId, workflowTaskTimedOutEventAttributes: end } of events)
        if (end) late[end.timeoutType === START_TO_CLOSE ? 'timedOut' : 'notBegun'].push(`event ${eventId} of ${id}`);
  return late;
}
