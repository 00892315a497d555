import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { Worker, type WorkerOptions } from '@temporalio/worker';
import { createNotifyActivities, createReportActivities } from '../activities';
import { GroupRoutes } from '../client/group-routes';
import { readablePayloads } from '../client/readable-payloads';
import { groupsSetting, heartbeatSettings, type GroupsOption, type HeartbeatOptions } from '../client/settings';
import type { MigrationHubApi } from '../migration-hub/api';
import { createAwsMigrationHub, type AwsMigrationHubOptions } from '../migration-hub/aws-migration-hub';
import { DEFAULT_CONCURRENCY, NOTIFY_TASK_QUEUE, TASK_QUEUE } from '../report';
import { checkNumber, ConfigurationError } from '../report/configuration-error';
import type { WorkerConnection } from './connection';
import { LOADED_MACHINE } from './loaded-machine';
import { sayGroups } from './say-groups';
import { sayReachable } from './say-reachable';

/** Settings of the workers: to Migration Hub, of groups and of heartbeats. */
export interface MigrationHubWorkerOptions extends AwsMigrationHubOptions {
  /**
   * An implementation of the narrow interface to Migration Hub, in place of the AWS client; for tests and for hubs of the
   * user's own.
   * @experimental
   */
  hub?: MigrationHubApi;
  /** How many groups the tasks of a stream share. @default what the stream has; 0 for a new one: every task is a group of one */
  groups?: GroupsOption;
  /** How heartbeats are made of heartbeat workflows that this worker starts. */
  heartbeat?: HeartbeatOptions;
  /** Calls to Migration Hub at once within one batch: 1–1000. @default 20 */
  concurrency?: number;
  /** Upper bound of batches and single notifications started per second on the whole queue: above 0. @default none */
  maxNotifyActivitiesPerSecond?: number;
  /**
   * Workflow tasks at once: from 2 on. They share one thread, and each must end within Temporal's 10 s: with many at once, long
   * workflows that start over after a restart keep each other from ending.
   * @default twice the number of cores
   */
  maxConcurrentWorkflowTaskExecutions?: number;
  /** Time for running activities after a shutdown began. @default '10s' */
  shutdownGraceTime?: string;
}

/** Both workers of this package, on one connection. */
export interface MigrationHubWorkers {
  /** Where notifications go. */
  readonly endpoint: string;
  /** The task queues that are served. */
  readonly taskQueues: readonly [string, string];
  /** Runs until `shutdown`; rejects if a worker fails. */
  run(): Promise<void>;
  /** Starts to drain; `run` resolves when all is done. */
  shutdown(): void;
}

/** First of the codecs is the last to decode. A converter of the user's own knows its encodings. */
const readingAll = (given: WorkerOptions['dataConverter']): WorkerOptions['dataConverter'] =>
  given?.payloadConverterPath
    ? given
    : { ...given, payloadCodecs: [readablePayloads, ...(given?.payloadCodecs ?? [])] };

/**
 * Makes the worker of `migration-hub` (workflows, reports) and that of `migration-hub-notify` (calls to Migration Hub).
 * @throws ConfigurationError for a wrong setting
 */
export async function createMigrationHubWorkers(
  temporal: WorkerConnection,
  options: MigrationHubWorkerOptions = {},
): Promise<MigrationHubWorkers> {
  const { concurrency, maxNotifyActivitiesPerSecond, maxConcurrentWorkflowTaskExecutions } = checked(options);
  const hub = options.hub ?? createAwsMigrationHub(options);
  // Before there is a worker: one that is made and never run would hold the connection.
  const endpoint = await hub.endpoint();
  const groups = groupsSetting(options.groups);
  const heartbeat = heartbeatSettings(options.heartbeat);
  await sayGroups(temporal, groups);
  const shutdownGraceTime = (options.shutdownGraceTime ?? '10s') as never;
  const report = await Worker.create({
    ...LOADED_MACHINE,
    ...temporal,
    dataConverter: readingAll(temporal.dataConverter),
    taskQueue: TASK_QUEUE,
    workflowsPath: join(__dirname, '../workflows'),
    interceptors: { workflowModules: [join(__dirname, '../workflows/query-guard')] },
    activities: createReportActivities(heartbeat, new GroupRoutes(groups, true)),
    shutdownGraceTime,
    maxConcurrentWorkflowTaskExecutions,
    // A lost worker holds its sticky workflows this long.
    stickyQueueScheduleToStartTimeout: '5s',
  });
  const notify = await Worker.create({
    ...temporal,
    taskQueue: NOTIFY_TASK_QUEUE,
    activities: createNotifyActivities(hub, concurrency),
    shutdownGraceTime,
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
      const end = new AbortController();
      // A hub of the user's own may not know what a dry run is.
      if (!options.hub) void sayReachable(hub, endpoint, end.signal);
      // One that fails takes the other down: half a service would look alive.
      const results = await Promise.allSettled(workers.map((worker) => worker.run().finally(shutdown)));
      end.abort(new Error('the workers have ended'));
      hub.destroy();
      for (const result of results) if (result.status === 'rejected') throw result.reason;
    },
  };
}

function checked(options: MigrationHubWorkerOptions) {
  const { concurrency = DEFAULT_CONCURRENCY, maxNotifyActivitiesPerSecond } = options;
  const { maxConcurrentWorkflowTaskExecutions = Math.max(2, 2 * availableParallelism()) } = options;
  if (options.hub && options.client)
    throw new ConfigurationError('hub and client are both set, but only one of them can be used: leave one out');
  checkNumber('concurrency', concurrency, { min: 1, max: 1000, whole: true });
  checkNumber('maxConcurrentWorkflowTaskExecutions', maxConcurrentWorkflowTaskExecutions, {
    min: 2,
    max: 1000,
    whole: true,
  });
  if (maxNotifyActivitiesPerSecond !== undefined)
    checkNumber('maxNotifyActivitiesPerSecond', maxNotifyActivitiesPerSecond, { min: 0.001, max: 100_000 });
  return { concurrency, maxNotifyActivitiesPerSecond, maxConcurrentWorkflowTaskExecutions };
}
