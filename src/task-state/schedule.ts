import { attachmentsDueAt } from './attachments';
import { DueTimes, earliest } from './due-times';
import { sendTimes, type HeartbeatTiming } from './notify';
import { silentAt } from './owner';
import { isTerminal, type TaskRecord } from './record';
import { removalAt } from './removal';
import type { HeartbeatSettings } from './types';

/** What the times of a task depend on beside the task. */
export type Timing = HeartbeatTiming & Pick<HeartbeatSettings, 'lingerSeconds' | 'silenceLimitSeconds'>;

/** When a status or an attachment of the task is to be sent. */
export const sendDueAt = (record: TaskRecord, timing: Timing): number =>
  earliest(sendTimes(record, timing)?.due, attachmentsDueAt(record)) ?? Infinity;

/** When each task of a group must be looked at, from when on it may be sent, and when it is stale. */
export class Schedule {
  private readonly due = new DueTimes<TaskRecord>();
  private readonly ready = new DueTimes<TaskRecord>();
  private readonly deadlines = new DueTimes<TaskRecord>();

  /** `isHeld`: it is one of the group's tasks. `isBusy`: an activity of it is on its way, so that it is neither looked at nor sent. */
  set(record: TaskRecord, timing: Timing, { isHeld, isBusy }: { isHeld: boolean; isBusy: boolean }): void {
    const isIdle = isHeld && !isBusy;
    const state = isIdle ? sendTimes(record, timing) : undefined;
    const attachments = isIdle ? attachmentsDueAt(record) : undefined;
    this.ready.set(record, earliest(state?.ready, attachments));
    const ends = isIdle ? [removalAt(record, timing.lingerSeconds), silentAt(record, timing.silenceLimitSeconds)] : [];
    this.due.set(record, earliest(state?.due, attachments, ...ends));
    const isOpen = isHeld && !isTerminal(record.lastDelivered?.status);
    this.deadlines.set(record, isOpen ? record.lastDelivered?.deadline : undefined);
  }

  /** When the next task must be looked at. */
  next(): number | undefined {
    return this.due.next();
  }

  /** That task. */
  first(): TaskRecord | undefined {
    return this.due.first();
  }

  /** Removes and gives those that must be looked at, the earliest first. */
  takeDue(until: number): TaskRecord[] {
    return this.due.takeUntil(until);
  }

  /** Removes and gives those that may be sent. */
  takeReady(until: number): TaskRecord[] {
    return this.ready.takeUntil(until);
  }

  /** The earliest deadline of the tasks that are not at their end. */
  earliestDeadline(): number | undefined {
    return this.deadlines.next();
  }
}
