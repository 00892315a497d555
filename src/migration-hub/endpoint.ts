import { ListProgressUpdateStreamsCommand, type MigrationHubClient } from '@aws-sdk/client-migration-hub';
import { ConfigurationError } from '../report/configuration-error';

/** Regions that can be a home region (AWS general reference, Migration Hub endpoints). */
export const HOME_REGIONS = [
  'us-east-1',
  'us-west-2',
  'ap-southeast-2',
  'ap-northeast-1',
  'eu-central-1',
  'eu-west-1',
  'eu-west-2',
];

/** What the AWS client makes of a region, when no endpoint is set. */
const ENDPOINT_OF_A_REGION = /^https:\/\/mgh(-fips)?\.[^.]+\.(amazonaws\.com|api\.aws)/;

/** Of option and variables the first that is set; a variable that is set to nothing is not set. @throws ConfigurationError unless it is http or https */
export function checkEndpointSetting(option: string | undefined): void {
  const variables = ['AWS_ENDPOINT_URL_MIGRATION_HUB', 'AWS_ENDPOINT_URL'];
  const settings = [['endpoint', option], ...variables.map((name) => [name, process.env[name]])] as const;
  const [name, value] = settings.find(([, each]) => each) ?? [];
  if (value && !(/^https?:\/\/./i.test(value) && URL.canParse(value)))
    throw new ConfigurationError(
      `${name} is "${value}", but it must be an http or https URL: write it as http://127.0.0.1:4599`,
    );
}

/**
 * Asks the client where it would send a call to; nothing is sent. Only the client knows whether a profile of the AWS
 * configuration files names another endpoint, so what depends on that is checked here.
 * @throws ConfigurationError when Migration Hub cannot be there
 */
export async function resolvedEndpoint(client: MigrationHubClient): Promise<string> {
  let request: { protocol: string; hostname: string; port?: number; path: string } | undefined;
  const command = new ListProgressUpdateStreamsCommand({});
  command.middlewareStack.add(
    () => (args) => {
      request = (args as { request?: typeof request }).request;
      return Promise.reject(new Error('not sent'));
    },
    // Before anything is signed: no credentials are asked for.
    { step: 'build', name: 'resolveEndpointOnly' },
  );
  let failure: unknown;
  await client.send(command).catch((error: unknown) => (failure = error));
  if (!request)
    throw new ConfigurationError(
      `the AWS client finds no endpoint (${(failure as Error).message}): look at endpoint_url of the AWS profile, AWS_USE_FIPS_ENDPOINT and AWS_USE_DUALSTACK_ENDPOINT`,
    );
  const { protocol, hostname, port, path } = request;
  const endpoint = `${protocol}//${hostname}${port ? `:${port}` : ''}${path.replace(/\/+$/, '')}`;
  if (!/^https?:$/.test(protocol))
    throw new ConfigurationError(
      `endpoint_url of the AWS profile is "${endpoint}", but it must be an http or https URL: write it as http://127.0.0.1:4599`,
    );
  const region = await client.config.region();
  if (!HOME_REGIONS.includes(region) && ENDPOINT_OF_A_REGION.test(endpoint))
    throw new ConfigurationError(
      `AWS_REGION is ${region}, which has no Migration Hub: use the home region, one of ${HOME_REGIONS.join(', ')}`,
    );
  return endpoint;
}
