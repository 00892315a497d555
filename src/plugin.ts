import { SimplePlugin } from '@temporalio/plugin';
import { NativeConnection, type Worker, type WorkerOptions } from '@temporalio/worker';
import { createMigrationHubWorkers, type MigrationHubWorkerOptions } from './worker';

/**
 * Runs the two Migration Hub workers beside the user's own, on its connection, namespace and data converter.
 * It adds nothing to the user's worker: no activity, no workflow, no bundle change.
 */
export class MigrationHubPlugin extends SimplePlugin {
  /** Ours, while any worker with this plugin runs: they are started once, however often the plugin is listed. */
  private ours?: Promise<Running>;
  private users = 0;
  private dataConverter: WorkerOptions['dataConverter'];

  constructor(private readonly hubOptions: MigrationHubWorkerOptions = {}) {
    super({ name: 'temporal-migration-hub.MigrationHubPlugin' });
  }

  override configureWorker(options: WorkerOptions): WorkerOptions {
    this.dataConverter = options.dataConverter;
    return super.configureWorker(options);
  }

  override async runWorker(worker: Worker, next: (w: Worker) => Promise<void>): Promise<void> {
    this.users++;
    // At once: the user's worker serves, and can be shut down, while ours are still being made.
    const running = super.runWorker(worker, next);
    const ours = (this.ours ??= this.start(worker));
    // Without ours the user's reports would go nowhere, and nobody would know.
    ours
      .then(({ ended }) => ended)
      .catch(() => {
        if (worker.getState() === 'RUNNING') worker.shutdown();
      });
    try {
      await running;
    } finally {
      if (--this.users === 0) {
        this.ours = undefined;
        await ours.then(
          ({ stop }) => stop(),
          () => undefined,
        );
      }
    }
    const { failure } = await ours;
    if (failure) throw failure;
  }

  private async start(worker: Worker): Promise<Running> {
    // A worker made without a connection has one of its own to the default address; so do ours then.
    const given = worker.options.connection;
    const connection = given ?? (await NativeConnection.connect());
    const { namespace } = worker.options;
    const { dataConverter } = this;
    const workers = await createMigrationHubWorkers({ connection, namespace, dataConverter }, this.hubOptions);
    const ended = workers.run();
    const running: Running = {
      ended,
      async stop() {
        workers.shutdown();
        await ended.catch(() => undefined);
        if (!given) await connection.close();
      },
    };
    ended.catch((error: unknown) => (running.failure = error as Error));
    return running;
  }
}

interface Running {
  /** Rejects when one of our workers fails. */
  ended: Promise<void>;
  failure?: Error;
  stop(): Promise<void>;
}
