import { SimplePlugin } from '@temporalio/plugin';
import { NativeConnection, type Worker } from '@temporalio/worker';
import { NOTIFY_TASK_QUEUE, TASK_QUEUE } from '../report';
import { createMigrationHubWorkers, type MigrationHubWorkerOptions } from './workers';

/** How often a user's worker that has to stop is looked at until it can be told. */
const STOP_POLL_MS = 50;

/**
 * Runs the two Migration Hub workers beside the user's own, on its connection, namespace and data converter: once for
 * each connection and namespace, however many workers and however often the plugin is listed.
 * It adds nothing to the user's worker: no activity, no workflow, no bundle change.
 */
export class MigrationHubPlugin extends SimplePlugin {
  private readonly services: Service[] = [];

  constructor(private readonly hubOptions: MigrationHubWorkerOptions = {}) {
    super({ name: 'temporal-migration-hub.MigrationHubPlugin' });
  }

  override async runWorker(worker: Worker, next: (w: Worker) => Promise<void>): Promise<void> {
    const { taskQueue } = worker.options;
    // A plugin of the connection is part of all its workers, ours too.
    if (taskQueue === TASK_QUEUE || taskQueue === NOTIFY_TASK_QUEUE) return super.runWorker(worker, next);
    const service = this.serviceOf(worker);
    service.users++;
    let over = false;
    // At once: the user's worker serves, and can be shut down, while ours are still being made.
    const running = super.runWorker(worker, next).finally(() => (over = true));
    // Without ours the user's reports would go nowhere, and nobody would know.
    service.ended.catch(() => stopWhenPossible(worker, () => over));
    try {
      await running;
    } finally {
      if (--service.users === 0) {
        this.services.splice(this.services.indexOf(service), 1);
        await service.stop();
      }
    }
    if (service.failure) throw service.failure;
  }

  private serviceOf(worker: Worker): Service {
    const { connection, namespace } = worker.options;
    const known = this.services.find((each) => each.connection === connection && each.namespace === namespace);
    if (known) return known;
    const service = startService(worker, this.hubOptions);
    this.services.push(service);
    return service;
  }
}

/** Our workers for one connection and namespace. */
interface Service {
  readonly connection?: NativeConnection;
  readonly namespace: string;
  /** The user's workers that run. */
  users: number;
  /** Rejects when ours could not be made, or one of them failed. */
  readonly ended: Promise<void>;
  failure?: Error;
  stop(): Promise<void>;
}

function startService(worker: Worker, options: MigrationHubWorkerOptions): Service {
  const { connection: given, namespace, dataConverter } = worker.options;
  const making = (async () => {
    // A worker made without a connection has one of its own to the default address; so do ours then.
    const connection = given ?? (await NativeConnection.connect());
    const closing = () => (given ? Promise.resolve() : connection.close());
    try {
      return { closing, workers: await createMigrationHubWorkers({ connection, namespace, dataConverter }, options) };
    } catch (error) {
      await closing();
      throw error;
    }
  })();
  const ended = making.then(({ workers, closing }) => workers.run().finally(closing));
  const service: Service = {
    connection: given,
    namespace,
    users: 0,
    ended,
    async stop() {
      await making.then(({ workers }) => workers.shutdown()).catch(() => undefined);
      await ended.catch(() => undefined);
    },
  };
  ended.catch((error: unknown) => (service.failure = error as Error));
  return service;
}

/** A worker can be shut down only while it runs; another plugin may still hold it back. */
async function stopWhenPossible(worker: Worker, isOver: () => boolean): Promise<void> {
  while (!isOver() && worker.getState() !== 'RUNNING')
    await new Promise((resolve) => setTimeout(resolve, STOP_POLL_MS));
  if (!isOver() && worker.getState() === 'RUNNING') worker.shutdown();
}
