import { InvalidReportError } from '../report/invalid-report-error';
import type { TaskGroup } from './task-group';
import { validateReport } from '../report/validate';

/** What became of a signal's content: taken where both are absent. */
export interface Heard {
  migrationTaskName?: string;
  /** It is no report. */
  dropped?: string;
  refused?: string;
}

/** Takes what a signal brought. One from another language may be anything: it must not end the tasks of its group. */
export function hear(group: TaskGroup, input: unknown, now: number): Heard {
  try {
    // Room before the deadline is judged by the caller's worker, and a newer one may know more fields: what was accepted
    // there is not dropped here.
    const report = validateReport(input as never, { heartbeats: false, strict: false });
    return { migrationTaskName: report.migrationTaskName, ...group.take(report, now) };
  } catch (error) {
    if (error instanceof InvalidReportError) return { dropped: error.message };
    throw error;
  }
}
