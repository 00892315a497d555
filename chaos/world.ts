import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client, Connection } from '@temporalio/client';
import { NativeConnection, Worker } from '@temporalio/worker';
import { inParallel } from '../src/async/in-parallel';
import { MigrationHubClient } from '../src/client/migration-hub-client';
import { startEmulator, type Emulator } from '../src/emulator';
import type { HeartbeatOptions } from '../src/client/settings';
import { callsOf, type Call } from './calls';
import { HubWorker, type HubWorkerSettings } from './hub-worker';
import { judge } from './judge';
import { lost, type AcceptedReport } from './referee';
import type { Context, Outcome } from './scenario';
import { TemporalServer } from './temporal-server';
import { LOADED_MACHINE } from '../src/worker/loaded-machine';

/** Room for all requests of a run, within what the bodies may have together. */
const JOURNAL_SIZE = 1_000_000;
export const STREAM = 'Chaos';
const USER_QUEUE = 'migrations';
/** Nobody serves it. */
const IDLE_QUEUE = 'idle';
const STARTED_AT_ONCE = 20;

export const nowSeconds = (): number => Date.now() / 1000;

/** A Temporal server, an emulator, and what is needed to load and to judge them. All of it ends with the scenario. */
export class World {
  readonly reports: AcceptedReport[] = [];

  private constructor(
    readonly context: Context,
    readonly server: TemporalServer,
    readonly emulator: Emulator,
    readonly client: Client,
    readonly groups: number,
  ) {}

  /** `keepsState`: what the Temporal server holds outlives a kill. */
  static async make(context: Context, { groups = 0, keepsState = false } = {}) {
    const dir = keepsState ? await mkdtemp(join(tmpdir(), 'chaos-')) : undefined;
    if (dir) context.defer(() => rm(dir, { recursive: true, force: true }));
    const server = await TemporalServer.start(dir && join(dir, 'temporal.db'));
    context.defer(() => server.kill('SIGTERM'));
    const emulator = await startEmulator({ journalSize: JOURNAL_SIZE });
    context.defer(() => emulator.close());
    const connection = await Connection.connect({ address: server.address });
    context.defer(() => connection.close());
    return new World(context, server, emulator, new Client({ connection }), groups);
  }

  async startHubWorker(settings: Partial<HubWorkerSettings> = {}): Promise<HubWorker> {
    const { server, emulator, groups, context } = this;
    const worker = new HubWorker(
      { temporalAddress: server.address, migrationHubUrl: emulator.url, groups, ...settings },
      (error) => context.fail(error),
    );
    context.defer(() => worker.stop());
    await worker.start();
    return worker;
  }

  /** The user's own worker, in this process, with the migration workflows of `workflows.ts`. */
  async startUserWorker(): Promise<string> {
    await this.runWorker(USER_QUEUE, require.resolve('./workflows'));
    return USER_QUEUE;
  }

  /** A worker of the user's, in this process. Gives how to stop it before the end. */
  async runWorker(taskQueue: string, workflowsPath: string): Promise<() => Promise<void>> {
    const connection = await NativeConnection.connect({ address: this.server.address });
    this.context.defer(() => connection.close());
    const worker = await Worker.create({ connection, taskQueue, workflowsPath, ...LOADED_MACHINE });
    const running = worker.run();
    running.catch((error: Error) => this.context.fail(error));
    const stop = async () => {
      if (worker.getState() === 'RUNNING') worker.shutdown();
      await running.catch(() => undefined);
    };
    this.context.defer(stop);
    return stop;
  }

  /** Starts a workflow for each task that only stays open, as the owner of its reports, and gives its id. */
  async openOwners(tasks: string[]): Promise<(task: string) => string> {
    const { workflow } = this.client;
    const idOf = (task: string) => `owner of ${task}`;
    await inParallel(tasks, STARTED_AT_ONCE, async (task) => {
      this.context.signal.throwIfAborted();
      await workflow.start('migration', { workflowId: idOf(task), taskQueue: IDLE_QUEUE });
    });
    return idOf;
  }

  hubClient(heartbeat?: HeartbeatOptions, groups = this.groups): MigrationHubClient {
    return new MigrationHubClient({ client: this.client, groups, heartbeat });
  }

  async sleep(seconds: number): Promise<void> {
    await sleep(Math.max(0, seconds) * 1000, undefined, { signal: this.context.signal });
  }

  /** Stops a worker in the middle of whatever it does, for some seconds. */
  async freeze(worker: HubWorker, seconds: number): Promise<void> {
    worker.freeze();
    try {
      await this.sleep(seconds);
    } finally {
      worker.thaw();
    }
  }

  /** Whether it came true in time. */
  async until(seconds: number, done: () => boolean | Promise<boolean>, everySeconds = 0.5): Promise<boolean> {
    for (const end = Date.now() + seconds * 1000; ;) {
      if (await done()) return true;
      if (Date.now() > end) return false;
      await this.sleep(everySeconds);
    }
  }

  /** Waits until Migration Hub holds the newest accepted report of each task; whoever is missing then is lost. */
  async allDelivered(seconds: number, cancelled?: ReadonlySet<string>): Promise<boolean> {
    // With many tasks to compare, seldom: the emulator is in this process.
    const everySeconds = Math.max(0.5, this.reports.length / 5000);
    const isDone = () => lost(this.reports, this.emulator.tasks(), cancelled).length === 0;
    return this.until(seconds, isDone, everySeconds);
  }

  calls(): Call[] {
    return callsOf(this.emulator.requests());
  }

  async judge(load: string, more: { staleIsWanted?: boolean; cancelled?: ReadonlySet<string> } = {}): Promise<Outcome> {
    const { reports, emulator } = this;
    const answer = await fetch(`${emulator.url}/_mgh/requests?operation=none`);
    const forgotten = Number(answer.headers.get('x-mgh-dropped-requests'));
    return judge(
      { load, reports, calls: this.calls(), tasks: emulator.tasks(), forgotten, cancelled: more.cancelled },
      more,
    );
  }
}

/** `task-1` to `task-n`. */
export const taskNames = (count: number, prefix = 'task'): string[] =>
  Array.from({ length: count }, (_, i) => `${prefix}-${i + 1}`);
