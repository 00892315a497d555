import { CancelledFailure } from '@temporalio/activity';
import { MigrationHubError, toFailure } from '../migration-hub/errors';
import type { NotifyFailure } from '../task-state';

/**
 * Makes one call and returns its failure as a value, undefined for success.
 * @throws CancelledFailure when the call ended because the activity was cancelled, so that it ends as cancelled, not as failed.
 */
export async function attempt(
  abortSignal: AbortSignal | undefined,
  call: () => Promise<unknown>,
): Promise<NotifyFailure | undefined> {
  try {
    await call();
    return undefined;
  } catch (error) {
    if (abortSignal?.aborted) throw new CancelledFailure('the call was cut off: its activity was cancelled');
    return error instanceof MigrationHubError ? error.failure : toFailure(error);
  }
}
