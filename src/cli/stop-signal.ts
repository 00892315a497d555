import { constants } from 'node:os';
import process, { exit } from 'node:process';
import { note } from './output';

/** npm passes on to us what the terminal has sent to both: it counts as one. */
const SAME_MS = 1000;
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Calls `stop` at the first SIGINT, SIGTERM or SIGHUP; one that comes later ends the process at once. Gives what ends that, where no
 * signal has come: one that npm still passes on must not end a process that is about to end with its own exit code.
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

/** Aborted by the first of these signals, for what is then stopped in order; that is said. */
export function stopSignal(): AbortSignal {
  const stop = new AbortController();
  onStopSignal(() => {
    note('stopping; Ctrl-C again exits at once');
    stop.abort(new Error('interrupted'));
  });
  return stop.signal;
}
