/**
 * The bare side, a process of its own: SDK calls in a loop, a fixed number of them at once. Nothing is durable.
 * `bare-process <rate|first-reports> <tasks> <at once> <seconds>`; it writes one line of JSON, a `BareResult`.
 */
import {
  CreateProgressUpdateStreamCommand,
  DescribeMigrationTaskCommand,
  ImportMigrationTaskCommand,
  MigrationHubClient,
  NotifyMigrationTaskStateCommand,
} from '@aws-sdk/client-migration-hub';
import { inParallel } from '../../src/async/in-parallel';
import type { BareResult } from './bare';

const STREAM = 'Bare';
const [mode, tasks, atOnce, seconds] = process.argv.slice(2);
const names = Array.from({ length: Number(tasks) }, (_, i) => `server-${i + 1}`);
// As the package calls it: one attempt, connections kept.
const client = new MigrationHubClient({ maxAttempts: 1 });
const key = (name: string) => ({ ProgressUpdateStream: STREAM, MigrationTaskName: name });

const notify = (name: string) =>
  client.send(
    new NotifyMigrationTaskStateCommand({
      ...key(name),
      Task: { Status: 'IN_PROGRESS', StatusDetail: 'Replicating', ProgressPercent: 50 },
      UpdateDateTime: new Date(Math.floor(Date.now() / 1000) * 1000),
      NextUpdateSeconds: 3600,
    }),
  );
const createStream = () => client.send(new CreateProgressUpdateStreamCommand({ ProgressUpdateStreamName: STREAM }));
const importTask = (name: string) => client.send(new ImportMigrationTaskCommand(key(name)));

/** What a first report of this package calls, by hand. */
async function firstReports(): Promise<number> {
  await createStream();
  await inParallel(names, Number(atOnce), async (name) => {
    await importTask(name);
    await client.send(new DescribeMigrationTaskCommand(key(name)));
    await notify(name);
  });
  return 3 * names.length + 1;
}

/** Notifications of task after task until the time is over. */
async function notifications(end: number): Promise<number> {
  let calls = 0;
  const lane = async () => {
    while (Date.now() < end) await notify(names[calls++ % names.length] as string);
  };
  await Promise.all(Array.from({ length: Number(atOnce) }, lane));
  return calls;
}

async function main(): Promise<void> {
  if (mode === 'rate') {
    await createStream();
    await inParallel(names, Number(atOnce), importTask);
    // The first second warms up.
    await notifications(Date.now() + 1000);
  }
  const cpu = process.cpuUsage();
  const begin = Date.now();
  const calls = mode === 'rate' ? await notifications(begin + Number(seconds) * 1000) : await firstReports();
  const { user, system } = process.cpuUsage(cpu);
  const result: BareResult = { calls, seconds: (Date.now() - begin) / 1000, cpuSeconds: (user + system) / 1e6 };
  process.stdout.write(`${JSON.stringify(result)}\n`);
}

void main();
