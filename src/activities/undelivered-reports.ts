import type { AttachmentChange, TaskIdentity, TaskReport, TaskState } from '../report';
import type { AttachmentCall } from '../task-state';

/** More than so many are not remembered, nor what was accepted longer ago: only the end of a plugin's workers waits for it. */
const MAX_REMEMBERED = 10_000;
const REMEMBERED_MS = 600_000;

/** A report, or a change of an attachment, that was accepted. */
export interface Undelivered {
  /** The task. */
  task: TaskIdentity;
  /** As it was sent. */
  report?: TaskReport;
  /** As it was sent. */
  change?: AttachmentChange;
  /** The heartbeat workflow that has it. */
  workflowId: string;
  /** Since when, by `performance.now()`. */
  at: number;
}

const keyOf = (
  { progressUpdateStream, migrationTaskName }: TaskIdentity,
  attachment?: Pick<AttachmentCall, 'kind' | 'name'>,
): string => [progressUpdateStream, migrationTaskName, attachment?.kind, attachment?.name].join(':');

/**
 * The newest report of each task that this process had accepted, until it is seen delivered, and the newest changes of attachments, until
 * they are seen tried.
 */
export class UndeliveredReports {
  /** The newest is the last. */
  private readonly known = new Map<string, Undelivered>();

  /** A heartbeat workflow has accepted a report. */
  accepted(workflowId: string, report: TaskReport): void {
    this.remember({ task: report, report, workflowId, at: performance.now() });
  }

  /** A heartbeat workflow has accepted a change of an attachment. */
  attached(workflowId: string, change: AttachmentChange): void {
    this.remember({ task: change, change, workflowId, at: performance.now() });
  }

  /** Migration Hub has taken a notification of this process. Where another process sends it, the heartbeat workflow knows. */
  taken(notification: TaskIdentity & TaskState): void {
    const known = this.known.get(keyOf(notification));
    const { report } = known ?? {};
    if (report?.status !== notification.status || report.statusDetail !== notification.statusDetail) return;
    if (report.progressPercent !== undefined && report.progressPercent !== notification.progressPercent) return;
    if (known) this.settled(known);
  }

  /** This process has asked Migration Hub to take a change of an attachment. */
  tried(task: TaskIdentity, { kind, name, ...asked }: AttachmentCall): void {
    const known = this.known.get(keyOf(task, { kind, name }));
    const { description, statusDetail, disassociate } = known?.change ?? {};
    if (description !== asked.description || statusDetail !== asked.statusDetail) return;
    if (known && disassociate === asked.disassociate) this.settled(known);
  }

  /** Nothing waits any more of it. */
  settled(each: Undelivered): void {
    const key = keyOf(each.task, each.change);
    if (this.known.get(key) === each) this.known.delete(key);
  }

  /** Those accepted until a time, by `performance.now()`. */
  acceptedUntil(time: number): Undelivered[] {
    return [...this.known.values()].filter(({ at }) => at <= time);
  }

  private remember(undelivered: Undelivered): void {
    const { task, change, at } = undelivered;
    const key = keyOf(task, change);
    this.known.delete(key);
    this.known.set(key, undelivered);
    for (const [oldest, each] of this.known) {
      if (this.known.size <= MAX_REMEMBERED && each.at > at - REMEMBERED_MS) break;
      this.known.delete(oldest);
    }
  }
}
