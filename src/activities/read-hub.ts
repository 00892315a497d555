import { cancellationSignal } from '@temporalio/activity';
import type { CallOptions, MigrationHubApi, TaskUpdate } from '../migration-hub/api';
import type { SourceResource, TaskIdentity } from '../report';
import { IDENTITY_FIELDS } from '../report/fields';
import { orInvalidReport } from '../report/or-invalid-report';
import { checked } from '../report/validate';
import { asApplicationFailure } from './as-application-failure';
import { attempt } from './attempt';

/** Of a list so much is read: with the longest details it fits one payload. */
const MOST = 100;

/** The activities that read what Migration Hub holds of a task, by operations that clients of AWS have since December 2024. */
export function createReadActivities(hub: MigrationHubApi) {
  const read = async <T>(given: TaskIdentity, call: (task: TaskIdentity, options: CallOptions) => Promise<T[]>) => {
    const task = orInvalidReport(() => checked('', given, IDENTITY_FIELDS, () => undefined));
    const options = { abortSignal: cancellationSignal() };
    let found: T[] = [];
    const failure = await attempt(options, async () => {
      found = await call(task, options);
    });
    if (failure) throw asApplicationFailure(failure);
    return found;
  };
  return {
    /** ListSourceResources: at most 100. */
    listSourceResources: (task: TaskIdentity): Promise<SourceResource[]> =>
      read(task, async (each, options) => hub.listSourceResources(each, MOST, options)),
    /** ListMigrationTaskUpdates: the first 100, in the order of Migration Hub. */
    listMigrationTaskUpdates: (task: TaskIdentity): Promise<TaskUpdate[]> =>
      read(task, async (each, options) => hub.listMigrationTaskUpdates(each, MOST, options)),
  };
}
