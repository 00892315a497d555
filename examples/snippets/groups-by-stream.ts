import { MigrationHubPlugin } from 'temporal-migration-hub';

export const plugin = new MigrationHubPlugin({ region: 'us-west-2', groups: { DatacenterExit: 20, Databases: 0 } });
