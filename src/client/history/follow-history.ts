import { CancelledFailure, decodeTimeoutType, TimeoutFailure, type TimeoutType } from '@temporalio/common';
import { ATTACH_SIGNAL, REPORT_SIGNAL } from '../../report';
import { CANCELLED_DETAIL, phaseOf, receive, receiveChange, TaskGroup, usableInput } from '../../task-state';
import type { HeartbeatInput, NotifyItem, NotifyResult, Round } from '../../task-state';
import { whyUnanswered } from '../../workflows/unanswered';
import { toSeconds } from '../timestamp';
import { valuesOf, type History, type HistoryEvent, type Reader } from './event-values';

/** Is told of a group before its first event, and again after each event, with what that brought. */
export type OnStep = (group: TaskGroup, event?: HistoryEvent, brought?: unknown) => void;

/**
 * The tasks of a group by its workflow's history: the group is told each event in order. The server writes what comes
 * in while a workflow task runs behind the commands of that task.
 */
export async function followHistory(
  history: History,
  reader: Reader,
  workflowId: string,
  onStep?: OnStep,
): Promise<TaskGroup> {
  const events = history.events ?? [];
  const values = await valuesOf(events, reader, workflowId);
  const { continuedExecutionRunId } = events[0]?.workflowExecutionStartedEventAttributes ?? {};
  const given = values[0] as Partial<HeartbeatInput> | undefined;
  const { settings, report, tasks, left, closing } = usableInput(given, Boolean(continuedExecutionRunId));
  const group = new TaskGroup(settings, phaseOf(workflowId), tasks, left);
  onStep?.(group);
  if (report) receive(group, workflowId, report, secondsOf(events[0]));
  const follower = new Follower(group, workflowId, closing ?? false);
  events.forEach((event, i) => {
    follower.take(event, values[i]);
    onStep?.(group, event, values[i]);
  });
  follower.takeInbox();
  onStep?.(group, events.at(-1));
  return group;
}

class Follower {
  /** On their way, by the event that scheduled their activity. */
  private readonly rounds = new Map<number, Round>();
  /** When the latest workflow task began. */
  private taskStartedAt = 0;
  /** Answers, and a cancellation, since the last workflow task: the next one takes them in after all signals, as Temporal does. */
  private inbox: { at: number; take: (at: number) => void }[] = [];
  private isClosing = false;

  /** `isCancelled`: in an earlier run. */
  constructor(
    private readonly group: TaskGroup,
    private readonly workflowId: string,
    private isCancelled: boolean,
  ) {}

  /** `value`: what the event brings. */
  take(event: HistoryEvent, value: unknown): void {
    const at = secondsOf(event);
    const { signalName } = event.workflowExecutionSignaledEventAttributes ?? {};
    if (signalName === REPORT_SIGNAL) receive(this.group, this.workflowId, value, at);
    if (signalName === ATTACH_SIGNAL) receiveChange(this.group, this.workflowId, value, at);
    if (event.workflowExecutionCancelRequestedEventAttributes)
      this.inbox.push({ at, take: () => (this.isCancelled = true) });
    if (event.workflowTaskStartedEventAttributes) this.taskStartedAt = at;
    if (event.workflowTaskCompletedEventAttributes) this.takeWorkflowTask(this.taskStartedAt);
    // The activity that cancels a run brings nothing.
    if (event.activityTaskScheduledEventAttributes && value)
      this.rounds.set(Number(event.eventId), this.group.beginAgain(value as NotifyItem[], at));
    if (hasEnded(event)) this.group.hasEnded = true;
    const completed = event.activityTaskCompletedEventAttributes;
    const unanswered =
      event.activityTaskFailedEventAttributes ??
      event.activityTaskTimedOutEventAttributes ??
      event.activityTaskCanceledEventAttributes;
    const round = this.rounds.get(Number((completed ?? unanswered)?.scheduledEventId));
    if (!round) return;
    const answer = completed ? (value as NotifyResult) : whyUnanswered(causeOf(event));
    this.inbox.push({ at, take: (now) => this.group.settle(round, answer, now) });
  }

  /** Takes in what waits for a workflow task: at `now`, or, where none has come yet, each at its own time. */
  takeInbox(now?: number): void {
    for (const { at, take } of this.inbox.splice(0)) take(now ?? at);
  }

  /** What the workflow does of itself in a workflow task, before it schedules anything. */
  private takeWorkflowTask(now: number): void {
    this.takeInbox(now);
    if (!this.isCancelled) {
      this.group.housekeep(now);
      return;
    }
    // What is on its way ends first.
    this.isClosing ||= this.group.busy.size === 0;
    if (this.isClosing) this.group.endOpenTasks(CANCELLED_DETAIL, now);
  }
}

/** Not where the workflow continued as new: the next run holds its tasks. */
const hasEnded = (event: HistoryEvent): boolean =>
  Boolean(
    event.workflowExecutionCompletedEventAttributes ??
    event.workflowExecutionFailedEventAttributes ??
    event.workflowExecutionCanceledEventAttributes ??
    event.workflowExecutionTerminatedEventAttributes ??
    event.workflowExecutionTimedOutEventAttributes,
  );

/** Why an activity gave no answer, as far as no codec hides it: the message of a failure may be that it is encoded. */
function causeOf(event: HistoryEvent): Error {
  const { activityTaskFailedEventAttributes: failed, activityTaskTimedOutEventAttributes: timedOut } = event;
  if (failed) return new Error(failed.failure?.message ?? '');
  if (!timedOut) return new CancelledFailure(undefined);
  const type = decodeTimeoutType(timedOut.failure?.timeoutFailureInfo?.timeoutType) as TimeoutType;
  return new TimeoutFailure(undefined, undefined, type);
}

/** When it was written. */
export const secondsOf = ({ eventTime }: HistoryEvent = {}): number => toSeconds(eventTime);
