import { NativeConnection, type Worker, type WorkerOptions } from '@temporalio/worker';
import { checkNumber } from '../report/configuration-error';
import { watchEventLoop } from './event-loop-watch';
import { checkSameConverter, checkSameSettings } from './same-service';
import { settingsOf, type MigrationHubWorkerOptions } from './options';
import { makeWorkers, type MigrationHubWorkers } from './workers';

/** Settings of the workers, and of their end. */
export interface MigrationHubPluginOptions extends MigrationHubWorkerOptions {
  /**
   * How long our workers go on after your last worker has stopped: 0 (not at all) to 3600 seconds. They stop earlier if Migration Hub has
   * all accepted reports, and each accepted artifact and resource was sent once. The rest is logged; the next worker delivers it.
   * @default 10
   */
  drainSeconds?: number;
}

/** By symbol: two copies of this package may be in one process, and Core takes one worker for a queue of a connection. */
const SERVICES = Symbol.for('temporal-migration-hub.services');
const services = ((globalThis as Record<symbol, unknown>)[SERVICES] ??= new Set()) as Set<Service>;

/** The options, with their defaults. @throws ConfigurationError for a wrong one, or one that does not exist */
export function pluginSettings({ drainSeconds = 10, ...options }: MigrationHubPluginOptions) {
  checkNumber('drainSeconds', drainSeconds, { min: 0, max: 3600 });
  return { ...settingsOf(options), drainSeconds };
}

/** Our workers beside those of the user's that are on one connection and namespace. */
export class Service {
  /** Rejects when ours could not be made, or one of them failed. */
  readonly ended: Promise<void>;
  /** Why, then. */
  failure?: Error;
  /** Whoever comes now needs others, once these have ended. */
  isEnding = false;
  private readonly users = new Set<Worker>();
  private readonly making: Promise<MigrationHubWorkers>;
  private drains = 0;

  private constructor(
    /** Of the user's workers; without one for those that are made without, which all have the default address. */
    readonly connection: NativeConnection | undefined,
    /** Of the user's workers. */
    readonly namespace: string,
    /** Of the user's workers, as all plugins have made it. */
    readonly dataConverter: WorkerOptions['dataConverter'],
    /** Of the first of the user's workers. */
    bundlerOptions: WorkerOptions['bundlerOptions'],
    /** Of the first plugin, with defaults. */
    readonly settings: ReturnType<typeof pluginSettings>,
    options: MigrationHubWorkerOptions,
    before?: Service,
  ) {
    const connecting = (async () => {
      await before?.ended.catch(() => undefined);
      return connection ?? (await NativeConnection.connect());
    })();
    // At a signal the user's workers stop, and then ours, in order.
    const serves = (worker: Worker) => ['INITIALIZED', 'RUNNING'].includes(worker.getState());
    const beside = { mayStop: () => [...this.users].some(serves), bundlerOptions };
    this.making = connecting.then((own) =>
      makeWorkers({ connection: own, namespace, dataConverter }, options, { beside }),
    );
    this.ended = this.run().finally(async () => {
      this.isEnding = true;
      services.delete(this);
      if (!connection) await connecting.then((own) => own.close());
    });
    this.ended.catch((error: unknown) => (this.failure = error as Error));
  }

  /**
   * That of the worker's connection and namespace, which is started where there is none.
   * @throws ConfigurationError where its plugin or data converter differs
   */
  static of(worker: Worker, options: MigrationHubPluginOptions): Service {
    const { connection, namespace, dataConverter, bundlerOptions } = worker.options;
    const settings = pluginSettings(options);
    const isSame = (each: Service) => each.connection === connection && each.namespace === namespace;
    const newest = [...services].filter(isSame).at(-1);
    if (newest && !newest.isEnding) {
      checkSameSettings(settings, newest.settings);
      checkSameConverter(dataConverter, newest.dataConverter);
      return newest;
    }
    const service = new Service(connection, namespace, dataConverter, bundlerOptions, settings, options, newest);
    services.add(service);
    return service;
  }

  /** A worker of the user's begins. */
  join(worker: Worker): void {
    this.users.add(worker);
  }

  /** It has ended. After the last one ours drain and end; one that begins while they drain keeps them. */
  async leave(worker: Worker): Promise<void> {
    this.users.delete(worker);
    if (this.users.size > 0 || this.isEnding) return;
    const drain = ++this.drains;
    const workers = await this.making.catch(() => undefined);
    await workers?.drain(this.settings.drainSeconds);
    if (this.users.size > 0 || drain !== this.drains) return;
    this.isEnding = true;
    workers?.shutdown();
    await this.ended.catch(() => undefined);
  }

  private async run(): Promise<void> {
    const workers = await this.making;
    const endWatch = watchEventLoop();
    await workers.run().finally(endWatch);
  }
}
