const LOOK_MS = 500;

/**
 * npx runs us in a shell. It passes a signal on to that, which ends, and not to us: we would go on with nobody left to end us. So we
 * take the end of the shell for the signal.
 */
export function endWithNpx({ npm_lifecycle_event, npm_lifecycle_script }: NodeJS.ProcessEnv = process.env): void {
  // Programs that npx runs may start us, too, and end before us.
  if (npm_lifecycle_event !== 'npx' || !npm_lifecycle_script?.includes('temporal-migration-hub')) return;
  const shell = process.ppid;
  setInterval(() => process.ppid !== shell && process.kill(process.pid, 'SIGTERM'), LOOK_MS).unref();
}
