import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { startTimeSkippingServer } from '../../dev/servers';
import { MigrationHubClient } from '../../src/client/migration-hub-client';
import { startEmulator, type Emulator } from '../../src/emulator';
import type { MigrationHubApi } from '../../src/migration-hub/api';
import { createAwsMigrationHub } from '../../src/migration-hub/aws-migration-hub';
import { heartbeatWorkflowId } from '../../src/client/heartbeat-workflow-id';
import { createMigrationHubWorkers } from '../../src/worker/workers';
import { callsOf } from '../calls';
import { runsOf } from '../histories';
import { judge } from '../judge';
import { latestHeartbeat } from '../pace';
import type { Context, Scenario } from '../scenario';
import { STREAM } from '../world';

const NEXT_UPDATE_SECONDS = 3600;
/** A heartbeat at least every third of that. */
const HEARTBEATS_PER_DAY = 72;
const TASK = 'task-1';
const MOST_EVENTS = 4600;
const MOST_BYTES = 2_000_000;
/** Only whole seconds count, and batches have a window. */
const LATENESS_SECONDS = 3;
const JOURNAL_SIZE = 100_000;

/** The real client of AWS; before each call the emulator's clock is set to the skipped time of the server. */
function hubInSkippedTime(env: TestWorkflowEnvironment, emulator: Emulator): MigrationHubApi {
  const hub = createAwsMigrationHub({ region: 'us-west-2', endpoint: emulator.url });
  const before = async () => emulator.clock.set((await env.currentTimeMs()) / 1000);
  const inTime =
    <A extends unknown[], T>(call: (...args: A) => Promise<T>) =>
    async (...args: A) => {
      await before();
      return call(...args);
    };
  return {
    ...hub,
    createProgressUpdateStream: inTime(hub.createProgressUpdateStream),
    importMigrationTask: inTime(hub.importMigrationTask),
    putResourceAttributes: inTime(hub.putResourceAttributes),
    describeMigrationTask: inTime(hub.describeMigrationTask),
    notifyMigrationTaskState: inTime(hub.notifyMigrationTaskState),
  };
}

/** The product's own workers, as a user has them, but for the hub. */
async function startWorkers(context: Context, env: TestWorkflowEnvironment, hub: MigrationHubApi): Promise<void> {
  const workers = await createMigrationHubWorkers({ connection: env.nativeConnection }, { hub });
  const running = workers.run();
  running.catch((error: Error) => context.fail(error));
  context.defer(async () => {
    workers.shutdown();
    await running.catch(() => undefined);
  });
}

/** How many runs, and events and bytes of the longest ones. */
async function longestRuns(env: TestWorkflowEnvironment): Promise<{ runs: number; events: number; bytes: number }> {
  const workflowId = heartbeatWorkflowId({ progressUpdateStream: STREAM, migrationTaskName: TASK });
  const longest = { runs: 0, events: 0, bytes: 0 };
  for await (const events of runsOf(env.client, workflowId)) {
    longest.runs++;
    longest.events = Math.max(longest.events, events.length);
    // As JSON it is larger than what the server counts: a bound that is on the safe side.
    longest.bytes = Math.max(longest.bytes, Buffer.byteLength(JSON.stringify(events)));
  }
  return longest;
}

/** One silent task, and a clock that jumps from one heartbeat to the next. */
export const simulatedYear: Scenario = {
  about: 'a silent task for a simulated year: no heartbeat late, no run above 4,600 events or 2 MB',
  inShort: false,
  async run(context) {
    const { short, log, signal } = context;
    const days = short ? 7 : 365;
    const env = await startTimeSkippingServer(() => undefined);
    context.defer(() => env.teardown());
    const emulator = await startEmulator({ journalSize: JOURNAL_SIZE });
    context.defer(() => emulator.close());
    emulator.clock.freeze();
    const hub = hubInSkippedTime(env, emulator);
    await startWorkers(context, env, hub);

    const serverSeconds = async () => (await env.currentTimeMs()) / 1000;
    const sentAt = await serverSeconds();
    const id = 'a silent year';
    await new MigrationHubClient({ client: env.client }).report({
      progressUpdateStream: STREAM,
      migrationTaskName: TASK,
      status: 'IN_PROGRESS',
      statusDetail: id,
      nextUpdateSeconds: NEXT_UPDATE_SECONDS,
    });
    const acceptedAt = await serverSeconds();
    for (let day = 1; day <= days; day++) {
      signal.throwIfAborted();
      await env.sleep('1 day');
      if (day % 30 === 0) log(`${day} days, ${emulator.tasks()[0]?.notifications} notifications`);
    }
    const until = await serverSeconds();
    emulator.clock.set(until);
    const calls = callsOf(emulator.requests());
    const reports = [{ task: TASK, id, status: 'IN_PROGRESS', reporter: 'client', sequence: 1, sentAt, acceptedAt }];
    const load = `1 task, ${days} days`;
    const outcome = judge({ load, reports, calls, tasks: emulator.tasks(), forgotten: 0 });
    const late = latestHeartbeat(calls, { from: 0, until });
    const { runs, events, bytes } = await longestRuns(env);
    outcome.notes.push(
      `${calls.length} notifications in ${runs} runs`,
      `latest heartbeat ${late.seconds} s after it was due`,
      `longest run ${events} events, ${(bytes / 1e6).toFixed(2)} MB`,
    );
    const wanted = days * HEARTBEATS_PER_DAY;
    if (calls.length < wanted) outcome.faults.push(`${calls.length} notifications, less than ${wanted}`);
    if (late.seconds > LATENESS_SECONDS) outcome.faults.push(`a heartbeat came ${late.seconds} s after it was due`);
    if (events > MOST_EVENTS) outcome.faults.push(`a run has ${events} events`);
    if (bytes > MOST_BYTES) outcome.faults.push(`a run has ${bytes} bytes`);
    return outcome;
  },
};
