import type { Status, TaskState } from '../../report';
import { attachmentInWords, type TaskGroup, type TaskStateView } from '../../task-state';
import type { HistoryEvent } from './event-values';
import { secondsOf } from './follow-history';

/** Who reported: a workflow, or another reporter by its own id. */
export interface Reporter {
  /** Absent for one that is no workflow. */
  workflowId?: string;
  /** The run of the workflow. */
  runId?: string;
  /** Its namespace, where that is another one. */
  namespace?: string;
  /** Of one that is no workflow: the name that it gave itself. */
  ownerId?: string;
}

/** Something that happened to a task, by the history of its heartbeat workflow. */
export interface TaskEvent extends Partial<TaskState> {
  /** Epoch seconds of workflow time. */
  at: number;
  /**
   * `report`: accepted. `notification`, `heartbeat`: Migration Hub took it. `found`: Migration Hub held it from another writer.
   * `failure`: a round in which Migration Hub did not take it. `refused`: a report that was dropped. `heartbeats-ended`: nothing is
   * repeated any more, before the end of the task.
   */
  what: 'report' | 'notification' | 'heartbeat' | 'found' | 'failure' | 'refused' | 'heartbeats-ended';
  /** As reported, or as delivered. */
  status?: Status;
  /** Why: of a failure, a refusal, the end of heartbeats. */
  reason?: string;
  /** Whose report it was, or whose report it repeats; absent where that is not known, or where the heartbeat workflow itself reported. */
  by?: Reporter;
  /** Of what was delivered: its time, in epoch seconds. */
  updateDateTime?: number;
  /** Of what was delivered: until when it holds, in epoch seconds. */
  deadline?: number;
  /** Of what was delivered: further activity attempts that it took. */
  retries?: number;
  /** Of what was delivered: the task was stale until then. */
  late?: true;
}

const HAS_ENDED = 'its heartbeat workflow has ended before the task was at its end';

/** What of a task is compared, with copies of what changes in place. */
type Snapshot = Omit<TaskStateView, 'reporters'> & { refusals: { reason: string }[] };

/** Finds out what happens to a task: by what is new of its state after each event of a history. */
export class TaskTimeline {
  /** In the order of the history. */
  readonly events: TaskEvent[] = [];
  private before?: Snapshot;

  /** `name`: of the task. */
  constructor(private readonly name: string) {}

  /** Is told as `OnStep` is: at first of the group as it began. */
  step(group: TaskGroup, event?: HistoryEvent, brought?: unknown): void {
    const at = secondsOf(event);
    const view = group.view(this.name, at) as TaskStateView | null;
    const { before } = this;
    this.before = view ? snapshotOf(view) : undefined;
    if (event && this.before) this.events.push(...changesOf(before, this.before, at, broughtReport(brought)));
  }
}

function snapshotOf({ reporters, ...view }: TaskStateView): Snapshot {
  const refusals = Object.values(reporters).flatMap(({ refused }) => refused ?? []);
  return { ...view, counters: { ...view.counters }, refusals };
}

/** What a signal, or the input of the workflow, has of a report; it may be anything. */
interface Brought {
  status?: Status;
  statusDetail?: string;
  owner?: Reporter;
}

function broughtReport(brought: unknown): Brought | undefined {
  if (typeof brought !== 'object' || brought === null) return undefined;
  const value = brought as Brought & { report?: Brought };
  const report = value.report ?? value;
  return typeof report.status === 'string' ? report : undefined;
}

function byOf(owner: Reporter | undefined): Pick<TaskEvent, 'by'> {
  const { workflowId, runId, namespace, ownerId } = owner ?? {};
  if (workflowId) return { by: { workflowId, ...(runId && { runId }), ...(namespace && { namespace }) } };
  return ownerId ? { by: { ownerId } } : {};
}

