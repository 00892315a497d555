/** @module `temporal-migration-hub`: for workers, clients and processes. Migration workflows import `temporal-migration-hub/workflow`. */
export * from './client';
export * from './worker';
