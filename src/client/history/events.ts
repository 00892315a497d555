import type { WorkflowHandle } from '@temporalio/client';
import type { Answers } from '../../task-state';

export type History = Awaited<ReturnType<WorkflowHandle['fetchHistory']>>;
export type HistoryEvent = NonNullable<History['events']>[number];
/** The attributes of one type of event. */
export type EventOf<K extends keyof HistoryEvent> = NonNullable<HistoryEvent[K]>;

/** What of a heartbeat workflow's history says something of its tasks, decoded. `at`: epoch seconds of the event. */
export type Step = { at: number } & (
  | { kind: 'started'; input: unknown }
  | { kind: 'signal'; name: string; input: unknown }
  | { kind: 'cancel' }
  | { kind: 'answers'; round: string; answers: Answers<unknown> }
  | { kind: 'task-started' }
  | { kind: 'task-completed' }
  | { kind: 'scheduled'; round: string; activity: string; args: unknown[] }
);

/** Which events tell the workflow something; it acts on them in its next workflow task. */
export type Told = Extract<Step, { kind: 'signal' | 'cancel' | 'answers' }>;
