import type { Client } from '@temporalio/client';
import { bounded } from '../../async/bounded';
import { runsOf } from '../heartbeat-lists';
import { neverLists, orNone } from '../heartbeat-workflows';
import { groupFromHistory } from './group-from-history';
import { TaskTimeline, type TaskEvent } from './task-timeline';

/** Of one run, or of one list. */
const READ_MS = 60_000;

/**
 * What happened to a task, by the histories of its heartbeat workflows and their earlier runs, as far back as Temporal keeps them; the
 * newest `limit` events, in the order of time. No worker is asked.
 */
export async function readTaskHistory(
  client: Client,
  workflowIds: string[],
  name: string,
  limit: number,
): Promise<TaskEvent[]> {
  const events: TaskEvent[] = [];
  for (const id of workflowIds) events.push(...(await eventsOf(client, id, name, limit)));
  return events.sort((a, b) => a.at - b.at).slice(-limit);
}

async function eventsOf(client: Client, workflowId: string, name: string, limit: number): Promise<TaskEvent[]> {
  const read = new Set<string>();
  let events: TaskEvent[] = [];
  for (const newest of await newestRuns(client, workflowId)) {
    let runId: string | undefined = newest;
    while (runId && !read.has(runId) && events.length < limit) {
      read.add(runId);
      const run: RunHistory | undefined = await orNone(readRun(client, workflowId, runId, name));
      // Temporal keeps no earlier one either.
      if (!run) break;
      events = [...run.events, ...events];
      runId = run.continuedFrom;
    }
  }
  return events;
}

/** The runs that did not continue as new, the newest first: each is the end of a chain. The server's list may lack the latest yet. */
async function newestRuns(client: Client, workflowId: string): Promise<string[]> {
  const latest = await orNone(within(client, () => client.workflow.getHandle(workflowId).describe()));
  if (!latest) return [];
  const listed = await within(client, () => runsOf(client, workflowId)).catch((error: unknown) => {
    if (neverLists(error)) return [];
    throw error;
  });
  return [latest.runId, ...listed.map(({ runId }) => runId)];
}

/** What one run tells. */
interface RunHistory {
  events: TaskEvent[];
  /** The run before. */
  continuedFrom?: string;
}

async function readRun(client: Client, workflowId: string, runId: string, name: string): Promise<RunHistory> {
  const timeline = new TaskTimeline(name);
  let continuedFrom: string | undefined;
  await within(client, () =>
    groupFromHistory(client, workflowId, runId, (group, event, brought) => {
      const started = event?.workflowExecutionStartedEventAttributes;
      if (started) continuedFrom = started.continuedExecutionRunId || undefined;
      timeline.step(group, event, brought);
    }),
  );
  return { events: timeline.events, continuedFrom };
}

const within = <T>(client: Client, work: () => Promise<T>): Promise<T> =>
  bounded(READ_MS, undefined, (abortSignal) => client.withAbortSignal(abortSignal, work));
