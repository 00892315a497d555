import { applicationOperations } from './applications';
import { associationOperations } from './associations';
import { homeRegionOperations } from './home-region';
import type { Operation } from './operation';
import { streamOperations } from './streams';
import { taskOperations } from './tasks';

/** All operations, by service (the prefix in X-Amz-Target) and name. */
export const operations: Record<string, Record<string, Operation>> = {
  AWSMigrationHub: { ...streamOperations, ...taskOperations, ...associationOperations, ...applicationOperations },
  AWSMigrationHubMultiAccountService: homeRegionOperations,
};
