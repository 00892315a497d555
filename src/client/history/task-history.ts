import type { Client } from '@temporalio/client';
import { callsWithin } from '../calls-within';
import { runsOf } from '../heartbeat-lists';
import { neverLists, orNone } from '../heartbeat-workflows';
import { groupFromHistory } from './group-from-history';
import { TaskTimeline, type TaskEvent } from './task-timeline';

/** Of one run, or of one list. */
const READ_MS = 60_000;

/** How far back is read. */
export interface HistoryBounds {
  /** The newest so many events. */
  limit: number;
  /** Of the newest so many runs of each heartbeat workflow. @default all that Temporal keeps */
  runs?: number;
}

/** What happened to a task. */
export interface TaskHistory {
  /** In the order of time. */
  events: TaskEvent[];
  /** Older ones, or runs that may have some, were left out. */
  isCut: boolean;
}

/** What happened to a task, by the histories of its heartbeat workflows and their earlier runs. No worker is asked. */
export async function readTaskHistory(
  client: Client,
  workflowIds: string[],
  name: string,
  bounds: HistoryBounds,
): Promise<TaskHistory> {
  const events: TaskEvent[] = [];
  let isCut = false;
  for (const id of workflowIds) {
    const read = await eventsOf(client, id, name, bounds);
    events.push(...read.events);
    isCut ||= read.isCut;
  }
  const newest = events.sort((a, b) => a.at - b.at).slice(-bounds.limit);
  return { events: newest, isCut: isCut || newest.length < events.length };
}

async function eventsOf(
  client: Client,
  workflowId: string,
  name: string,
  { limit, runs = Infinity }: HistoryBounds,
): Promise<TaskHistory> {
  const read = new Set<string>();
  let events: TaskEvent[] = [];
  for (const newest of await newestRuns(client, workflowId)) {
    let runId: string | undefined = newest;
    while (runId && !read.has(runId)) {
      if (events.length >= limit || read.size >= runs) return { events, isCut: true };
      read.add(runId);
      const run: RunHistory | undefined = await orNone(readRun(client, workflowId, runId, name));
      // Temporal keeps no earlier one either.
      if (!run) break;
      events = [...run.events, ...events];
      runId = run.continuedFrom;
    }
  }
  return { events, isCut: false };
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

const within = <T>(client: Client, work: () => Promise<T>): Promise<T> => callsWithin(client, READ_MS, undefined, work);
