import type { NativeConnection, WorkerOptions } from '@temporalio/worker';

/** The part of `WorkerOptions` that decides where the workers run. */
export type WorkerConnection = Pick<WorkerOptions, 'namespace' | 'dataConverter' | 'maxCachedWorkflows'> & {
  connection: NativeConnection;
};
