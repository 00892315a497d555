import { setMaxListeners } from 'node:events';
import { Context } from '@temporalio/activity';

/** How a running activity is to end early. */
export interface Ending {
  /** Cuts off what runs: the worker stops, or nobody waits for the outcome any more. */
  cutOff: AbortSignal;
  /** Aborted with either: nothing more begins. */
  signal: AbortSignal;
  /** The workflow asked: what runs goes to its end, nothing more begins, and the outcome counts. */
  isAsked(): boolean;
}

/**
 * A call that the workflow no longer wants may succeed all the same: cut off, it would have to be made again, and where every
 * call is slow and every second brings a newer report, none would ever succeed.
 */
export function ending(): Ending {
  const context = Context.current();
  const signal = context.cancellationSignal;
  const cutOff = new AbortController();
  // Each of the calls at once listens.
  setMaxListeners(0, cutOff.signal, signal);
  const isAsked = () => signal.aborted && (context.cancellationDetails?.cancelRequested ?? false);
  const onAbort = () => {
    if (!isAsked()) cutOff.abort(signal.reason);
  };
  if (signal.aborted) onAbort();
  else signal.addEventListener('abort', onAbort, { once: true });
  return { cutOff: cutOff.signal, signal, isAsked };
}
