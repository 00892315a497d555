import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';

/** Ends a child by a signal, and by SIGKILL where it has not ended `seconds` later. */
export async function endChild(
  child: ChildProcess | undefined,
  signal: NodeJS.Signals,
  seconds: number,
): Promise<void> {
  if (!child || child.exitCode !== null || child.signalCode !== null) return;
  const hard = setTimeout(() => child.kill('SIGKILL'), seconds * 1000);
  const exit = once(child, 'exit');
  child.kill(signal);
  await exit;
  clearTimeout(hard);
}
