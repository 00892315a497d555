import type { WorkflowHandle } from '@temporalio/client';
import type { NotifyFailure, NotifyItem, NotifyResult } from '../../task-state';

export type History = Awaited<ReturnType<WorkflowHandle['fetchHistory']>>;
export type HistoryEvent = NonNullable<History['events']>[number];
/** The attributes of one type of event. */
export type EventOf<K extends keyof HistoryEvent> = NonNullable<HistoryEvent[K]>;

/** What of a heartbeat workflow's history concerns its tasks, decoded. `at`: epoch seconds of the event. */
export type Step = { at: number } & (
  | { kind: 'started'; input: unknown }
  | { kind: 'report'; input: unknown }
  | { kind: 'cancel' }
  | { kind: 'answer'; round: string; answer: NotifyResult | NotifyFailure }
  | { kind: 'task-started' }
  | { kind: 'task-completed' }
  | { kind: 'scheduled'; round: string; items: NotifyItem[] }
);

/** What the workflow acts on in its next workflow task. */
export type Input = Extract<Step, { kind: 'report' | 'cancel' | 'answer' }>;
