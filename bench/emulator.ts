/**
 * `npm run bench:emulator [-- --notifications 1000000]`: notifications a second over 50 connections that stay open, of the
 * emulator and of a bare route in the same run; then the emulator's memory after all of them on 10,000 tasks.
 */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { parseArgs, promisify } from 'node:util';
import autocannon from 'autocannon';
import { onStopSignal } from '../dev/on-stop-signal';

const CONNECTIONS = 50;
const TASKS = 10_000;
const LAP_SECONDS = 10;
const LAPS = 3;

const headers = (operation: string) => ({
  'content-type': 'application/x-amz-json-1.1',
  'x-amz-target': `AWSMigrationHub.${operation}`,
});
const key = (task: number) => ({ ProgressUpdateStream: 'Bench', MigrationTaskName: `server-${task}` });

/** Requests that go through all tasks, again and again. */
function notifications(): autocannon.Request {
  let next = 0;
  return {
    method: 'POST',
    path: '/',
    headers: headers('NotifyMigrationTaskState'),
    setupRequest: (request) => ({
      ...request,
      body: JSON.stringify({
        ...key(next++ % TASKS),
        Task: { Status: 'IN_PROGRESS', StatusDetail: 'Replicating volume 2 of 3', ProgressPercent: next % 101 },
        UpdateDateTime: Date.now() / 1000,
        NextUpdateSeconds: 3600,
      }),
    }),
  };
}

const ROOT = join(__dirname, '..');
const COMMANDS = {
  emulator: ['lib/cli.js', 'emulator', '--port', '0'],
  bare: ['--import', 'tsx', 'bench/bare-route.ts'],
};

/** Starts a server as its users do; it says where it is. */
async function start(server: keyof typeof COMMANDS): Promise<{ child: ChildProcess; url: string }> {
  const child = spawn(process.execPath, COMMANDS[server], { cwd: ROOT, stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  const [url] = /http:\/\/[\w.:]+\d/.exec(line.toString()) ?? [];
  if (!url) throw new Error(`the ${server} server did not start`);
  return { child, url };
}

/** What the system counts as the process's memory, in MB. */
async function megabytesOf({ pid }: ChildProcess): Promise<number> {
  const { stdout } = await promisify(execFile)('ps', ['-o', 'rss=', '-p', String(pid)]);
  return Number(stdout) / 1024;
}

async function register(url: string): Promise<void> {
  const call = async (operation: string, input: object) => {
    const { status } = await fetch(url, { method: 'POST', headers: headers(operation), body: JSON.stringify(input) });
    if (status !== 200) throw new Error(`${operation} was answered by ${status}`);
  };
  await call('CreateProgressUpdateStream', { ProgressUpdateStreamName: 'Bench' });
  for (let task = 0; task < TASKS; task++) await call('ImportMigrationTask', key(task));
}

async function fire(url: string, limit: { duration: number } | { amount: number }): Promise<autocannon.Result> {
  const result = await autocannon({ url, connections: CONNECTIONS, ...limit, requests: [notifications()] });
  if (result.non2xx + result.errors > 0)
    throw new Error(`${result.non2xx + result.errors} notifications were not taken`);
  return result;
}

const median = (numbers: number[]): number => numbers.sort((a, b) => a - b)[Math.floor(numbers.length / 2)] as number;

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { notifications: { type: 'string', default: '1000000' } } });
  const wanted = Number(values.notifications);
  if (!Number.isInteger(wanted) || wanted < 1)
    throw new Error(`--notifications must be an integer from 1, not ${values.notifications}`);
  const emulator = await start('emulator');
  const bare = await start('bare');
  onStopSignal((code) => {
    emulator.child.kill();
    bare.child.kill();
    process.exit(code);
  });
  try {
    await register(emulator.url);
    const rates = { emulator: [] as number[], bare: [] as number[] };
    let sent = 0;
    // Turn about, so that whatever else the machine does meets both.
    for (let lap = 0; lap <= LAPS; lap++)
      for (const [name, { url }] of [['bare', bare] as const, ['emulator', emulator] as const]) {
        const { requests } = await fire(url, { duration: LAP_SECONDS });
        if (name === 'emulator') sent += requests.total;
        // The first lap warms up.
        if (lap > 0) rates[name].push(requests.average);
        process.stderr.write(`lap ${lap}: ${name} ${Math.round(requests.average)} a second\n`);
      }
    const left = wanted - sent;
    if (left > 0) await fire(emulator.url, { amount: left });
    const [ours, theirs] = [median(rates.emulator), median(rates.bare)];
    const megabytes = await megabytesOf(emulator.child);
    const notified = Math.max(sent, wanted);
    process.stdout.write(
      `emulator: ${Math.round(ours)} notifications a second, bare route: ${Math.round(theirs)}, share: ${(ours / theirs).toFixed(2)} ` +
        `(medians of ${LAPS} laps of ${LAP_SECONDS} s, ${CONNECTIONS} connections)\n` +
        `memory of the emulator after ${notified} notifications on ${TASKS} tasks: ${Math.round(megabytes)} MB\n`,
    );
  } finally {
    emulator.child.kill();
    bare.child.kill();
  }
}

main().catch((error: Error) => {
  process.stderr.write(`bench: ${error.message}\n`);
  process.exitCode = 1;
});
