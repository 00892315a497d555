import type { TaskIdentity, TaskReport, TaskState } from '../report';

/** More than so many tasks, and what was accepted longer ago, is forgotten: only the end of a plugin's workers waits for it. */
const MAX_TASKS = 10_000;
const REMEMBERED_MS = 600_000;

/** A report that was accepted. */
export interface UndeliveredReport {
  /** As it was sent. */
  report: TaskReport;
  /** The heartbeat workflow that has it. */
  workflowId: string;
  /** Since when, by `performance.now()`. */
  at: number;
}

const keyOf = ({ progressUpdateStream, migrationTaskName }: TaskIdentity) =>
  `${progressUpdateStream}:${migrationTaskName}`;

/** The newest report of each task that this process had accepted, until it is seen delivered. */
export class UndeliveredReports {
  /** The newest is the last. */
  private readonly reports = new Map<string, UndeliveredReport>();

  /** A heartbeat workflow has accepted a report. */
  accepted(workflowId: string, report: TaskReport): void {
    const at = performance.now();
    const key = keyOf(report);
    this.reports.delete(key);
    this.reports.set(key, { report, workflowId, at });
    for (const [oldest, each] of this.reports) {
      if (this.reports.size <= MAX_TASKS && each.at > at - REMEMBERED_MS) break;
      this.reports.delete(oldest);
    }
  }

  /** Migration Hub has taken a notification of this process. Where another process sends it, the heartbeat workflow knows. */
  taken(notification: TaskIdentity & TaskState): void {
    const { report } = this.reports.get(keyOf(notification)) ?? {};
    if (report?.status !== notification.status || report.statusDetail !== notification.statusDetail) return;
    if (report.progressPercent !== undefined && report.progressPercent !== notification.progressPercent) return;
    this.delivered(report);
  }

  /** Nothing waits any more of this report. */
  delivered(report: TaskReport): void {
    if (this.reports.get(keyOf(report))?.report === report) this.reports.delete(keyOf(report));
  }

  /** Those accepted until a time, by `performance.now()`. */
  acceptedUntil(time: number): UndeliveredReport[] {
    return [...this.reports.values()].filter(({ at }) => at <= time);
  }
}
