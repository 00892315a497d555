import { Worker, type WorkerOptions, type WorkerPlugin, type WorkflowBundleOption } from '@temporalio/worker';
import { ConfigurationError } from '../report/configuration-error';
import { stopWhenRunning } from './stop-when-running';

/** By name: two copies of this package may be in one process. */
const OWN_PLUGIN = 'temporal-migration-hub.OwnWorker';

/** Whether a worker, or the options of one that is being made, is one of this package. */
export const isOwn = ({ plugins }: Pick<WorkerOptions, 'plugins'>): boolean =>
  plugins?.some(({ name }) => name === OWN_PLUGIN) ?? false;

/**
 * Makes one of our workers. Plugins of the connection are part of all its workers: here they bring their data converter, the
 * interceptors of activities and of the client, and what they run around a worker; what it serves, and with what, stays ours.
 * `converterOf`: the data converter, of that which the plugins made. `codeWith`: the code of workflows for it, and for the bundler's
 * options that the plugins made.
 * @throws ConfigurationError where a plugin changes it all the same
 */
export async function createOwnWorker(
  own: WorkerOptions,
  converterOf: (configured: WorkerOptions['dataConverter']) => WorkerOptions['dataConverter'],
  codeWith?: (needs: Pick<WorkerOptions, 'dataConverter' | 'bundlerOptions'>) => Promise<WorkflowBundleOption>,
): Promise<Worker> {
  let code: WorkflowBundleOption | undefined;
  const keep: WorkerPlugin = {
    name: OWN_PLUGIN,
    async configureWorker(options) {
      const dataConverter = converterOf(options.dataConverter);
      code = await codeWith?.({ dataConverter, bundlerOptions: options.bundlerOptions });
      return {
        ...own,
        ...(code && { workflowBundle: code }),
        dataConverter,
        interceptors: { ...options.interceptors, workflowModules: undefined },
        plugins: [keep, ...runners(options)],
      };
    },
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
  const isKept = workflowsPath === undefined && workflowBundle === code && taskQueue === own.taskQueue;
  if (!isKept || names(Object.fromEntries(activities)) !== names(own.activities)) {
    await endUnused(worker);
    throw new ConfigurationError(
      `plugins of the connection (${own.connection?.plugins.map(({ name }) => name).join(', ')}) replace what the worker of ${own.taskQueue} runs: list the one that sets workflowsPath, workflowBundle, activities or taskQueue in the plugins of your own Worker instead`,
    );
  }
  return worker;
}

/** The plugins, without what else they do than to run workers. */
const runners = ({ plugins = [] }: WorkerOptions): WorkerPlugin[] =>
  plugins
    .filter(({ name, runWorker }) => name !== OWN_PLUGIN && runWorker)
    .map((plugin) => ({ name: plugin.name, runWorker: plugin.runWorker?.bind(plugin) }));

/** One that never ran would hold its connection. */
export async function endUnused(worker: Worker): Promise<void> {
  let isOver = false;
  const running = worker.run().finally(() => (isOver = true));
  await Promise.all([running, stopWhenRunning(worker, () => isOver)]);
}
