import { join } from 'node:path';
import { Worker, type NativeConnection, type WorkerOptions } from '@temporalio/worker';
import { createNotifyActivities, createReportActivities } from './activities';
import { checkGroups } from './check-groups';
import { checkNumber } from './configuration-error';
import type { MigrationHubApi } from './migration-hub/api';
import { createAwsMigrationHub, type AwsMigrationHubOptions } from './migration-hub/aws-migration-hub';
import { readablePayloads } from './readable-payloads';
import { groupsOf, heartbeatSettings, type GroupsOption, type HeartbeatOptions } from './settings';
import { DEFAULT_CONCURRENCY, NOTIFY_TASK_QUEUE, TASK_QUEUE } from './task-state';

export interface MigrationHubWorkerOptions extends AwsMigrationHubOptions {
  /** Groups per stream. To change the number of a stream that has heartbeats, see `regroup`. */
  groups?: GroupsOption;
  heartbeat?: HeartbeatOptions;
  /** Calls to Migration Hub at once within one batch: 1–1000, default 20. */
  concurrency?: number;
  /** Upper bound of batches and single notifications started per second on the whole queue: above 0. Default: none. */
  maxNotifyActivitiesPerSecond?: number;
  /** Time for running activities after a shutdown began. Default '10s'. */
  shutdownGraceTime?: string;
}

export type WorkerConnection = Pick<WorkerOptions, 'namespace' | 'dataConverter' | 'maxCachedWorkflows'> & {
  connection: NativeConnection;
};

/** Both workers of this package, on one connection. */
export interface MigrationHubWorkers {
  /** Where notifications go. */
  readonly endpoint: string;
  readonly taskQueues: readonly [string, string];
  /** Runs until `shutdown`; rejects if a worker fails. */
  run(): Promise<void>;
  /** Starts to drain; `run` resolves when all is handed in. */
  shutdown(): void;
}

/** First of the codecs is the last to decode. A converter of the user's own knows its encodings. */
const readingAll = (given: WorkerOptions['dataConverter']): WorkerOptions['dataConverter'] =>
  given?.payloadConverterPath
    ? given
    : { ...given, payloadCodecs: [readablePayloads, ...(given?.payloadCodecs ?? [])] };

/**
 * Makes the worker of `migration-hub` (workflow, reports) and that of `migration-hub-notify` (calls to Migration Hub).
 * @throws ConfigurationError for a wrong setting, and where a stream is held with another number of groups than is set.
 */
export async function createMigrationHubWorkers(
  temporal: WorkerConnection,
  options: MigrationHubWorkerOptions = {},
): Promise<MigrationHubWorkers> {
  const { concurrency = DEFAULT_CONCURRENCY, maxNotifyActivitiesPerSecond } = options;
  checkNumber('concurrency', concurrency, { min: 1, max: 1000, whole: true });
  if (maxNotifyActivitiesPerSecond !== undefined)
    checkNumber('maxNotifyActivitiesPerSecond', maxNotifyActivitiesPerSecond, { min: 0.001, max: 100_000 });
  const hub: MigrationHubApi = createAwsMigrationHub(options);
  // Before there is a worker: one that is made and never run would hold the connection.
  const endpoint = await hub.endpoint();
  const settings = { heartbeat: heartbeatSettings(options.heartbeat), groupsOf: groupsOf(options.groups) };
  await checkGroups(temporal, settings.groupsOf);
  const shutdownGraceTime = options.shutdownGraceTime ?? '10s';
  const report = await Worker.create({
    ...temporal,
    dataConverter: readingAll(temporal.dataConverter),
    taskQueue: TASK_QUEUE,
    workflowsPath: join(__dirname, 'workflows'),
    interceptors: { workflowModules: [join(__dirname, 'workflows', 'query-guard')] },
    activities: createReportActivities(settings),
    shutdownGraceTime: shutdownGraceTime as never,
    // A lost worker holds its sticky workflows this long.
    stickyQueueScheduleToStartTimeout: '5s',
  });
  const notify = await Worker.create({
    ...temporal,
    taskQueue: NOTIFY_TASK_QUEUE,
    activities: createNotifyActivities(hub, concurrency, settings.groupsOf),
    shutdownGraceTime: shutdownGraceTime as never,
    maxTaskQueueActivitiesPerSecond: maxNotifyActivitiesPerSecond,
    // Cancellation must reach a running notification within its heartbeat timeout of 5 s.
    maxHeartbeatThrottleInterval: '1s',
    defaultHeartbeatThrottleInterval: '1s',
  });
  const workers = [report, notify];
  const shutdown = () => {
    for (const worker of workers) if (worker.getState() === 'RUNNING') worker.shutdown();
  };
  return {
    endpoint,
    taskQueues: [TASK_QUEUE, NOTIFY_TASK_QUEUE],
    shutdown,
    async run() {
      // One that fails takes the other down: half a service would look alive.
      const results = await Promise.allSettled(workers.map((worker) => worker.run().finally(shutdown)));
      hub.destroy();
      for (const result of results) if (result.status === 'rejected') throw result.reason;
    },
  };
}
