import type { WorkflowHandle } from '@temporalio/client';
import { CancelledFailure } from '@temporalio/common';
import { REPORT_SIGNAL } from '../../report';
import type { NotifyFailure, NotifyItem, NotifyResult } from '../../task-state';
import { whyUnanswered } from '../../workflows/unanswered';
import { inParallel } from '../../async/in-parallel';
import type { PayloadReader } from './payloads';

/** Events decoded at once: a codec may ask a service for its keys. */
const DECODED_AT_ONCE = 20;
const NOTIFY = 'notifyTaskStates';

export type History = Awaited<ReturnType<WorkflowHandle['fetchHistory']>>;
type HistoryEvent = NonNullable<History['events']>[number];

/** What the workflow acts on in its next workflow task. A round is named by the event that scheduled its activity. */
type InputContent =
  | { kind: 'report'; input: unknown }
  | { kind: 'cancel' }
  | { kind: 'answer'; round: string; answer: NotifyResult | NotifyFailure };
type Content =
  | InputContent
  | { kind: 'started'; input: unknown }
  | { kind: 'task-started' }
  | { kind: 'task-completed' }
  | { kind: 'scheduled'; round: string; items: NotifyItem[] };
/** What of a heartbeat workflow's history concerns its tasks, decoded. `at`: epoch seconds of the event. */
export type Step = Content & { at: number };
export type Input = InputContent & { at: number };

/** `activityIds`: by round, those of our activity. */
async function contentOf(
  event: HistoryEvent,
  payloads: PayloadReader,
  activityIds: Map<string, string>,
): Promise<Content | undefined> {
  const { workflowExecutionStartedEventAttributes: started, workflowExecutionSignaledEventAttributes: signal } = event;
  if (started) return { kind: 'started', input: (await payloads.values(started.input))[0] };
  // What the workflow does not listen to need not be readable.
  if (signal?.signalName === REPORT_SIGNAL) return { kind: 'report', input: (await payloads.values(signal.input))[0] };
  if (event.workflowExecutionCancelRequestedEventAttributes) return { kind: 'cancel' };
  if (event.workflowTaskStartedEventAttributes) return { kind: 'task-started' };
  if (event.workflowTaskCompletedEventAttributes) return { kind: 'task-completed' };
  const { activityTaskScheduledEventAttributes: scheduled, activityTaskCompletedEventAttributes: completed } = event;
  const failed = event.activityTaskFailedEventAttributes ?? event.activityTaskTimedOutEventAttributes;
  const cancelled = event.activityTaskCanceledEventAttributes;
  const round = String(scheduled ? event.eventId : (completed ?? failed ?? cancelled)?.scheduledEventId);
  const activityId = activityIds.get(round);
  if (activityId === undefined) return undefined;
  if (scheduled) {
    const [items] = await payloads.values(scheduled.input, activityId);
    return { kind: 'scheduled', round, items: items as NotifyItem[] };
  }
  if (completed) {
    const [answer] = await payloads.values(completed.result, activityId);
    return { kind: 'answer', round, answer: answer as NotifyResult };
  }
  const cause = failed?.failure ? await payloads.error(failed.failure, activityId) : new CancelledFailure('');
  return { kind: 'answer', round, answer: whyUnanswered(cause) };
}

/** What a history says, in order; what matters for no task is left out. */
export async function stepsOf({ events }: History, payloads: PayloadReader): Promise<Step[]> {
  const activityIds = new Map<string, string>();
  for (const { eventId, activityTaskScheduledEventAttributes: scheduled } of events ?? [])
    if (scheduled?.activityId && scheduled.activityType?.name === NOTIFY)
      activityIds.set(String(eventId), scheduled.activityId);
  const steps = await inParallel(events ?? [], DECODED_AT_ONCE, async (event) => {
    const content = await contentOf(event, payloads, activityIds);
    return content && { at: secondsOf(event), ...content };
  });
  return steps.filter((step) => step !== undefined);
}

/** As the workflow's clock has it: whole milliseconds. */
const secondsOf = ({ eventTime }: HistoryEvent): number =>
  (Number(eventTime?.seconds ?? 0) * 1000 + Math.floor((eventTime?.nanos ?? 0) / 1e6)) / 1000;
