import { SimplePlugin } from '@temporalio/plugin';
import { NativeConnection, type Worker, type WorkerOptions } from '@temporalio/worker';
import { createMigrationHubWorkers, type MigrationHubWorkerOptions } from './worker';

/**
 * Runs the two Migration Hub workers beside the user's own, on its connection, namespace and data converter.
 * It adds nothing to the user's worker: no activity, no workflow, no bundle change.
 */
export class MigrationHubPlugin extends SimplePlugin {
  /** One worker runs ours, however often the plugin is listed. */
  private started = false;

  constructor(private readonly hubOptions: MigrationHubWorkerOptions = {}) {
    super({ name: 'temporal-migration-hub.MigrationHubPlugin' });
  }

  private dataConverter: WorkerOptions['dataConverter'];

  override configureWorker(options: WorkerOptions): WorkerOptions {
    this.dataConverter = options.dataConverter;
    return super.configureWorker(options);
  }

  override async runWorker(worker: Worker, next: (w: Worker) => Promise<void>): Promise<void> {
    if (this.started) return super.runWorker(worker, next);
    this.started = true;
    const { namespace } = worker.options;
    // A worker made without a connection has one of its own to the default address; so do ours then.
    const given = worker.options.connection;
    const connection = given ?? (await NativeConnection.connect());
    try {
      const ours = await createMigrationHubWorkers(
        { connection, namespace, dataConverter: this.dataConverter },
        this.hubOptions,
      );
      let failure: { error: unknown } | undefined;
      const running = ours.run().catch((error: unknown) => {
        failure = { error };
        if (worker.getState() === 'RUNNING') worker.shutdown();
      });
      try {
        await super.runWorker(worker, next);
      } finally {
        ours.shutdown();
        await running;
      }
      if (failure) throw failure.error;
    } finally {
      if (!given) await connection.close();
      this.started = false;
    }
  }
}
