import type { MigrationHubApi } from '../migration-hub/api';
import { MigrationHubError } from '../migration-hub/errors';
import { NOT_MADE } from '../migration-hub/pace';

/** What became of a call to Migration Hub. */
export interface CallView {
  /** Of the API. */
  operation: string;
  /** `ok`, or the type of the failure. */
  outcome: string;
  /** What failed, and what to do. */
  message?: string;
  /** Since it ended. */
  ageSeconds: number;
}

/** Remembers what became of the last call to Migration Hub. */
export class LastCall {
  private last?: Omit<CallView, 'ageSeconds'> & { at: number };

  /** Undefined where there was none. */
  readonly view = (): CallView | undefined => {
    if (!this.last) return undefined;
    const { at, ...call } = this.last;
    return { ...call, ageSeconds: Math.round((performance.now() - at) / 100) / 10 };
  };

  /** The same, looked at. */
  of(hub: MigrationHubApi): MigrationHubApi {
    const looked =
      <A extends unknown[], R>(operation: string, call: (...args: A) => Promise<R>) =>
      async (...args: A): Promise<R> => {
        try {
          const answer = await call.apply(hub, args);
          this.ended(operation);
          return answer;
        } catch (error) {
          this.ended(operation, error);
          throw error;
        }
      };
    return {
      endpoint: () => hub.endpoint(),
      destroy: () => hub.destroy(),
      createProgressUpdateStream: looked('CreateProgressUpdateStream', hub.createProgressUpdateStream),
      importMigrationTask: looked('ImportMigrationTask', hub.importMigrationTask),
      putResourceAttributes: looked('PutResourceAttributes', hub.putResourceAttributes),
      describeMigrationTask: looked('DescribeMigrationTask', hub.describeMigrationTask),
      notifyMigrationTaskState: looked('NotifyMigrationTaskState', hub.notifyMigrationTaskState),
      associateDiscoveredResource: looked('AssociateDiscoveredResource', hub.associateDiscoveredResource),
      disassociateDiscoveredResource: looked('DisassociateDiscoveredResource', hub.disassociateDiscoveredResource),
      associateCreatedArtifact: looked('AssociateCreatedArtifact', hub.associateCreatedArtifact),
      disassociateCreatedArtifact: looked('DisassociateCreatedArtifact', hub.disassociateCreatedArtifact),
      associateSourceResource: looked('AssociateSourceResource', hub.associateSourceResource),
      disassociateSourceResource: looked('DisassociateSourceResource', hub.disassociateSourceResource),
      listSourceResources: looked('ListSourceResources', hub.listSourceResources),
      listMigrationTaskUpdates: looked('ListMigrationTaskUpdates', hub.listMigrationTaskUpdates),
      describeApplicationState: looked('DescribeApplicationState', hub.describeApplicationState),
      notifyApplicationState: looked('NotifyApplicationState', hub.notifyApplicationState),
    };
  }

  private ended(operation: string, error?: unknown): void {
    const failure = error instanceof MigrationHubError ? error.failure : undefined;
    if (failure && NOT_MADE.includes(failure.type)) return;
    const outcome = error === undefined ? 'ok' : (failure?.type ?? (error as Error).name);
    const at = performance.now();
    this.last = { operation, outcome, ...(error !== undefined && { message: (error as Error).message }), at };
  }
}
