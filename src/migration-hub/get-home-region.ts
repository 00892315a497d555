import type { MigrationHubClient } from '@aws-sdk/client-migration-hub';
import { homeRegionEndpoint, isOfAws, resolvedEndpoint, usableHost } from './endpoint';

/** Each region of Migration Hub answers GetHomeRegion. */
export const ASKED_IN = 'us-west-2';

/**
 * GetHomeRegion of AWS Migration Hub Config: the region that the calls of an account must go to; undefined where none is set. Needs
 * `mgh:GetHomeRegion`. `client`: of Migration Hub, whose credentials and connections are used. What is not of AWS, such as the emulator,
 * is asked at the same endpoint, unless AWS_ENDPOINT_URL_MIGRATIONHUB_CONFIG names another.
 * @throws the errors of the AWS SDK
 */
export async function getHomeRegion(
  client: MigrationHubClient,
  abortSignal?: AbortSignal,
): Promise<string | undefined> {
  // Loaded only where it is asked for.
  const { GetHomeRegionCommand, MigrationHubConfigClient } = await import('@aws-sdk/client-migrationhub-config');
  const { credentials, requestHandler } = client.config;
  const endpoint = await configEndpoint(client);
  // Not destroyed: what it holds is the other client's.
  const config = new MigrationHubConfigClient({
    region: ASKED_IN,
    ...(endpoint && { endpoint }),
    credentials: credentials as never,
    requestHandler: requestHandler as never,
    maxAttempts: 1,
  });
  usableHost(config);
  return (await config.send(new GetHomeRegionCommand({}), { abortSignal })).HomeRegion;
}

/** Undefined where the AWS client finds it by itself. */
async function configEndpoint(client: MigrationHubClient): Promise<string | undefined> {
  const [, variable] = homeRegionEndpoint();
  if (variable) return undefined;
  const endpoint = await resolvedEndpoint(client);
  return isOfAws(endpoint) ? undefined : endpoint;
}
