import { bytesOf } from './fit-payload';
import { heartbeatWorkflowId } from '../report/names';
import type { TaskRecord } from './record';
import type { TaskReport } from '../report';

/** A task that another heartbeat workflow is to speak for. */
export interface HandOver {
  /** The id of that workflow. */
  to: string;
  /** When that was decided. */
  since: number;
  /** When it was handed over; until then the record is still to be sent. */
  doneAt?: number;
  /** Reports that came since: they are sent after it. */
  reports: TaskReport[];
}

/** What the signal `adoptTasks` carries of one task: its record, or, once that was handed over, what was reported since. */
export interface HandedTask {
  /** Tells one hand-over from the next. */
  key: string;
  record?: TaskRecord;
  reports: TaskReport[];
}

/** What goes to one heartbeat workflow. */
export interface HandOverBatch {
  to: string;
  tasks: HandedTask[];
}

/**
 * A task that was handed over passes on reports for so many seconds. Who meets it later finds the new workflow in Temporal's
 * list, which may lag behind.
 */
export const FORWARD_SECONDS = 5;
/** Few enough to be over soon after a worker was lost with them. */
const MAX_TASKS_AT_ONCE = 100;
/** A payload may have 2 MB. */
const MAX_BYTES_AT_ONCE = 1_000_000;

/** From now on another workflow is to speak for the task. */
export function beginHandOver(record: TaskRecord, to: string, now: number): void {
  record.handOver = { to, since: now, reports: [] };
}

/** The tasks that other workflows are to speak for, with a stream shared by `groups`, begin to be handed over. */
export function moveAll(records: TaskRecord[], groups: number, ownId: string, now: number): void {
  for (const record of records) {
    const to = heartbeatWorkflowId(record, groups);
    if (to !== ownId && !record.handOver) beginHandOver(record, to, now);
  }
}

export const hasToHandOver = ({ handOver }: TaskRecord): boolean =>
  handOver !== undefined && (handOver.doneAt === undefined || handOver.reports.length > 0);

/** What the workflow `from` hands over next: no more than one payload takes, and how many reports of each task. */
export function nextHandOver(from: string, records: TaskRecord[], maxBytes = MAX_BYTES_AT_ONCE) {
  const chosen: { record: TaskRecord; handOver: HandOver; reports: number }[] = [];
  const batches = new Map<string, HandOverBatch>();
  let bytes = 0;
  for (const record of records) {
    if (!record.handOver || !hasToHandOver(record)) continue;
    const { handOver } = record;
    const { handOver: _own, ...bare } = record;
    const first = handOver.doneAt === undefined;
    const key = `${from} ${Math.round(handOver.since * 1000)}`;
    const task: HandedTask = { key, ...(first && { record: bare }), reports: [...handOver.reports] };
    bytes += bytesOf(task);
    if (chosen.length > 0 && (bytes > maxBytes || chosen.length >= MAX_TASKS_AT_ONCE)) break;
    chosen.push({ record, handOver, reports: task.reports.length });
    const batch = batches.get(handOver.to) ?? { to: handOver.to, tasks: [] };
    batch.tasks.push(task);
    batches.set(handOver.to, batch);
  }
  return { chosen, batches: [...batches.values()] };
}

/** What was chosen has arrived. A task that was adopted again meanwhile stays here. */
export function bookHandOver({ chosen }: Pick<ReturnType<typeof nextHandOver>, 'chosen'>, now: number): void {
  for (const { record, handOver, reports } of chosen) {
    if (record.handOver !== handOver) continue;
    handOver.doneAt ??= now;
    handOver.reports.splice(0, reports);
  }
}
