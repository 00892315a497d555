import type { MigrationHubClient } from '@aws-sdk/client-migration-hub';
import { MigrationHubPlugin } from 'temporal-migration-hub';

/** Without `client` the plugin makes one, by variables and profiles. Either way there is one for all workers of the process. */
export const pluginWith = (client: MigrationHubClient): MigrationHubPlugin => new MigrationHubPlugin({ client });
