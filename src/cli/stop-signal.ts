import { exit } from 'node:process';
import { note } from './output';

/** npm passes on to us what the terminal has sent to both: it counts as one. */
const SAME_MS = 500;

/** Aborted by the first SIGINT, SIGTERM or SIGHUP, for what is then stopped in order. The second ends the process at once. */
export function stopSignal(): AbortSignal {
  const stop = new AbortController();
  let first: number | undefined;
  const onSignal = () => {
    if (first === undefined) {
      first = performance.now();
      note('stopping; Ctrl-C again exits at once');
      stop.abort(new Error('interrupted'));
    } else if (performance.now() - first > SAME_MS) exit(130);
  };
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, onSignal);
  return stop.signal;
}
