/**
 * `npm run example:go`, `npm run example:python`: builds a migration that is written in another language, runs it against a
 * Temporal dev server, an emulator and our worker process, and shows what Migration Hub holds in the end. Two of its migrations are
 * cancelled while they report.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import type { WorkflowHandle } from '@temporalio/client';
import { cached } from '../conformance/driver/tools';
import { requireOnPath, run } from '../dev/servers/command';
import { startDevServer } from '../dev/servers';
import { startEmulator } from '../src/emulator';
import { HubWorker } from './demo-hub-worker';

const INSTALL = { timeoutMs: 15 * 60_000 };
const RUNS_WITHIN_MS = 5 * 60_000;
/** What both programs are to bring about: of each migration what Migration Hub has, and how its workflow ended. */
const EXPECTED = {
  'web-01': 'COMPLETED 100, COMPLETED',
  'db-01': 'FAILED 70, FAILED',
  // Cancelled in its first report.
  'app-01': 'FAILED null, CANCELLED',
  // Cancelled while it reports its end: the work is done.
  'nas-01': 'COMPLETED 100, COMPLETED',
};
const CANCELLED = ['app-01', 'nas-01'];

/** By language: gets the program ready, and gives the command. What was fetched and built is kept outside the work tree. */
const LANGUAGES: Record<string, () => Promise<string[]>> = {
  async go() {
    const go = await requireOnPath('go');
    const source = join(__dirname, 'go');
    const files = readdirSync(source).map((file) => join(source, file));
    const folder = await cached('example-go', files, 'migrate', (made) =>
      run(go, ['-C', source, 'build', '-mod=readonly', '-o', join(made, 'migrate'), '.'], INSTALL),
    );
    return [join(folder, 'migrate')];
  },
  async python() {
    const python3 = await requireOnPath('python3');
    const source = join(__dirname, 'python');
    const requirements = join(source, 'requirements.txt');
    const folder = await cached('example-python', [requirements], 'bin/python', async (made) => {
      await run(python3, ['-m', 'venv', made], INSTALL);
      const install = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--requirement', requirements];
      await run(join(made, 'bin/python'), install, INSTALL);
    });
    return [join(folder, 'bin/python'), '-B', join(source, 'main.py')];
  },
};

interface HeldTask {
  progressUpdateStream: string;
  migrationTaskName: string;
  status: string | null;
  progressPercent: number | null;
  statusDetail: string | null;
}

const isOver = ({ pid, exitCode, signalCode }: ChildProcess) =>
  pid === undefined || exitCode !== null || signalCode !== null;

/** Cancels a migration as soon as it waits for an activity. */
async function cancelWaiting(migration: WorkflowHandle, program: ChildProcess): Promise<void> {
  while (!isOver(program)) {
    // It may not have been started yet.
    const described = await migration.describe().catch(() => undefined);
    if (described?.raw.pendingActivities?.length) return void (await migration.cancel());
    await sleep(200);
  }
}

async function play([command = '', ...args]: string[]): Promise<boolean> {
  const temporal = await startDevServer();
  const emulator = await startEmulator();
  const namespace = temporal.env.namespace ?? 'default';
  const hub = new HubWorker(
    { temporalAddress: temporal.address, namespace, migrationHubUrl: emulator.url, groups: 0 },
    (reason) => console.error(reason),
  );
  try {
    const stream = `DatacenterExit-${Date.now().toString(36)}`;
    const env = { ...process.env, TEMPORAL_ADDRESS: temporal.address, TEMPORAL_NAMESPACE: namespace };
    const program = spawn(command, [...args, stream], {
      env,
      stdio: ['ignore', 'inherit', 'inherit'],
      timeout: RUNS_WITHIN_MS,
    });
    const migrationOf = (name: string) => temporal.env.client.workflow.getHandle(`migrate-${stream}-${name}`);
    const cancelThenServe = async () => {
      // Nobody serves the reports yet.
      await Promise.all(CANCELLED.map((name) => cancelWaiting(migrationOf(name), program)));
      await hub.start();
    };
    const [[code]] = (await Promise.all([once(program, 'exit'), cancelThenServe()])) as [[number | null], void];
    const answer = await fetch(`${emulator.url}/_mgh/tasks`);
    const tasks = (await answer.json()) as HeldTask[];
    console.log('GET /_mgh/tasks of the emulator, what Migration Hub holds:');
    for (const task of tasks) console.log(JSON.stringify(task));
    const held: Record<string, string> = {};
    for (const { migrationTaskName: name, status, progressPercent } of tasks)
      held[name] = `${status} ${progressPercent}, ${(await migrationOf(name).describe()).status.name}`;
    console.log('and how the workflows ended:', held);
    return code === 0 && isDeepStrictEqual(held, EXPECTED);
  } finally {
    await hub.stop();
    await emulator.close();
    await temporal.close();
  }
}

async function main(): Promise<number> {
  const language = process.argv[2] ?? '';
  const prepare = LANGUAGES[language];
  if (!prepare) {
    console.error(`name a language: ${Object.keys(LANGUAGES).join(' or ')}`);
    return 2;
  }
  console.log(`preparing the example in ${language}`);
  const isGood = await play(await prepare());
  console.log(
    isGood ? 'good: two completed, one failed, one was cancelled, and Migration Hub has all' : 'not as it should be',
  );
  return isGood ? 0 : 1;
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
  },
);
