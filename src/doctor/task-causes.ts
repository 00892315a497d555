import { splitMend } from '../migration-hub/mends';
import type { ReportedState } from '../task-state';

/** Why Migration Hub is not told the newest of a task, and what to do, as far as the task itself tells. */
export function causeOf(state: ReportedState): { why?: string; mend?: string } {
  const { lastFailure, abandoned, freshness } = state;
  if (freshness === 'unattended')
    return {
      why: 'its heartbeat workflow was terminated, or has failed',
      mend: 'report the task again: that starts a new one',
    };
  if (abandoned)
    return {
      why: `no more heartbeats: ${abandoned.reason}`,
      mend: 'report its end, COMPLETED or FAILED, or continue the migration',
    };
  if (!lastFailure) return {};
  const { said, mend } = splitMend(lastFailure.message);
  return { why: `${lastFailure.type}: ${said}`, mend };
}
