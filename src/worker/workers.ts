import { Client } from '@temporalio/client';
import { Runtime, type Worker, type WorkerOptions } from '@temporalio/worker';
import { createNotifyActivities, createReportActivities } from '../activities';
import { ReportIntake } from '../activities/report-intake';
import { UndeliveredReports } from '../activities/undelivered-reports';
import { checkDeadlineAttribute, type SetWhere } from '../client/deadline-attribute';
import { GroupRoutes } from '../client/group-routes';
import { ReportSender } from '../client/report-sender';
import { readablePayloads } from '../client/readable-payloads';
import { groupsSetting } from '../client/settings';
import { createAwsMigrationHub } from '../migration-hub/aws-migration-hub';
import { NOTIFY_TASK_QUEUE, TASK_QUEUE } from '../report';
import { checkOptionNames, type OptionNames } from '../report/option-names';
import type { WorkerConnection } from './connection';
import { drain } from './drain';
import type { QueueState } from './http/health';
import { checkConnection, checkInstallation } from './installation';
import type { LastCall } from './last-call';
import { LOADED_MACHINE } from './loaded-machine';
import { HubMetrics } from './metrics/hub-metrics';
import { countTasks } from './metrics/task-counts';
import { settingsOf, WORKER_OPTIONS, type MigrationHubWorkerOptions } from './options';
import { createOwnWorker } from './own-worker';
import { sayGroups } from './say-groups';
import { sayReachable } from './say-reachable';
import { stopWhenRunning } from './stop-when-running';
import { checkDeployment, sayVersion, versioning } from './versioning';
import { workflowCode } from './workflow-bundle';

const CONNECTION_OPTIONS: OptionNames<WorkerConnection> = {
  connection: true,
  namespace: true,
  dataConverter: true,
  maxCachedWorkflows: true,
};

/** Both workers of this package, on one connection. */
export interface MigrationHubWorkers {
  /** Where notifications go. */
  readonly endpoint: string;
  /** The task queues that are served. */
  readonly taskQueues: readonly [string, string];
  /** Runs until `shutdown`; rejects if a worker fails. */
  run(): Promise<void>;
  /**
   * While they run: waits until Migration Hub has the reports that they have accepted so far, and was once asked to take the attachments,
   * `seconds` at most, and logs what is left, which the next worker goes on with.
   */
  drain(seconds: number): Promise<void>;
  /** Takes no more tasks; `run` resolves when those that were taken are done. */
  shutdown(): void;
}

/** The same, for whoever runs them within this package. */
interface OwnWorkers extends MigrationHubWorkers {
  /** Which task queues are polled. */
  queues(): QueueState[];
}

/** Set where the workers run beside one of the user's. */
export interface BesideAnother {
  /**
   * Asked when the SDK stops our workers, at a signal to the process or an error of theirs: false where they are shut down
   * later, in order.
   */
  mayStop(): boolean;
  /** Of that one. */
  bundlerOptions: WorkerOptions['bundlerOptions'];
}

/** What whoever runs the workers has to do with them. */
interface Around {
  beside?: BesideAnother;
  /** Looks at the calls to Migration Hub. */
  lastCall?: LastCall;
  /** Where `deadlineSearchAttribute` is set. */
  attributeFrom?: SetWhere;
}

/** First of the codecs is the last to decode. A converter of the user's own knows its encodings. */
const readingAll = (given: WorkerOptions['dataConverter']): WorkerOptions['dataConverter'] =>
  given?.payloadConverterPath
    ? given
    : { ...given, payloadCodecs: [readablePayloads, ...(given?.payloadCodecs ?? [])] };

/**
 * Makes the worker of `migration-hub` (workflows, reports) and that of `migration-hub-notify` (calls to Migration Hub).
 * @throws ConfigurationError for a wrong setting, an option that does not exist, a connection of another copy of the Temporal SDK,
 * and a Temporal SDK that is too old
 */
export async function createMigrationHubWorkers(
  temporal: WorkerConnection,
  options: MigrationHubWorkerOptions = {},
): Promise<MigrationHubWorkers> {
  checkInstallation();
  checkOptionNames('createMigrationHubWorkers, in its first argument,', temporal, CONNECTION_OPTIONS);
  checkOptionNames('createMigrationHubWorkers', options, WORKER_OPTIONS);
  return makeWorkers(temporal, options);
}

