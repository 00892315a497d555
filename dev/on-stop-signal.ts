/** Calls `stop` once for a SIGINT or SIGTERM, with the exit code that says so; the process does not end by itself then. */
export function onStopSignal(stop: (code: number) => void): void {
  process.once('SIGINT', () => stop(130));
  process.once('SIGTERM', () => stop(143));
}