const stateOf = (state: TaskState | undefined): Partial<TaskState> =>
  state ? { status: state.status, statusDetail: state.statusDetail, progressPercent: state.progressPercent } : {};

const saidBy = ({ type, message }: { type: string; message: string }): string => `${type}: ${message}`;

/** In the order in which the group does them in one step. */
function changesOf(
  before: Snapshot | undefined,
  after: Snapshot,
  at: number,
  brought: Brought | undefined,
): TaskEvent[] {
  return [
    ...failuresIn(before, after, at),
    ...deliveryIn(before, after, at),
    ...refusalIn(before, after, at, brought),
    ...endIn(before, after, at),
    ...reportIn(before, after, at, brought),
  ];
}

type Counter = keyof TaskStateView['counters'];
const counted = (name: Counter, before: Snapshot | undefined, after: Snapshot): number =>
  after.counters[name] - (before?.counters[name] ?? 0);

function failuresIn(before: Snapshot | undefined, after: Snapshot, at: number): TaskEvent[] {
  const { lastFailure, attachments, pending, lastDelivered } = after;
  const events: TaskEvent[] = [];
  if (lastFailure && lastFailure !== before?.lastFailure)
    events.push({
      at: lastFailure.at,
      what: 'failure',
      ...stateOf(pending ?? lastDelivered),
      reason: saidBy(lastFailure),
    });
  const told = attachmentFailures(before?.attachments);
  for (const reason of attachmentFailures(attachments))
    if (!told.includes(reason)) events.push({ at, what: 'failure', reason });
  return events;
}

const attachmentFailures = (attachments: Snapshot['attachments'] = []): string[] =>
  attachments.flatMap(({ failure, ...each }) => (failure ? `${attachmentInWords(each)}: ${saidBy(failure)}` : []));

function deliveryIn(before: Snapshot | undefined, after: Snapshot, at: number): TaskEvent[] {
  const { lastDelivered, owner } = after;
  if (!lastDelivered || lastDelivered === before?.lastDelivered) return [];
  const { deliveredAt, updateDateTime, deadline } = lastDelivered;
  const delivered = { ...stateOf(lastDelivered), updateDateTime, deadline };
  if (deliveredAt === undefined) return [{ at, what: 'found', ...delivered }];
  const retries = counted('retries', before, after);
  return [
    {
      at: deliveredAt,
      what: counted('heartbeats', before, after) > 0 ? 'heartbeat' : 'notification',
      ...delivered,
      ...byOf(owner),
      ...(retries > 0 && { retries }),
      ...(counted('missedDeadlines', before, after) > 0 && { late: true as const }),
    },
  ];
}

function refusalIn(before: Snapshot | undefined, after: Snapshot, at: number, brought?: Brought): TaskEvent[] {
  if (counted('refused', before, after) === 0) return [];
  const refusal = after.refusals.find((each) => !before?.refusals.includes(each));
  const state = stateOf((brought as TaskState | undefined) ?? before?.pending);
  return [{ at, what: 'refused', ...state, ...byOf(brought?.owner), ...(refusal && { reason: refusal.reason }) }];
}

function endIn(before: Snapshot | undefined, after: Snapshot, at: number): TaskEvent[] {
  const { abandoned, freshness } = after;
  if (abandoned && abandoned !== before?.abandoned)
    return [{ at: abandoned.at, what: 'heartbeats-ended', reason: abandoned.reason }];
  if (freshness !== 'unattended' || before?.freshness === 'unattended') return [];
  return [{ at, what: 'heartbeats-ended', reason: HAS_ENDED }];
}

function reportIn(before: Snapshot | undefined, after: Snapshot, at: number, brought?: Brought): TaskEvent[] {
  if (counted('reports', before, after) === 0) return [];
  const accepted = after.nextAttempt ?? after.pending;
  return [{ at: accepted?.acceptedAt ?? at, what: 'report', ...stateOf(accepted), ...byOf(brought?.owner) }];
}
