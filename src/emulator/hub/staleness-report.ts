import type { EmulatorTask, StalenessReport } from '../types';

/** The ledger of all tasks, and its totals. */
export function stalenessReport(tasks: EmulatorTask[], now: number): StalenessReport {
  return {
    now,
    staleTasks: tasks.filter(({ stale }) => stale).length,
    everStaleTasks: tasks.filter(({ stale, staleIntervals }) => stale || staleIntervals.length > 0).length,
    seconds: Math.round(tasks.reduce((sum, { staleSeconds }) => sum + staleSeconds, 0) * 1000) / 1000,
    tasks: tasks.map(({ account, progressUpdateStream, migrationTaskName, stale, staleSeconds, staleIntervals }) => ({
      account,
      progressUpdateStream,
      migrationTaskName,
      stale,
      seconds: staleSeconds,
      intervals: staleIntervals,
    })),
  };
}
