import type { HistoryEvent } from '../../client/history/event-values';
import { REPORT_SIGNAL, type TaskReport } from '../../report';
import type { HeartbeatInput, NotifyItem, NotifyResult, Outcome } from '../../task-state';
import type { TimelineEntry } from '../wire';

const secondsOf = ({ eventTime }: HistoryEvent): number =>
  Number(eventTime?.seconds ?? 0) + Math.floor((eventTime?.nanos ?? 0) / 1e6) / 1000;

const stateOf = ({ status, progressPercent, statusDetail }: Partial<TaskReport>) => ({
  status,
  progressPercent,
  statusDetail,
});

/** Where a round is on its way that has the task: what it sends of it, and where in the answer its outcome is. */
interface Sent {
  item: NotifyItem;
  index: number;
  isHeartbeat: boolean;
}

/** What one run of a heartbeat workflow tells of a task. `values`: what each event brings. */
export function entriesOf(events: HistoryEvent[], values: unknown[], name: string): TimelineEntry[] {
  const entries: TimelineEntry[] = [];
  const rounds = new Map<number, Sent>();
  /** A report has come that was not delivered yet. */
  let isWaiting = false;
  events.forEach((event, i) => {
    const at = secondsOf(event);
    const report = reportIn(event, values[i]);
    if (report?.migrationTaskName === name) {
      entries.push({ at, what: 'report', ...stateOf(report), by: report.owner?.workflowId ?? report.owner?.ownerId });
      isWaiting = true;
    }
    const items = event.activityTaskScheduledEventAttributes && values[i];
    const index = Array.isArray(items) ? items.findIndex((each: NotifyItem) => each.migrationTaskName === name) : -1;
    if (index >= 0) {
      const item = (items as NotifyItem[])[index] as NotifyItem;
      rounds.set(Number(event.eventId), { item, index, isHeartbeat: item.owners?.heartbeat ?? !isWaiting });
    }
    const [scheduledBy, answer] = answerIn(event, values[i]) ?? [];
    const sent = rounds.get(Number(scheduledBy));
    if (!sent) return;
    const entry = outcomeOf(sent, answer);
    if (entry) entries.push({ at, ...entry });
    if (entry?.what === 'delivered') isWaiting = false;
  });
  return entries;
}

/** The report that an event brings; anybody may signal anything. */
function reportIn(event: HistoryEvent, value: unknown): TaskReport | undefined {
  const isReport = event.workflowExecutionSignaledEventAttributes?.signalName === REPORT_SIGNAL;
  const given = isReport
    ? value
    : event.workflowExecutionStartedEventAttributes && (value as HeartbeatInput | undefined)?.report;
  return typeof given === 'object' && given !== null ? (given as TaskReport) : undefined;
}

/** The end of an activity: which event scheduled it, and its answer, undefined where there was none. */
function answerIn(event: HistoryEvent, value: unknown): [scheduledBy: unknown, answer?: NotifyResult] | undefined {
  const completed = event.activityTaskCompletedEventAttributes;
  if (completed) return [completed.scheduledEventId, value as NotifyResult];
  const ended =
    event.activityTaskFailedEventAttributes ??
    event.activityTaskTimedOutEventAttributes ??
    event.activityTaskCanceledEventAttributes;
  return ended ? [ended.scheduledEventId] : undefined;
}

function outcomeOf({ item, index, isHeartbeat }: Sent, answer?: NotifyResult): Omit<TimelineEntry, 'at'> | undefined {
  if (!item.notification) return undefined;
  const state = stateOf(item.notification);
  if (!answer) return { what: 'failed', ...state, why: 'the worker gave no answer' };
  const outcome: Outcome = answer.others?.[index] ?? {};
  if (outcome.notBegun) return undefined;
  if (outcome.failure) return { what: 'failed', ...state, why: `${outcome.failure.type}: ${outcome.failure.message}` };
  if (outcome.found)
    return { what: 'skipped', ...state, why: 'Migration Hub holds a newer, further or terminal state' };
  if (outcome.ownerEnd) return { what: 'skipped', ...state, why: `who reported it has ended: ${outcome.ownerEnd}` };
  return { what: isHeartbeat ? 'heartbeat' : 'delivered', ...state };
}
