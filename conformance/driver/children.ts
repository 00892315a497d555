import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { onStopSignal } from '../../dev/on-stop-signal';

const TAIL_CHARACTERS = 2_000;
const running = new Set<ChildProcess>();
let stopped: number | undefined;

/** The exit code of a process that was told to stop by a signal; undefined while it was not. */
export const stopCode = (): number | undefined => stopped;

/** From now on a SIGINT or SIGTERM ends every child; what waits for them then fails, and cleans up after itself. */
export function stopOnSignals(): void {
  onStopSignal((code) => {
    stopped = code;
    for (const child of running) child.kill('SIGKILL');
  });
}

/** What a child is started with beside its command. */
export interface ChildOptions {
  cwd?: string;
  env?: Record<string, string>;
  /** Takes each line of standard output. */
  onLine?: (line: string) => void;
  /** The child is ended after so many milliseconds; default ten minutes. */
  timeoutMs?: number;
}

/** Runs a command to its end. Rejects, with the last lines of its standard error, when it does not end well. */
export function runChild([command = '', ...args]: string[], options: ChildOptions = {}): Promise<void> {
  const { cwd, env, onLine = () => undefined, timeoutMs = 600_000 } = options;
  return new Promise((resolve, reject) => {
    if (stopped !== undefined) return reject(new Error('stopped'));
    const stdio: ['ignore', 'pipe', 'pipe'] = ['ignore', 'pipe', 'pipe'];
    const child = spawn(command, args, { cwd, env: { ...process.env, ...env }, stdio, timeout: timeoutMs });
    running.add(child);
    let tail = '';
    const lines = createInterface({ input: child.stdout });
    lines.on('line', onLine);
    child.stderr.on('data', (chunk: Buffer) => {
      tail = (tail + chunk.toString()).slice(-TAIL_CHARACTERS);
    });
    child.on('error', (error) => {
      running.delete(child);
      reject(new Error(`${command} did not start: ${error.message}`));
    });
    child.on('close', (code, signal) => {
      running.delete(child);
      if (code === 0) return resolve();
      const end = signal ? `was ended by ${signal}` : `left with exit code ${code}`;
      reject(new Error(`${[command, ...args].join(' ')} ${end}\n${tail.trim()}`));
    });
  });
}
