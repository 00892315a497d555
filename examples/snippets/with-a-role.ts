import { MigrationHubClient } from '@aws-sdk/client-migration-hub';
import { fromTemporaryCredentials } from '@aws-sdk/credential-providers';

export function clientWithRole(roleArn: string, region: string): MigrationHubClient {
  const params = { RoleArn: roleArn, RoleSessionName: 'migration-hub' };
  return new MigrationHubClient({
    region,
    maxAttempts: 1,
    credentials: fromTemporaryCredentials({ params, clientConfig: { region } }),
  });
}
