import { constants } from 'node:os';
import process, { exit } from 'node:process';

/** npm passes on to us what the terminal has sent to both: it counts as one. */
const SAME_MS = 1000;
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Calls `stop` at the first SIGINT, SIGTERM or SIGHUP; one that comes later ends the process at once. Returns a function that removes
 * the listeners. After a signal it does nothing: npm may pass that signal on again, and this must not end the process.
 */
export function onStopSignal(stop: () => void): () => void {
  let first: number | undefined;
  const onSignal = (signal: (typeof SIGNALS)[number]) => {
    if (first === undefined) {
      first = performance.now();
      stop();
    } else if (performance.now() - first > SAME_MS) exit(128 + constants.signals[signal]);
  };
  for (const name of SIGNALS) process.on(name, onSignal);
  return () => {
    if (first === undefined) for (const name of SIGNALS) process.off(name, onSignal);
  };
}
