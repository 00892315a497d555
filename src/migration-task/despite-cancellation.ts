import { CancellationScope } from '@temporalio/workflow';

/**
 * Does work that a cancellation must not end, such as the report of an end. Where the scope of the caller is cancelled, before or
 * meanwhile, it rejects with that cancellation once the work is over, whatever became of it.
 */
export async function despiteCancellation<T>(work: () => Promise<T>): Promise<T> {
  const scope = CancellationScope.current();
  const done = CancellationScope.nonCancellable(work);
  await done.catch(() => undefined);
  return scope.consideredCancelled ? scope.cancelRequested : done;
}
