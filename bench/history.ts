/** Counts of histories: events, and actions as Temporal Cloud bills them. */
import type { World } from './world';

/** The part of a history event that is looked at: `eventType` is not, since the attribute that is set says the same. */
export type HistoryEvent = Record<string, unknown>;

/** What workflows have cost so far. */
export interface Cost {
  events: number;
  /** Of these, what continue-as-new has cost. */
  continuing: number;
  actions: number;
  /** Runs that have an activity or a workflow task in progress. */
  busy: number;
}

const has = (event: HistoryEvent, attributes: string) => event[attributes] !== null && event[attributes] !== undefined;

function attemptOf(event: HistoryEvent): number {
  const attributes = event['activityTaskStartedEventAttributes'] as { attempt?: number } | undefined;
  return Math.max(1, attributes?.attempt ?? 1);
}

/**
 * Billable actions of one run by https://docs.temporal.io/cloud/actions: 1 for its start, also by continue-as-new; a
 * signal-with-start is 1 together with the start; 1 for each further signal, timer, search attribute upsert, accepted update
 * and each attempt of an activity; 1 for the local activities of a workflow task; 2 for a child workflow. Not in a history,
 * so not counted: queries, recorded activity heartbeats, and the start of the activity by which a workflow reports.
 */
export function actionsOf(events: HistoryEvent[]): number {
  let actions = 0;
  let ofSignalWithStart = startedBySignal(events);
  let localInThisTask = false;
  for (const event of events) {
    if (has(event, 'workflowTaskCompletedEventAttributes')) localInThisTask = false;
    if (has(event, 'workflowExecutionSignaledEventAttributes') && ofSignalWithStart) ofSignalWithStart = false;
    else if (ONE.some((attributes) => has(event, attributes))) actions += 1;
    else if (has(event, 'activityTaskStartedEventAttributes')) actions += attemptOf(event);
    else if (has(event, 'startChildWorkflowExecutionInitiatedEventAttributes')) actions += 2;
    else if (isLocalActivity(event) && !localInThisTask) {
      actions += 1;
      localInThisTask = true;
    }
  }
  return actions;
}

/**
 * Events of one run that continue-as-new has cost: the event that ends it so, and, where it continues another run, its start and
 * its first workflow task, in which it does what the run before would have done anyhow.
 */
export function continuingEventsOf(events: HistoryEvent[]): number {
  const [first] = events;
  const last = events.at(-1);
  const ends = last !== undefined && has(last, 'workflowExecutionContinuedAsNewEventAttributes') ? 1 : 0;
  return ends + (first !== undefined && continues(first) ? 4 : 0);
}

/** Whether an activity or a workflow task of a run is scheduled and has not ended. */
export function isBusy(events: HistoryEvent[]): boolean {
  const number = (attributes: string[]) => events.filter((event) => attributes.some((each) => has(event, each))).length;
  return number(ACTIVITY_SCHEDULED) > number(ACTIVITY_ENDS) || number(TASK_SCHEDULED) > number(TASK_ENDS);
}

const ACTIVITY_SCHEDULED = ['activityTaskScheduledEventAttributes'];
const ACTIVITY_ENDS = [
  'activityTaskCompletedEventAttributes',
  'activityTaskFailedEventAttributes',
  'activityTaskTimedOutEventAttributes',
  'activityTaskCanceledEventAttributes',
];
const TASK_SCHEDULED = ['workflowTaskScheduledEventAttributes'];
const TASK_ENDS = [
  'workflowTaskCompletedEventAttributes',
  'workflowTaskFailedEventAttributes',
  'workflowTaskTimedOutEventAttributes',
];

const ONE = [
  'workflowExecutionStartedEventAttributes',
  'workflowExecutionSignaledEventAttributes',
  'timerStartedEventAttributes',
  'upsertWorkflowSearchAttributesEventAttributes',
  'workflowExecutionUpdateAcceptedEventAttributes',
];

/** The second event of a run that a signal-with-start began is that signal. Of a run that continues another one it may be a late signal. */
function startedBySignal([first, second]: HistoryEvent[]): boolean {
  const isFirstRun = first !== undefined && has(first, 'workflowExecutionStartedEventAttributes') && !continues(first);
  return isFirstRun && second !== undefined && has(second, 'workflowExecutionSignaledEventAttributes');
}

function continues(first: HistoryEvent): boolean {
  const started = first['workflowExecutionStartedEventAttributes'] as
    { continuedExecutionRunId?: string | null } | undefined;
  return Boolean(started?.continuedExecutionRunId);
}

const isLocalActivity = (event: HistoryEvent): boolean =>
  (event['markerRecordedEventAttributes'] as { markerName?: string } | undefined)?.markerName === 'core_local_activity';

/** A run of a heartbeat workflow. */
export interface Run {
  workflowId: string;
  runId: string;
}

/** Every run of the heartbeat workflows, of one stream or of all: both forms of their ids have the stream between two colons. */
export async function heartbeatRuns({ client }: World, stream?: string, open = false): Promise<Run[]> {
  const query = `WorkflowType = 'migrationHeartbeat'${open ? ` AND ExecutionStatus = 'Running'` : ''}`;
  const runs: Run[] = [];
  for await (const { workflowId, runId } of client.workflow.list({ query, pageSize: 1000 }))
    if (stream === undefined || workflowId.includes(`:${stream}:`)) runs.push({ workflowId, runId });
  return runs;
}

/** What all heartbeat workflows of a stream have cost so far. */
export async function costOf(world: World, stream: string): Promise<Cost & { runs: number }> {
  const runs = await heartbeatRuns(world, stream);
  const cost = { events: 0, continuing: 0, actions: 0, busy: 0, runs: runs.length };
  for (const { workflowId, runId } of runs) {
    const history = await world.client.workflow.getHandle(workflowId, runId).fetchHistory();
    const events = (history.events ?? []) as unknown as HistoryEvent[];
    cost.events += events.length;
    cost.continuing += continuingEventsOf(events);
    cost.actions += actionsOf(events);
    if (isBusy(events)) cost.busy += 1;
  }
  return cost;
}

/** Workflows of the package that are neither users' nor heartbeat workflows: what they have cost so far, by type. */
export async function otherWorkflows({ client }: World): Promise<Record<string, number>> {
  const events: Record<string, number> = {};
  for await (const { type, workflowId, runId } of client.workflow.list({ pageSize: 1000 })) {
    if (type === 'migrationHeartbeat' || type === 'migrateServer') continue;
    const { historyLength } = await client.workflow.getHandle(workflowId, runId).describe();
    events[type] = (events[type] ?? 0) + historyLength;
  }
  return events;
}

/** Length of the history of each run, without reading it. */
export async function historyLengths({ client }: World, runs: Run[]): Promise<number[]> {
  const lengths: number[] = [];
  for (const { workflowId, runId } of runs)
    lengths.push((await client.workflow.getHandle(workflowId, runId).describe()).historyLength);
  return lengths;
}
