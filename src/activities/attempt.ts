import { CancelledFailure } from '@temporalio/activity';
import type { CallOptions } from '../migration-hub/api';
import { toFailure } from '../migration-hub/errors';
import type { NotifyFailure } from '../task-state';

/**
 * Makes one call, where it may be sent, and returns its failure as a value, undefined for success.
 * @throws CancelledFailure when the call ended because the activity was cancelled, so that it ends as cancelled, not as failed.
 */
export async function attempt(
  { abortSignal, beforeSending }: CallOptions,
  call: () => Promise<unknown>,
): Promise<NotifyFailure | undefined> {
  try {
    // The AWS client asks again, at the last moment; a hub of the user's own need not.
    beforeSending?.();
    await call();
    return undefined;
  } catch (error) {
    if (abortSignal?.aborted) throw new CancelledFailure('the call was cut off: its activity was cancelled');
    return toFailure(error);
  }
}
