import { MigrationHubError, resourceNotFound } from '../hub/errors';
import { page, type Paged } from './paging';
import type { StoredApplication } from '../hub/stored-task';
import type { Operation } from './operation';

const shown = ({ id, status, lastUpdatedTime }: StoredApplication) => ({
  ApplicationId: id,
  ApplicationStatus: status,
  LastUpdatedTime: lastUpdatedTime,
});

/** The operations on application states. */
export const applicationOperations: Record<string, Operation> = {
  NotifyApplicationState: {
    run({ account, switches, now }, input: { ApplicationId: string; Status: string; UpdateDateTime?: number }) {
      const { applications } = account.store;
      const known = applications.get(input.ApplicationId);
      if (!known && switches.unknownApplication === 'not-found')
        throw resourceNotFound(`Application ${input.ApplicationId} does not exist.`);
      if (!known && switches.unknownApplication === 'policy-error')
        throw new MigrationHubError('PolicyErrorException', 'Application Discovery did not answer.');
      applications.set(input.ApplicationId, {
        seq: known?.seq ?? account.store.nextSeq(),
        id: input.ApplicationId,
        status: input.Status,
        lastUpdatedTime: input.UpdateDateTime ?? now(),
      });
      return {};
    },
  },

  DescribeApplicationState: {
    run({ account }, input: { ApplicationId: string }) {
      const known = account.store.applications.get(input.ApplicationId);
      if (!known) throw resourceNotFound(`Application ${input.ApplicationId} has no state.`);
      return { ApplicationStatus: known.status, LastUpdatedTime: known.lastUpdatedTime };
    },
  },

  ListApplicationStates: {
    run({ account, switches }, input: Paged & { ApplicationIds?: string[] }) {
      const wanted = input.ApplicationIds && new Set(input.ApplicationIds);
      const found = [...account.store.applications.values()].filter(({ id }) => !wanted || wanted.has(id));
      const { items, ...next } = page('applications', found, input, switches);
      return { ApplicationStateList: items.map(shown), ...next };
    },
  },
};
