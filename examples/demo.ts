import { setMaxListeners } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { WorkflowFailedError, type WorkflowHandle } from '@temporalio/client';
import { DefaultLogger, Runtime, Worker } from '@temporalio/worker';
import { startDevServer } from '../dev/servers';
import { stopSignal } from '../src/cli/stop-signal';
import { MigrationHubClient } from '../src/client/migration-hub-client';
import { startEmulator, type Emulator, type FaultAction } from '../src/emulator';
import { HubWorker } from './demo-hub-worker';
import { readOptions, USAGE, UsageError, type DemoOptions } from './demo-options';
import { Progress } from './demo-progress';
import * as verdict from './demo-verdict';
import { migrateServer } from './migrate-server';
import * as activities from './migration-activities';

const STREAM = 'DatacenterExit';
const TASK_QUEUE = 'migrations';
const NEXT_UPDATE_SECONDS = 60;
const KILL_AFTER_SECONDS = 17;
const DOWN_SECONDS = 3;
const MIGRATIONS_END_WITHIN_SECONDS = 240;
const DELIVERED_WITHIN_SECONDS = 30;

/** Each out of a hundred calls; throttling asks for 1 or 2 seconds. */
const FAULTS: [percent: number, action: FaultAction][] = [
  [15, { type: 'throttle', retryAfterSeconds: 1 }],
  [15, { type: 'throttle', retryAfterSeconds: 2 }],
  [5, { type: 'html-503' }],
  [2, { type: 'reset' }],
];

type Closers = (() => Promise<unknown>)[];

async function runDemo({ groups, servers, skipped }: DemoOptions, closers: Closers, stop: AbortController) {
  const { signal } = stop;
  const progress = new Progress();
  progress.event(
    `${servers.length} servers (${skipped} rows skipped); starting Temporal, the emulator and the workers`,
  );

  const temporal = await startDevServer({ log: (line) => progress.event(line) }).catch((error: Error) => {
    throw new UsageError(error.message);
  });
  closers.push(() => temporal.close());
  signal.throwIfAborted();
  const emulator = await startEmulator();
  closers.push(() => emulator.close());
  setFaults(emulator);
  const namespace = temporal.env.namespace ?? 'default';
  const hubWorker = new HubWorker(
    { temporalAddress: temporal.address, namespace, migrationHubUrl: emulator.url, groups },
    (reason) => stop.abort(new Error(reason)),
  );
  closers.push(() => hubWorker.stop());
  const [worker] = await Promise.all([
    Worker.create({
      connection: temporal.env.nativeConnection,
      namespace,
      taskQueue: TASK_QUEUE,
      workflowsPath: require.resolve('./migrate-server'),
      activities,
    }),
    hubWorker.start(),
  ]);
  const running = worker.run();
  running.catch((error: unknown) => stop.abort(error));
  closers.push(async () => {
    if (worker.getState() === 'RUNNING') worker.shutdown();
    await running.catch(() => undefined);
  });
  signal.throwIfAborted();

  const { client } = temporal.env;
  // A server that was there before may hold the tasks of an earlier demo.
  const run = process.env['TEMPORAL_ADDRESS'] ? `-${Date.now().toString(36)}` : '';
  const stream = STREAM + run;
  const handles = await Promise.all(
    servers.map(({ name, wave, application, resourceAttributes }, index) =>
      client.workflow.start(migrateServer, {
        workflowId: `migrate-${name}${run}`,
        taskQueue: TASK_QUEUE,
        args: [
          {
            server: name,
            stream,
            wave,
            application,
            ...(resourceAttributes.length > 0 && { resourceAttributes }),
            nextUpdateSeconds: NEXT_UPDATE_SECONDS,
            stepSeconds: 4 + (index % 4) / 2,
            ...(index % 8 === 7 && { failAt: 'cutover' as const }),
          },
        ],
      }),
    ),
  );
  progress.event(`${handles.length} migrations started; 37 of 100 notifications are made to fail`);

  const show = setInterval(() => {
    const held = new Map(emulator.tasks().map((task) => [task.migrationTaskName, task]));
    progress.update(
      servers.map(({ name, wave }) => {
        const { status = null, progressPercent = null } = held.get(name) ?? {};
        return { wave, status, progressPercent };
      }),
      {
        ...verdict.countCalls(emulator.requests()),
        staleSeconds: verdict.totalStaleSeconds([...held.values()]),
      },
    );
  }, 1000);
  try {
    const crash = killAndRestart(hubWorker, progress, signal);
    crash.catch((error: unknown) => stop.abort(error));
    const ends = await Promise.all(handles.map((handle) => howItEnded(handle, signal)));
    await crash;
    progress.event('all migrations have ended');

    const hub = new MigrationHubClient({ client, groups });
    const judge = async (): Promise<verdict.Outcome[]> => {
      const views = await Promise.all(servers.map(({ name }) => hub.lastReportedState(stream, name)));
      const held = new Map(emulator.tasks().map((task) => [task.migrationTaskName, task]));
      return servers.map((server, index) => ({
        server,
        workflow: ends[index],
        query: views[index] ?? null,
        hub: held.get(server.name),
      }));
    };
    let outcomes = await judge();
    for (const end = Date.now() + DELIVERED_WITHIN_SECONDS * 1000; Date.now() < end; outcomes = await judge()) {
      if (!outcomes.some(verdict.isUnsettled)) break;
      await sleep(500, undefined, { signal });
    }
    progress.event('the query beside Migration Hub, task by task:');
    return { outcomes, summary: verdict.summarize(outcomes, emulator.requests()) };
  } finally {
    clearInterval(show);
  }
}

