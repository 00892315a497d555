import { CancelledFailure } from '@temporalio/common';
import { inParallel } from '../in-parallel';
import { ADOPT_SIGNAL, MOVE_SIGNAL, REPORT_SIGNAL } from '../../report';
import { type Answers } from '../../task-state';
import { whyUnanswered } from '../../workflows/unanswered';
import type { EventOf, HistoryEvent, Step } from './events';
import type { PayloadReader } from './payloads';

/** Events decoded at once: a codec may ask a service for its keys. */
const DECODED_AT_ONCE = 20;

const OURS = new Set([REPORT_SIGNAL, ADOPT_SIGNAL, MOVE_SIGNAL]);

type WithoutTime<T> = T extends unknown ? Omit<T, 'at'> : never;
type Content = WithoutTime<Step>;
/** A round is named by the event that scheduled its activity. */
interface Context {
  eventId: string;
  payloads: PayloadReader;
  activityIdOf(round: string): string | undefined;
}
type Readers = { [K in keyof HistoryEvent]?: (attributes: EventOf<K>, context: Context) => Content | Promise<Content> };

const READERS: Readers = {
  async workflowExecutionStartedEventAttributes({ input }, { payloads }) {
    return { kind: 'started', input: (await payloads.values(input))[0] };
  },
  async workflowExecutionSignaledEventAttributes({ signalName, input }, { payloads }) {
    const name = signalName ?? '';
    // What the workflow does not listen to need not be readable.
    return { kind: 'signal', name, input: OURS.has(name) ? (await payloads.values(input))[0] : undefined };
  },
  workflowExecutionCancelRequestedEventAttributes: () => ({ kind: 'cancel' }),
  workflowTaskStartedEventAttributes: () => ({ kind: 'task-started' }),
  workflowTaskCompletedEventAttributes: () => ({ kind: 'task-completed' }),
  async activityTaskScheduledEventAttributes({ activityType, activityId, input }, { payloads, eventId }) {
    const args = await payloads.values(input, activityId ?? '');
    return { kind: 'scheduled', round: eventId, activity: activityType?.name ?? '', args };
  },
  async activityTaskCompletedEventAttributes({ scheduledEventId, result }, { payloads, activityIdOf }) {
    const round = String(scheduledEventId);
    const [answers] = await payloads.values(result, activityIdOf(round));
    return { kind: 'answers', round, answers: answers as Answers<unknown> };
  },
  activityTaskFailedEventAttributes: unanswered,
  activityTaskTimedOutEventAttributes: unanswered,
  activityTaskCanceledEventAttributes({ scheduledEventId }) {
    return { kind: 'answers', round: String(scheduledEventId), answers: whyUnanswered(new CancelledFailure('')) };
  },
};

async function unanswered(
  { scheduledEventId, failure }: EventOf<'activityTaskFailedEventAttributes'>,
  { payloads, activityIdOf }: Context,
): Promise<Content> {
  const round = String(scheduledEventId);
  return { kind: 'answers', round, answers: whyUnanswered(await payloads.error(failure, activityIdOf(round))) };
}

/** What a history says, in order; what matters for no task is left out. */
export async function stepsOf(events: HistoryEvent[], payloads: PayloadReader): Promise<Step[]> {
  const activityIds = new Map<string, string>();
  for (const { eventId, activityTaskScheduledEventAttributes: scheduled } of events)
    if (scheduled?.activityId) activityIds.set(String(eventId), scheduled.activityId);
  const activityIdOf = (round: string) => activityIds.get(round);
  const steps = await inParallel(events, DECODED_AT_ONCE, async (event): Promise<Step | undefined> => {
    for (const [name, read] of Object.entries(READERS)) {
      const attributes = event[name as keyof HistoryEvent];
      if (!attributes) continue;
      const context = { eventId: String(event.eventId), payloads, activityIdOf };
      return { at: secondsOf(event), ...(await read(attributes as never, context)) };
    }
    return undefined;
  });
  return steps.filter((step) => step !== undefined);
}

/** As the workflow's clock has it: whole milliseconds. */
const secondsOf = ({ eventTime }: HistoryEvent): number =>
  (Number(eventTime?.seconds ?? 0) * 1000 + Math.floor((eventTime?.nanos ?? 0) / 1e6)) / 1000;
