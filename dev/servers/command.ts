import { spawn } from 'node:child_process';
import { findOnPath } from '../../src/temporal-cli/executables';

const TAIL_CHARACTERS = 2_000;

/** The full path of a command that a route cannot do without; its absence is the route's failure. */
export async function requireOnPath(command: string): Promise<string> {
  const path = await findOnPath(command);
  if (!path) throw new Error(`\`${command}\` is not on PATH`);
  return path;
}

/** What {@link run} may be told besides the command. */
export interface RunOptions {
  /** Added to the inherited environment. */
  env?: Record<string, string>;
  timeoutMs: number;
}

/** Runs a command to its end; a failure carries the last lines it wrote. */
export function run(command: string, args: string[], { env, timeoutMs }: RunOptions): Promise<void> {
  const shown = [command, ...args].join(' ');
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: timeoutMs,
    });
    let tail = '';
    const keep = (chunk: Buffer) => {
      tail = (tail + chunk.toString()).slice(-TAIL_CHARACTERS);
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    child.on('error', (error) => reject(new Error(`${shown} did not start: ${error.message}`)));
    child.on('close', (code, signal) => {
      if (code === 0) return resolve();
      const end = signal ? `was ended by ${signal} (bound ${timeoutMs / 1000} s)` : `left with exit code ${code}`;
      reject(new Error(`${shown} ${end}\n${tail.trim()}`));
    });
  });
}