/** Rules are asked in order, so each one's chance is out of what the earlier ones left. */
function setFaults(emulator: Emulator): void {
  let left = 100;
  emulator.setFaults(
    FAULTS.map(([percent, action], index) => {
      const probability = percent / left;
      left -= percent;
      return { match: { operation: 'NotifyMigrationTaskState' }, probability, seed: index + 1, action };
    }),
  );
}

async function killAndRestart(hubWorker: HubWorker, progress: Progress, signal: AbortSignal): Promise<void> {
  await sleep(KILL_AFTER_SECONDS * 1000, undefined, { signal });
  await hubWorker.kill();
  progress.event('hub worker killed (SIGKILL); the migrations go on');
  await sleep(DOWN_SECONDS * 1000, undefined, { signal });
  await hubWorker.start();
  progress.event('hub worker serves again');
}

async function howItEnded(handle: WorkflowHandle, signal: AbortSignal): Promise<verdict.Outcome['workflow']> {
  const ended = handle.result().then(
    () => 'COMPLETED' as const,
    (error: unknown) => (error instanceof WorkflowFailedError ? ('FAILED' as const) : undefined),
  );
  return Promise.race([ended, sleep(MIGRATIONS_END_WITHIN_SECONDS * 1000, undefined, { signal })]);
}

async function main(): Promise<number> {
  const options = await readOptions(process.argv.slice(2));
  if (options === undefined) {
    console.log(USAGE);
    return 0;
  }
  // Failing steps are part of the demo, so warnings are not shown either; we end everything ourselves, in order.
  Runtime.install({
    logger: new DefaultLogger('ERROR'),
    telemetryOptions: { logging: { filter: { core: 'ERROR', other: 'ERROR' } } },
    shutdownSignals: [],
  });
  const closers: Closers = [];
  const stop = new AbortController();
  setMaxListeners(0, stop.signal); // every migration listens
  const interrupted = stopSignal();
  interrupted.addEventListener('abort', () => stop.abort(interrupted.reason));
  let settingAtFault = false;
  let result: Awaited<ReturnType<typeof runDemo>> | undefined;
  try {
    result = await runDemo(options, closers, stop);
  } catch (error) {
    settingAtFault = error instanceof UsageError;
    const reason: unknown = stop.signal.aborted ? stop.signal.reason : error;
    if (!interrupted.aborted) console.error(reason instanceof Error ? reason.message : String(reason));
  }
  for (const close of closers.reverse()) await close().catch(() => undefined);
  if (interrupted.aborted) return 130;
  if (result === undefined) return settingAtFault ? 2 : 1;
  console.log(verdict.table(result.outcomes));
  console.log(JSON.stringify(result.summary));
  return verdict.isGood(result.summary) ? 0 : 1;
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    const expected = error instanceof UsageError;
    console.error(expected ? error.message : error);
    process.exit(expected ? 2 : 1);
  },
);
