import { onStopSignal } from '../on-stop-signal';
import { note } from './output';

/** Aborted by the first of these signals, for what is then stopped in order; that is said. */
export function stopSignal(): AbortSignal {
  const stop = new AbortController();
  onStopSignal(() => {
    note('stopping; Ctrl-C again exits at once');
    stop.abort(new Error('interrupted'));
  });
  return stop.signal;
}
