import { SimplePlugin } from '@temporalio/plugin';
import { Runtime, type Worker, type WorkerOptions } from '@temporalio/worker';
import { NOTIFY_TASK_QUEUE, TASK_QUEUE } from '../report';
import { ConfigurationError } from '../report/configuration-error';
import { checkOptionNames } from '../report/option-names';
import { checkConnection, checkInstallation, checkWorker } from './installation';
import { isOwn } from './own-worker';
import { pluginSettings, Service, type MigrationHubPluginOptions } from './service';
import { stopWhenRunning } from './stop-when-running';
import { WORKER_OPTIONS } from './options';

/**
 * Runs the two Migration Hub workers beside the user's own, on its connection, namespace and data converter: once for
 * each connection and namespace of the process, however many workers and plugins; the plugins must have the same options, and
 * the workers the same data converter. It adds nothing to the user's worker: no activity, no workflow, no bundle change.
 */
export class MigrationHubPlugin extends SimplePlugin {
  /** @throws ConfigurationError for a wrong setting, an option that does not exist, and a Temporal SDK that is too old */
  constructor(private readonly hubOptions: MigrationHubPluginOptions = {}) {
    checkInstallation();
    checkOptionNames('MigrationHubPlugin', hubOptions, { ...WORKER_OPTIONS, drainSeconds: true });
    pluginSettings(hubOptions);
    super({ name: 'temporal-migration-hub.MigrationHubPlugin' });
  }

  override configureWorker(options: WorkerOptions): WorkerOptions {
    // A plugin of the connection is part of all its workers, ours too.
    if (!isOwn(options)) {
      checkTaskQueue(options);
      if (options.connection) checkConnection(options.connection);
    }
    return super.configureWorker(options);
  }

  override async runWorker(worker: Worker, next: (w: Worker) => Promise<void>): Promise<void> {
    if (isOwn(worker.options)) return super.runWorker(worker, next);
    let over = false;
    // At once: the user's worker serves, and can be shut down, while ours are still being made.
    const running = super.runWorker(worker, next).finally(() => (over = true));
    let service: Service;
    try {
      checkTaskQueue(worker.options);
      checkWorker(worker);
      service = Service.of(worker, this.hubOptions);
    } catch (error) {
      // In order: one that never ran would hold its connection.
      await Promise.all([running, stopWhenRunning(worker, () => over)]);
      throw error;
    }
    service.join(worker);
    // Without ours the user's reports would go nowhere, and nobody would know.
    service.ended.catch((error: unknown) => {
      const { taskQueue } = worker.options;
      const message = `the Migration Hub workers have failed, so the worker of ${taskQueue} is stopped`;
      Runtime.instance().logger.error(message, { error });
      return stopWhenRunning(worker, () => over);
    });
    try {
      await running;
    } finally {
      await service.leave(worker);
    }
    if (service.failure) throw service.failure;
  }
}

/** @throws ConfigurationError where the user's worker would take the tasks of ours */
function checkTaskQueue({ taskQueue }: Pick<WorkerOptions, 'taskQueue'>): void {
  if (taskQueue === TASK_QUEUE || taskQueue === NOTIFY_TASK_QUEUE)
    throw new ConfigurationError(
      `taskQueue is ${taskQueue}, which only the workers of temporal-migration-hub may serve: give your worker another, such as migrations`,
    );
}
