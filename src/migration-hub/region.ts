import { MigrationHubClient } from '@aws-sdk/client-migration-hub';
import { ConfigurationError } from '../report/configuration-error';
import { SET_THE_REGION } from './checks';

/** The region that the AWS client finds where none is given to it: that of the AWS profile; undefined where that has none. */
export function regionOfProfile(): () => Promise<string | undefined> {
  // A variable that is set to nothing hides the profile.
  const find = async () => (await new MigrationHubClient({}).config.region().catch(() => '')) || undefined;
  let found: Promise<string | undefined> | undefined;
  return () => (found ??= find());
}

/** That of a client of the user's own. @throws ConfigurationError where it has none */
export async function regionOfClient(client: MigrationHubClient): Promise<string> {
  const region = await client.config.region().catch(() => '');
  if (region) return region;
  throw new ConfigurationError(`the client names no region: give it one, or ${SET_THE_REGION}`);
}
