import { Worker, type WorkerOptions, type WorkerPlugin } from '@temporalio/worker';
import { ConfigurationError } from '../report/configuration-error';

/** By name: two copies of this package may be in one process. */
const OWN_PLUGIN = 'temporal-migration-hub.OwnWorker';

/** Whether a worker, or the options of one that is being made, is one of this package. */
export const isOwn = ({ plugins }: Pick<WorkerOptions, 'plugins'>): boolean =>
  plugins?.some(({ name }) => name === OWN_PLUGIN) ?? false;

/**
 * Makes one of our workers. Plugins of the connection are part of all its workers: here they bring their data converter and
 * the interceptors of activities and of the client; what the worker serves, and with what, stays ours.
 * `converterOf`: the data converter, of that which the plugins made.
 * @throws ConfigurationError where a plugin changes it all the same
 */
export async function createOwnWorker(
  own: WorkerOptions,
  converterOf: (configured: WorkerOptions['dataConverter']) => WorkerOptions['dataConverter'],
): Promise<Worker> {
  const keep: WorkerPlugin = {
    name: OWN_PLUGIN,
    configureWorker: (options) => ({
      ...own,
      dataConverter: converterOf(options.dataConverter),
      interceptors: { ...options.interceptors, workflowModules: own.interceptors?.workflowModules },
      // They bundle and run workers, too.
      plugins: [keep],
    }),
  };
  const first: WorkerPlugin = {
    name: OWN_PLUGIN,
    // Plugins of the connection come after those of the worker. What is added now comes last.
    configureWorker(options) {
      options.plugins?.push(keep);
      return options;
    },
  };
  const worker = await Worker.create({ ...own, plugins: [first] });
  const { workflowsPath, workflowBundle, activities, taskQueue } = worker.options;
  const names = (all: object = {}) => Object.keys(all).sort().join();
  const isKept =
    workflowsPath === own.workflowsPath && workflowBundle === own.workflowBundle && taskQueue === own.taskQueue;
  if (!isKept || names(Object.fromEntries(activities)) !== names(own.activities)) {
    await endUnused(worker);
    throw new ConfigurationError(
      `plugins of the connection (${own.connection?.plugins.map(({ name }) => name).join(', ')}) replace what the worker of ${own.taskQueue} runs: list the one that sets workflowsPath, workflowBundle, activities or taskQueue in the plugins of your own Worker instead`,
    );
  }
  return worker;
}

/** One that never ran would hold its connection. */
export async function endUnused(worker: Worker): Promise<void> {
  const running = worker.run();
  worker.shutdown();
  await running;
}
