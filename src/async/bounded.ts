/** A call ended because its time was over. */
export class CallTimeoutError extends Error {
  override readonly name = 'TimeoutError';
}

/**
 * Gives `work` a signal of its own, which ends it after `ms` or with `parent`; then it is over, whatever `work` makes of the
 * signal. Nothing is left of the call: signals made by `AbortSignal.timeout` are held until their time is over, and thousands of
 * calls a second would keep what those refer to.
 * @throws CallTimeoutError when the time was over first; the parent's reason when that was aborted
 */
export async function bounded<T>(
  ms: number,
  parent: AbortSignal | undefined,
  work: (abortSignal: AbortSignal) => Promise<T>,
): Promise<T> {
  const own = new AbortController();
  let onAbort: (() => void) | undefined;
  let timer: NodeJS.Timeout | undefined;
  try {
    return await new Promise<T>((resolve, reject) => {
      const end = (error: unknown) => {
        own.abort();
        reject(error as Error);
      };
      onAbort = () => end(parent?.reason);
      timer = setTimeout(() => end(new CallTimeoutError(`no answer within ${ms / 1000} s`)), ms);
      parent?.addEventListener('abort', onAbort, { once: true });
      if (parent?.aborted) onAbort();
      else work(own.signal).then(resolve, reject);
    });
  } finally {
    clearTimeout(timer);
    if (onAbort) parent?.removeEventListener('abort', onAbort);
  }
}
