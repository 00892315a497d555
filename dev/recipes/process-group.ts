import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { onStopSignal } from '../on-stop-signal';

/** How a command ended. */
export interface Ended {
  /** Its exit code; null when a signal ended it. */
  code: number | null;
  /** What it wrote on both outputs, in order. */
  output: string;
  /** Whether a process that it had started outlived it. That one is ended now. */
  hasLeftBehind: boolean;
}

/** How long what a command has started may take to end after it, and be reaped. */
const LEFT_BEHIND_MS = 10_000;
const COLOURS = new RegExp(`${String.fromCharCode(27)}\\[[0-9;]*m`, 'g');
const groups = new Set<number>();

function end(group: number): void {
  try {
    process.kill(-group, 'SIGKILL');
  } catch {
    // It has ended.
  }
}

/** From now on a signal to this process ends the commands with all that they have started. */
export function stopOnSignals(): void {
  onStopSignal((code) => {
    for (const group of groups) end(group);
    process.exit(code);
  });
}

async function outlives(group: number): Promise<boolean> {
  for (const until = Date.now() + LEFT_BEHIND_MS; Date.now() < until; await delay(50)) {
    try {
      process.kill(-group, 0);
    } catch {
      return false;
    }
  }
  return true;
}

/** Runs a command to its end, as the leader of a process group, to see whether it cleans up after itself. */
export async function runInGroup(
  [command = '', ...args]: string[],
  { cwd, env, timeoutMs }: { cwd: string; env: NodeJS.ProcessEnv; timeoutMs: number },
): Promise<Ended> {
  const child = spawn(command, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  let output = '';
  const keep = (chunk: Buffer) => (output += chunk.toString());
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  // Told by the missing process id.
  child.on('error', () => undefined);
  const group = child.pid;
  if (group === undefined) return { code: null, output: `${command} did not start`, hasLeftBehind: false };
  groups.add(group);
  const late = setTimeout(() => {
    keep(Buffer.from(`\nended after ${timeoutMs / 1000} s`));
    end(group);
  }, timeoutMs);
  const closed = once(child, 'close');
  // Not yet `close`: whoever is left behind holds the pipes.
  const [code] = (await once(child, 'exit')) as [number | null];
  clearTimeout(late);
  const hasLeftBehind = await outlives(group);
  if (hasLeftBehind) end(group);
  await Promise.race([closed, delay(LEFT_BEHIND_MS, undefined, { ref: false })]);
  groups.delete(group);
  return { code, output: output.replace(COLOURS, ''), hasLeftBehind };
}
