import { DEFAULT_CONCURRENCY } from '../report';

/** Default and range of the settings of the workers that are numbers; the units are those of `MigrationHubWorkerOptions`. */
export const WORKER_RANGES = {
  concurrency: { standard: DEFAULT_CONCURRENCY, min: 1, max: 1000, whole: true },
  maxNotifyActivitiesPerSecond: { standard: undefined, min: 0.001, max: 100_000, whole: false },
  maxConcurrentWorkflowTaskExecutions: { min: 2, max: 1000, whole: true },
} as const;
