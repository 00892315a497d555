import { setMaxListeners } from 'node:events';
import type { Client } from '@temporalio/client';
import { bounded } from '../async/bounded';

/**
 * What is sent to the Temporal server is waited for no longer, in milliseconds: a server, or a proxy before it, may answer pings and
 * nothing else.
 */
export const SEND_MS = 60_000;

/**
 * Calls to the Temporal server that are cut off after `ms`, or with `parent`. Many at once listen to that, and the client of the SDK
 * leaves a listener at the signal for each call: Node would warn of a leak.
 * @throws as `bounded` and `work` do
 */
export const callsWithin = <T>(
  client: Client,
  ms: number,
  parent: AbortSignal | undefined,
  work: (abortSignal: AbortSignal) => Promise<T>,
): Promise<T> =>
  bounded(ms, parent, (abortSignal) => {
    setMaxListeners(0, abortSignal, ...(parent ? [parent] : []));
    return client.withAbortSignal(abortSignal, () => work(abortSignal));
  });
