/** The processes of a run. Whatever happens, none of them outlives it. */
import { spawn, type ChildProcess } from 'node:child_process';
import { resolve } from 'node:path';
import { endChild } from '../chaos/end-child';

const ROOT = resolve(__dirname, '..');
const READY_SECONDS = 120;
const DRAIN_SECONDS = 20;
const SAID_CHARS = 2000;

const pids = new Set<number>();

/** Counts a process that was started elsewhere among those that `killAll` ends. */
export const adopt = (pid: number): void => void pids.add(pid);
/** It has ended. */
export const release = (pid: number): void => void pids.delete(pid);

/** Ends every process at once, as `process.on('exit')` needs it. */
export function killAll(): void {
  for (const pid of pids) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It has ended.
    }
  }
}

/** What to start: `args` of Node, and the line on stdout that says it is ready. */
export interface Command {
  name: string;
  args: string[];
  env?: NodeJS.ProcessEnv;
  ready: RegExp;
}

/** A child process that said it is ready. */
export class Child {
  private ending = false;
  private constructor(
    private readonly name: string,
    private readonly process: ChildProcess,
    /** Where the process was started, epoch milliseconds. */
    readonly startedAt: number,
  ) {}

  /** The line that said it is ready. */
  readyLine = '';
  private said = '';

  static async start({ name, args, env, ready }: Command): Promise<Child> {
    const startedAt = Date.now();
    const spawned = spawn(process.execPath, args, {
      cwd: ROOT,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const child = new Child(name, spawned, startedAt);
    if (spawned.pid !== undefined) adopt(spawned.pid);
    await child.untilReady(ready);
    return child;
  }

  get pid(): number {
    return this.process.pid as number;
  }

  /** @throws Error when it has ended without being told to */
  check(): void {
    const { exitCode, signalCode } = this.process;
    if (!this.ending && (exitCode !== null || signalCode !== null))
      throw new Error(`the ${this.name} ended (${signalCode ?? exitCode}): ${this.said.trim()}`);
  }

  /** Lets it finish what it holds. */
  stop = (): Promise<void> => this.end('SIGTERM');
  /** As a crash would. */
  kill = (): Promise<void> => this.end('SIGKILL');

  private async end(signal: NodeJS.Signals): Promise<void> {
    this.ending = true;
    await endChild(this.process, signal, DRAIN_SECONDS);
    release(this.pid);
  }

  private untilReady(ready: RegExp): Promise<void> {
    const { process: child } = this;
    return new Promise((resolved, failed) => {
      const fail = (why: string) => failed(new Error(`the ${this.name} ${why}: ${this.said.trim()}`));
      const timer = setTimeout(() => {
        void this.kill();
        fail(`was not ready within ${READY_SECONDS} s`);
      }, READY_SECONDS * 1000);
      const listen = (chunk: Buffer) => {
        this.said = (this.said + chunk.toString()).slice(-SAID_CHARS);
        const line = this.said.split('\n').find((each) => ready.test(each));
        if (line === undefined || this.readyLine !== '') return;
        this.readyLine = line;
        clearTimeout(timer);
        resolved();
      };
      child.stdout?.on('data', listen);
      child.stderr?.on('data', listen);
      child.once('error', failed);
      child.once('exit', (code, signal) => {
        clearTimeout(timer);
        release(this.pid);
        fail(`ended (${signal ?? code})`);
      });
    });
  }
}

/** Runs a child to its end. @returns what it wrote to stdout */
export async function runChild(name: string, args: string[], env: NodeJS.ProcessEnv = {}): Promise<string> {
  const child = spawn(process.execPath, args, {
    cwd: ROOT,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const { pid } = child;
  if (pid !== undefined) adopt(pid);
  let text = '';
  child.stdout.on('data', (chunk: Buffer) => (text += chunk.toString()));
  const code = await new Promise<number | null>((ended, failed) => child.once('close', ended).once('error', failed));
  if (pid !== undefined) release(pid);
  if (code !== 0) throw new Error(`the ${name} ended with ${code}`);
  return text;
}
