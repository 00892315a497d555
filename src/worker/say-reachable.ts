import { Runtime } from '@temporalio/worker';
import type { MigrationHubApi } from '../migration-hub/api';
import { isNotPermitted, MigrationHubError } from '../migration-hub/errors';

/** The stream of the dry run: nothing is created. */
const CHECK_STREAM = 'temporal-migration-hub-check';

/** Logs whether Migration Hub can be told anything, by one dry run. Nothing waits for it: the workers serve either way. */
export async function sayReachable(hub: MigrationHubApi, endpoint: string, abortSignal: AbortSignal): Promise<void> {
  const { logger } = Runtime.instance();
  try {
    await hub.createProgressUpdateStream(CHECK_STREAM, { dryRun: true, abortSignal });
    logger.info(`Migration Hub at ${endpoint} answers, and takes the credentials of this worker`);
  } catch (error) {
    if (abortSignal.aborted) return;
    const { type } = error instanceof MigrationHubError ? error.failure : { type: '' };
    if (isNotPermitted(type)) {
      logger.info(
        `Migration Hub at ${endpoint} answers; the dry run of CreateProgressUpdateStream for ${CHECK_STREAM} was denied. If the policy names your streams, this is expected. Otherwise allow mgh:CreateProgressUpdateStream on progressUpdateStream/*`,
      );
      return;
    }
    logger.warn(
      `the first call to Migration Hub at ${endpoint} failed; reports are kept and tried again: ${(error as Error).message}`,
    );
  }
}