/** The same; beside a worker of the user's, `temporal` is what plugins of the connection made of it. */
export async function makeWorkers(
  temporal: WorkerConnection,
  options: MigrationHubWorkerOptions,
  { beside, lastCall, attributeFrom }: Around = {},
): Promise<OwnWorkers> {
  const settings = settingsOf(options);
  const { concurrency, heartbeat, maxConcurrentWorkflowTaskExecutions } = settings;
  const { connection, namespace, dataConverter } = temporal;
  const called = options.hub ?? createAwsMigrationHub(options);
  const hub = lastCall?.of(called) ?? called;
  // Before there is a worker: one that is made and never run would hold the connection.
  const endpoint = await hub.endpoint();
  checkConnection(connection);
  if (heartbeat.deadlineSearchAttribute)
    await checkDeadlineAttribute(
      new Client({ connection, namespace, dataConverter }),
      (message) => Runtime.instance().logger.warn(message),
      attributeFrom,
    );
  const { workerDeploymentVersion: version } = settings;
  if (version) await checkDeployment(connection, namespace ?? 'default', version);
  const groups = groupsSetting(options.groups);
  const undelivered = new UndeliveredReports();
  const { registry, tasksEverySeconds = 0 } = settings;
  const metrics = registry && new HubMetrics(registry, tasksEverySeconds > 0 ? (namespace ?? 'default') : undefined);
  const routes = new GroupRoutes(groups, true);
  const intake = new ReportIntake(heartbeat, new ReportSender(routes, heartbeat), undelivered);
  const converterOf = (configured: WorkerOptions['dataConverter']) => (beside ? temporal.dataConverter : configured);
  const codeWith = ({ dataConverter, bundlerOptions }: Pick<WorkerOptions, 'dataConverter' | 'bundlerOptions'>) =>
    workflowCode(dataConverter, settings.bundlerOptions ?? (beside ? beside.bundlerOptions : bundlerOptions));
  const common = {
    shutdownGraceTime: settings.shutdownGraceTime,
    workerDeploymentOptions: versioning(version),
  };
  const report = await createOwnWorker(
    {
      ...LOADED_MACHINE,
      ...temporal,
      taskQueue: TASK_QUEUE,
      activities: createReportActivities(intake, routes, hub),
      nexusServices: settings.nexus ? [await nexusService(intake, routes)] : undefined,
      ...common,
      maxConcurrentWorkflowTaskExecutions,
      // A lost worker holds its sticky workflows this long.
      stickyQueueScheduleToStartTimeout: '5s',
    },
    (configured) => readingAll(converterOf(configured)),
    codeWith,
  );
  const client = report.client as Client;
  await sayGroups(client, groups);
  const notify = await createOwnWorker(
    {
      ...temporal,
      taskQueue: NOTIFY_TASK_QUEUE,
      activities: createNotifyActivities(hub, concurrency, heartbeat, undelivered, metrics),
      ...common,
      maxTaskQueueActivitiesPerSecond: settings.maxNotifyActivitiesPerSecond,
      // Cancellation must reach a running notification within its heartbeat timeout of 5 s.
      maxHeartbeatThrottleInterval: '1s',
      defaultHeartbeatThrottleInterval: '1s',
    },
    converterOf,
  );
  const workers = [report, notify].map((worker) => stoppable(worker, beside));
  const shutdown = () => {
    for (const { end } of workers) end();
  };
  return {
    endpoint,
    taskQueues: [TASK_QUEUE, NOTIFY_TASK_QUEUE],
    shutdown,
    queues: () => workers.map(({ worker }) => ({ taskQueue: worker.options.taskQueue, isPolled: isPolling(worker) })),
    drain: (seconds) => drain(client, undelivered, seconds, () => workers.every(({ worker }) => isRunning(worker))),
    async run() {
      const end = new AbortController();
      // A hub of the user's own may not know what a dry run is.
      if (!options.hub) void sayReachable(hub, endpoint, end.signal);
      if (metrics && tasksEverySeconds > 0) void countTasks(client, metrics, tasksEverySeconds, end.signal);
      if (version) void sayVersion(connection, namespace ?? 'default', version, end.signal);
      // One that fails takes the other down: half a service would look alive.
      const results = await Promise.allSettled(workers.map(({ run }) => run().finally(shutdown)));
      end.abort(new Error('the workers have ended'));
      // One of the user's own may serve others, too.
      if (!options.hub) hub.destroy();
      for (const result of results) if (result.status === 'rejected') throw result.reason;
    },
  };
}

/** Loaded only where it is wanted: the packages that it needs come with the SDK's worker, but a strict package manager hides them. */
async function nexusService(intake: ReportIntake, routes: GroupRoutes) {
  const { createNexusService } = await import('../nexus/handlers.js');
  return createNexusService(intake, routes);
}

/** The worker that has no workflows does not ask for their tasks. */
function isPolling(worker: Worker): boolean {
  const { runState, activityPollerState, workflowPollerState } = worker.getStatus();
  return runState === 'RUNNING' && activityPollerState === 'POLLING' && workflowPollerState !== 'FAILED';
}

const isRunning = (worker: Worker): boolean => worker.getState() === 'RUNNING';

/**
 * A worker with what ends it, also where it does not run yet. The SDK shuts down all workers of a process at a signal: beside a worker
 * of the user's, ours would end before it, and what it reports last would not arrive.
 */
function stoppable(worker: Worker, beside: BesideAnother | undefined) {
  const shutdown = worker.shutdown.bind(worker);
  let isOver = false;
  let stopping: Promise<void> | undefined;
  const end = () => void (stopping ??= stopWhenRunning(worker, () => isOver, shutdown));
  // At once after the signal the user's worker may not know of it yet.
  if (beside) worker.shutdown = () => void setImmediate(() => beside.mayStop() && end());
  const run = () => worker.run().finally(() => (isOver = true));
  return { worker, end, run };
}
