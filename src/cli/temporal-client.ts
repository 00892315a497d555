/** @module What is loaded only to reach the Temporal server: the help, and the list of commands, need none of it. */
export { Client, Connection } from '@temporalio/client';
export { MigrationHubClient } from '../client/migration-hub-client';
export { temporalSettings } from './temporal-settings';
