import type { Client, WorkflowHandle } from '@temporalio/client';

type Event = NonNullable<Awaited<ReturnType<WorkflowHandle['fetchHistory']>>['events']>[number];

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

/** A sentence for each workflow task that was not completed in time, in any run of these workflows. */
export async function timedOutWorkflowTasks(client: Client, workflowIds: string[]): Promise<string[]> {
  const findings: string[] = [];
  for (const id of workflowIds)
    for await (const events of runsOf(client, id))
      for (const { eventId, workflowTaskTimedOutEventAttributes: timedOut } of events)
        if (timedOut) findings.push(`event ${String(eventId)} of ${id}`);
  return findings;
}
