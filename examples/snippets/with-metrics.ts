import { Registry } from 'prom-client';
import { MigrationHubPlugin } from 'temporal-migration-hub';

export const registry = new Registry();
export const plugin = new MigrationHubPlugin({ region: 'us-west-2', metrics: { registry } });
