import type { StaleInterval } from '../time/staleness-ledger';
import type { EmulatorTask } from './task-snapshot';

/** The staleness of one task. */
export interface TaskStaleness extends Pick<
  EmulatorTask,
  'account' | 'progressUpdateStream' | 'migrationTaskName' | 'stale'
> {
  /** Seconds that the task has been stale so far, to three decimals. */
  seconds: number;
  /** The periods that make up `seconds`, in order. */
  intervals: StaleInterval[];
}

/** What `GET /_mgh/staleness` returns. Times are epoch seconds by the emulator's clock, to three decimals. */
export interface StalenessReport {
  /** The time of the report. */
  now: number;
  /** Tasks that are stale now. */
  staleTasks: number;
  /** Tasks that are or were stale. */
  everStaleTasks: number;
  /** Stale seconds of all tasks together. */
  seconds: number;
  /** All tasks in order of their first import. */
  tasks: TaskStaleness[];
}

/**
 * The staleness of all tasks, with totals.
 * @param now the time at which `tasks` were judged, epoch seconds
 */
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
