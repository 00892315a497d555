import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { resolve } from 'node:path';

const ROOT = resolve(__dirname, '../..');
const STREAM = 'KillTest';
const WRITERS = 8;

interface Running {
  child: ChildProcess;
  url: string;
}

async function start(stateFile: string): Promise<Running> {
  const flags = ['lib/emulator/process.js', '--port', '0', '--state', stateFile];
  const child = spawn(process.execPath, flags, { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] });
  let stderr = '';
  child.stderr.on('data', (data: Buffer) => (stderr += data.toString()));
  for await (const line of createInterface(child.stdout)) {
    const url = /on (http:\S+);/.exec(line)?.[1];
    if (url) return { child, url };
  }
  throw new Error(`The emulator did not start: ${stderr}`);
}

async function call(url: string, operation: string, input: object): Promise<void> {
  const headers = { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': `AWSMigrationHub.${operation}` };
  const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(input) });
  if (!response.ok) throw new Error(`${operation}: ${response.status} ${await response.text()}`);
  await response.text();
}

/** Writes to one task over and over until the emulator is gone; `answered` is called for each write that was answered. */
async function writeUntilGone(url: string, task: string, from: number, answered: (n: number) => void): Promise<void> {
  const key = { ProgressUpdateStream: STREAM, MigrationTaskName: task };
  for (let n = from; ; n++) {
    const Task = { Status: 'IN_PROGRESS', StatusDetail: `write ${n}` };
    try {
      await call(url, 'NotifyMigrationTaskState', { ...key, Task, UpdateDateTime: n, NextUpdateSeconds: 60 });
    } catch {
      return;
    }
    answered(n);
  }
}

/** The last write that each task holds. */
async function held(url: string): Promise<Map<string, number>> {
  const answer = await fetch(`${url}/_mgh/tasks`);
  const tasks = (await answer.json()) as { migrationTaskName: string; updateDateTime: number | null }[];
  return new Map(tasks.map((task) => [task.migrationTaskName, task.updateDateTime ?? 0]));
}

/**
 * Kills the emulator with SIGKILL right after an answered write, while other writes are in flight, and checks after a
 * new start whether each answered write is there; all rounds use one state file.
 * @returns for each round the writes that were answered, and those among them that are lost
 */
export async function killRounds(rounds: number, stateFile: string): Promise<{ answered: number; lost: number }[]> {
  const tasks = Array.from({ length: WRITERS }, (_, i) => `server-${i}`);
  const results: { answered: number; lost: number }[] = [];
  let running = await start(stateFile);
  try {
    await call(running.url, 'CreateProgressUpdateStream', { ProgressUpdateStreamName: STREAM });
    for (const task of tasks)
      await call(running.url, 'ImportMigrationTask', { ProgressUpdateStream: STREAM, MigrationTaskName: task });
    let before = await held(running.url);
    for (let round = 1; round <= rounds; round++) {
      const { child, url } = running;
      const last = new Map(before);
      // Another number in each round, so that the kill hits different moments of a commit.
      const killAfter = 1 + ((round * 37) % 100);
      let answered = 0;
      const onAnswered = (task: string) => (n: number) => {
        last.set(task, n);
        answered += 1;
        if (answered === killAfter) child.kill('SIGKILL');
      };
      const exit = once(child, 'exit');
      await Promise.all(tasks.map((task) => writeUntilGone(url, task, (before.get(task) ?? 0) + 1, onAnswered(task))));
      await exit;
      running = await start(stateFile);
      before = await held(running.url);
      // Each write of a task is one higher than the one before, so what is missing can be counted.
      const lost = tasks.reduce((sum, t) => sum + Math.max(0, (last.get(t) ?? 0) - (before.get(t) ?? 0)), 0);
      results.push({ answered, lost });
    }
    return results;
  } finally {
    running.child.kill('SIGKILL');
  }
}
