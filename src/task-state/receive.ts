import { InvalidReportError, isTaskOf, validateReport } from '../report';
import type { TaskGroup } from './task-group';
import type { Received } from './types';

/**
 * Takes what a signal brought to the heartbeat workflow `workflowId`. One from another language may be anything: it must not end
 * the tasks of its group.
 */
export function receive(group: TaskGroup, workflowId: string, input: unknown, now: number): Received {
  try {
    // Room before the deadline is judged by the caller's worker, and a newer one may know more fields: what was accepted
    // there is not dropped here.
    const report = validateReport(input as never, { heartbeats: false, onIgnored: null });
    const { migrationTaskName } = report;
    if (!isTaskOf(workflowId, report))
      return { migrationTaskName, dropped: `${workflowId} is not its heartbeat workflow` };
    return { migrationTaskName, ...group.take(report, now) };
  } catch (error) {
    if (error instanceof InvalidReportError) return { dropped: error.message };
    throw error;
  }
}
