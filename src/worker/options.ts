import { availableParallelism } from 'node:os';
import type { WorkerDeploymentVersion } from '@temporalio/common';
import type { WorkerOptions } from '@temporalio/worker';
import { groupsSetting, heartbeatSettings, type GroupsOption, type HeartbeatOptions } from '../client/settings';
import type { MigrationHubApi } from '../migration-hub/api';
import { awsSettings, type AwsMigrationHubOptions } from '../migration-hub/aws-migration-hub';
import { checkNumber, ConfigurationError } from '../report/configuration-error';
import { refusalOf } from '../report/invalid-report-error';
import { checkOptionNames, type OptionNames } from '../report/option-names';
import { metricsSettings, type MetricsOptions } from './metrics/options';
import { WORKER_RANGES } from './ranges';
import { checkedVersion } from './versioning';

/** What the bundler of workflow code is told, as in `bundlerOptions` of the SDK's `WorkerOptions`. */
export interface BundlerOptions {
  /** Modules that files of yours import, and workflows never use: they are left out. @default none */
  ignoreModules?: string[];
  /** Changes the configuration of webpack. @default none */
  webpackConfigHook?: NonNullable<WorkerOptions['bundlerOptions']>['webpackConfigHook'];
}

/** Settings of the workers: to Migration Hub, of groups and of heartbeats. */
export interface MigrationHubWorkerOptions extends AwsMigrationHubOptions {
  /**
   * Your own implementation of `MigrationHubApi`, used in place of the AWS client, for instance in tests.
   * @experimental
   */
  hub?: MigrationHubApi;
  /**
   * Number of heartbeat workflows that share the tasks of a stream: one number for all streams, or `{ streamName: number }`; 0–10000. 0:
   * one heartbeat workflow for each task.
   * @default the stream's number; 0 for a new stream
   */
  groups?: GroupsOption;
  /** Heartbeat settings for the heartbeat workflows that this worker starts. */
  heartbeat?: HeartbeatOptions;
  /**
   * Whether these workers serve the Nexus service `migration-hub`, for workflows in other namespaces: see `temporal-migration-hub/nexus`.
   * Callers need a Nexus endpoint whose target is this namespace and the task queue `migration-hub`.
   * @default false
   */
  nexus?: boolean;
  /** Prometheus metrics of these workers, and of all tasks. @default none */
  metrics?: MetricsOptions;
  /** Calls to Migration Hub at once within one batch: 1–1000. @default 20 */
  concurrency?: number;
  /** Upper bound of batches and single notifications started per second on the whole queue: above 0. @default none */
  maxNotifyActivitiesPerSecond?: number;
  /**
   * Workflow Tasks at once: at least 2. They share one thread, and each has 10 s. If too many long histories are replayed at once after
   * a restart, all of them time out.
   * @default twice the number of cores
   */
  maxConcurrentWorkflowTaskExecutions?: number;
  /** Time for running activities after a shutdown began. @default '10s' */
  shutdownGraceTime?: string;
  /**
   * What the files of your payload or failure converter need of the bundler, as in the SDK's `WorkerOptions`: these workers bundle their
   * workflow code with them. Without such a converter they have no effect.
   * @default those of your worker, of the first where several have the plugin
   */
  bundlerOptions?: BundlerOptions;
  /**
   * Turns Worker Versioning on: the Worker Deployment and the build of these workers. Temporal gives them tasks once this version is
   * made the current one. Heartbeat workflows go on with the current version from their next workflow task on (`AUTO_UPGRADE`).
   * @default none: the workers are unversioned
   */
  workerDeploymentVersion?: WorkerDeploymentVersion;
}

/** Of the options; the compiler sees to it that none is missing. */
export const WORKER_OPTIONS: OptionNames<MigrationHubWorkerOptions> = {
  client: true,
  region: true,
  endpoint: true,
  connectionTimeoutSeconds: true,
  requestTimeoutSeconds: true,
  hub: true,
  groups: true,
  heartbeat: true,
  concurrency: true,
  maxNotifyActivitiesPerSecond: true,
  maxConcurrentWorkflowTaskExecutions: true,
  shutdownGraceTime: true,
  bundlerOptions: true,
  workerDeploymentVersion: true,
  nexus: true,
  metrics: true,
};

