const LOOK_MS = 500;

/**
 * npx runs us in a shell. It passes a signal on to that, which ends, and not to us: we would go on with nobody left to end us. So we
 * take the end of the shell for the signal, unless we have it already, from the terminal.
 */
export function endWithNpx(): void {
  const { npm_lifecycle_event: event, npm_lifecycle_script: script } = process.env;
  // Programs that npx runs may start us, too, and end before us.
  if (event !== 'npx' || !script?.includes('temporal-migration-hub')) return;
  const shell = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === shell) return;
    clearInterval(timer);
    process.kill(process.pid, 'SIGTERM');
  }, LOOK_MS).unref();
  // A second one would mean: at once.
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => {
      clearInterval(timer);
      // Most commands do not wait for signals, and end by them.
      if (process.listenerCount(signal) === 0) process.kill(process.pid, signal);
    });
}
