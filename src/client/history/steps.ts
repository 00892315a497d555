import { CancelledFailure } from '@temporalio/common';
import { inParallel } from '../in-parallel';
import { REPORT_SIGNAL } from '../../report';
import type { NotifyItem, NotifyResult } from '../../task-state';
import { whyUnanswered } from '../../workflows/unanswered';
import type { EventOf, HistoryEvent, Step } from './events';
import type { PayloadReader } from './payloads';

/** Events decoded at once: a codec may ask a service for its keys. */
const DECODED_AT_ONCE = 20;

const NOTIFY = 'notifyTaskStates';

type WithoutTime<T> = T extends unknown ? Omit<T, 'at'> : never;
type Content = WithoutTime<Step>;
/** A round is named by the event that scheduled its activity. */
interface Context {
  eventId: string;
  payloads: PayloadReader;
  /** Undefined for an activity that is none of ours. */
  activityIdOf(round: string): string | undefined;
}
type Read<K extends keyof HistoryEvent> = (
  attributes: EventOf<K>,
  context: Context,
) => Content | undefined | Promise<Content | undefined>;

const READERS: { [K in keyof HistoryEvent]?: Read<K> } = {
  async workflowExecutionStartedEventAttributes({ input }, { payloads }) {
    return { kind: 'started', input: (await payloads.values(input))[0] };
  },
  async workflowExecutionSignaledEventAttributes({ signalName, input }, { payloads }) {
    // What the workflow does not listen to need not be readable.
    return signalName === REPORT_SIGNAL ? { kind: 'report', input: (await payloads.values(input))[0] } : undefined;
  },
  workflowExecutionCancelRequestedEventAttributes: () => ({ kind: 'cancel' }),
  workflowTaskStartedEventAttributes: () => ({ kind: 'task-started' }),
  workflowTaskCompletedEventAttributes: () => ({ kind: 'task-completed' }),
  async activityTaskScheduledEventAttributes({ activityId, input }, { payloads, eventId, activityIdOf }) {
    if (activityIdOf(eventId) === undefined) return undefined;
    const [items] = await payloads.values(input, activityId ?? '');
    return { kind: 'scheduled', round: eventId, items: items as NotifyItem[] };
  },
  async activityTaskCompletedEventAttributes({ scheduledEventId, result }, { payloads, activityIdOf }) {
    const round = String(scheduledEventId);
    const activityId = activityIdOf(round);
    if (activityId === undefined) return undefined;
    const [answer] = await payloads.values(result, activityId);
    return { kind: 'answer', round, answer: answer as NotifyResult };
  },
  activityTaskFailedEventAttributes: unanswered,
  activityTaskTimedOutEventAttributes: unanswered,
  activityTaskCanceledEventAttributes: ({ scheduledEventId }) => ({
    kind: 'answer',
    round: String(scheduledEventId),
    answer: whyUnanswered(new CancelledFailure('')),
  }),
};

async function unanswered(
  { scheduledEventId, failure }: Pick<EventOf<'activityTaskFailedEventAttributes'>, 'scheduledEventId' | 'failure'>,
  { payloads, activityIdOf }: Context,
): Promise<Content | undefined> {
  const round = String(scheduledEventId);
  const activityId = activityIdOf(round);
  if (activityId === undefined || !failure) return undefined;
  return { kind: 'answer', round, answer: whyUnanswered(await payloads.error(failure, activityId)) };
}

/** What a history says, in order; what matters for no task is left out. */
export async function stepsOf(events: HistoryEvent[], payloads: PayloadReader): Promise<Step[]> {
  const activityIds = new Map<string, string>();
  for (const { eventId, activityTaskScheduledEventAttributes: scheduled } of events)
    if (scheduled?.activityId && scheduled.activityType?.name === NOTIFY)
      activityIds.set(String(eventId), scheduled.activityId);
  const activityIdOf = (round: string) => activityIds.get(round);
  const steps = await inParallel(events, DECODED_AT_ONCE, async (event): Promise<Step | undefined> => {
    for (const [name, read] of Object.entries(READERS)) {
      const attributes = event[name as keyof HistoryEvent];
      if (!attributes) continue;
      const context = { eventId: String(event.eventId), payloads, activityIdOf };
      const content = await read(attributes as never, context);
      return content && { at: secondsOf(event), ...content };
    }
    return undefined;
  });
  return steps.filter((step) => step !== undefined);
}

/** As the workflow's clock has it: whole milliseconds. */
const secondsOf = ({ eventTime }: HistoryEvent): number =>
  (Number(eventTime?.seconds ?? 0) * 1000 + Math.floor((eventTime?.nanos ?? 0) / 1e6)) / 1000;