const BUNDLER_OPTIONS: OptionNames<BundlerOptions> = {
  ignoreModules: true,
  webpackConfigHook: true,
};

/** As the SDK reads it; a number is one of milliseconds. */
const DURATION =
  /^(\d+|\d*\.\d+) *(milliseconds?|msecs?|ms|seconds?|secs?|s|minutes?|mins?|m|hours?|hrs?|h|days?|d|weeks?|w|years?|yrs?|y)?$/i;

/** Checks types for callers without TypeScript. @throws ConfigurationError naming option, value and mend */
function checkTypes(options: MigrationHubWorkerOptions): void {
  const { client, hub, nexus, bundlerOptions, shutdownGraceTime = '10s' } = options;
  if (client !== undefined && typeof client?.send !== 'function')
    throw new ConfigurationError(
      'client is not a MigrationHubClient of @aws-sdk/client-migration-hub: pass new MigrationHubClient({ region, maxAttempts: 1 }); the Temporal client is no option of the workers',
    );
  if (hub !== undefined && typeof hub?.endpoint !== 'function')
    throw new ConfigurationError('hub does not implement MigrationHubApi: it has no method endpoint');
  if (nexus !== undefined && typeof nexus !== 'boolean')
    throw new ConfigurationError(refusalOf('nexus', nexus, 'it must be true or false'));
  if (bundlerOptions !== undefined) checkOptionNames('bundlerOptions', bundlerOptions, BUNDLER_OPTIONS);
  const ignored: unknown = bundlerOptions?.ignoreModules ?? [];
  if (!Array.isArray(ignored) || !ignored.every((name) => typeof name === 'string'))
    throw new ConfigurationError(
      refusalOf('bundlerOptions.ignoreModules', ignored, 'it must be a list of names of modules'),
    );
  if (!DURATION.test(String(shutdownGraceTime)))
    throw new ConfigurationError(
      refusalOf('shutdownGraceTime', shutdownGraceTime, "it must be a time such as '10s' or '2 minutes'"),
    );
}

/** The options, with their defaults. @throws ConfigurationError for a wrong setting */
export function settingsOf(options: MigrationHubWorkerOptions) {
  const {
    hub,
    groups,
    nexus = false,
    concurrency = WORKER_RANGES.concurrency.standard,
    maxNotifyActivitiesPerSecond,
  } = options;
  checkTypes(options);
  const { maxConcurrentWorkflowTaskExecutions = Math.max(2, 2 * availableParallelism()) } = options;
  if (hub && options.client)
    throw new ConfigurationError('hub and client are both set, but only one of them can be used: leave one out');
  groupsSetting(groups);
  const check = (name: keyof typeof WORKER_RANGES, value: number) => checkNumber(name, value, WORKER_RANGES[name]);
  check('concurrency', concurrency);
  check('maxConcurrentWorkflowTaskExecutions', maxConcurrentWorkflowTaskExecutions);
  if (maxNotifyActivitiesPerSecond !== undefined) check('maxNotifyActivitiesPerSecond', maxNotifyActivitiesPerSecond);
  return {
    ...(hub ? { hub } : awsSettings(options)),
    groups,
    nexus,
    ...(options.metrics !== undefined && metricsSettings(options.metrics)),
    heartbeat: heartbeatSettings(options.heartbeat),
    concurrency,
    maxNotifyActivitiesPerSecond,
    maxConcurrentWorkflowTaskExecutions,
    bundlerOptions: options.bundlerOptions,
    shutdownGraceTime: (options.shutdownGraceTime ?? '10s') as never,
    workerDeploymentVersion: checkedVersion(options.workerDeploymentVersion),
  };
}
