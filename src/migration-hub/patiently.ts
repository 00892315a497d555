import { setTimeout as sleep } from 'node:timers/promises';
import { toFailure } from './errors';

const TRIES = 6;
const FIRST_PAUSE_SECONDS = 0.25;
/** What is likely over at the next try. Nobody at a terminal wants to wait for what is likelier a wrong setting. */
const PASSING = ['ThrottlingException', 'HeldBack', 'ServiceUnavailableException', 'InternalServerError'];

/** How long somebody waits. */
interface Patience {
  /** How often the call is made at most. @default 6 */
  most?: number;
  /** Seconds of a pause, also where Migration Hub asks for more. @default as long as it asks for */
  longestSeconds?: number;
  /** Ends the waiting. */
  signal?: AbortSignal;
}

/** Makes a call for somebody who waits for the answer: again and again while Migration Hub throttles or has trouble. */
export async function patiently<T>(call: () => Promise<T>, patience: Patience = {}): Promise<T> {
  const { most = TRIES, longestSeconds = Infinity, signal } = patience;
  for (let tries = 1; ; tries++) {
    try {
      return await call();
    } catch (error) {
      const { type, retryAfterSeconds = 0 } = toFailure(error);
      if (!PASSING.includes(type) || tries === most) throw error;
      const seconds = Math.min(longestSeconds, Math.max(retryAfterSeconds, FIRST_PAUSE_SECONDS * 2 ** (tries - 1)));
      await sleep(seconds * (1 + Math.random() / 4) * 1000, undefined, { signal });
    }
  }
}
