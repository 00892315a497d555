import { setTimeout as sleep } from 'node:timers/promises';
import type { ReportedState } from '../task-state';
import type { Setup } from './setup';

const CUT = Symbol('the time is over');

/**
 * Reads tasks of the stream that is asked about, for so many milliseconds at most, until `each` has enough. Gives false where that was
 * not time enough for all.
 */
export async function readTasks(
  { hub, asked }: Setup,
  ms: number,
  each: (state: ReportedState) => boolean | void,
): Promise<boolean> {
  const states = hub.list({ progressUpdateStream: asked.stream })[Symbol.asyncIterator]();
  const cut = sleep(ms, CUT, { ref: false });
  for (;;) {
    const next = await Promise.race([states.next(), cut]);
    // What is still read ends with the connection.
    if (next === CUT) return false;
    if (next.done || each(next.value)) return true;
  }
}
