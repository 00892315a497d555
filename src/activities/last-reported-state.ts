import type { Client } from '@temporalio/client';
import type { GroupRoutes } from '../client/group-routes';
import { StateReader, type ReaderOptions } from '../client/state-reader';
import type { TaskIdentity } from '../report';
import { IDENTITY_FIELDS } from '../report/fields';
import { checked } from '../report/validate';
import type { ReportedState } from '../task-state';

/**
 * What was last reported of a task, as `MigrationHubClient` answers it, for callers in any language; null where nobody has reported it.
 * @throws InvalidReportError for what cannot be a task
 */
export async function readLastReportedState(
  routes: GroupRoutes,
  client: Client,
  input: TaskIdentity,
  options?: ReaderOptions,
): Promise<ReportedState | null> {
  const task = checked('', input, IDENTITY_FIELDS, () => undefined);
  const candidates = await routes.candidates(client, task);
  return (await new StateReader(client, options).readTask(candidates, task.migrationTaskName)).states[0] ?? null;
}
