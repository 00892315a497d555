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

/** Whether it is an endpoint of AWS, not that of an emulator. */
export const isOfAws = (endpoint: string): boolean =>
  /\.(amazonaws\.com(\.cn)?|api\.aws)$/.test(new URL(endpoint).hostname);

/** Where the region of a client comes from is the client's affair; this is how it can be given. */
const SET_THE_REGION = `set AWS_REGION, the option region, or the region of the AWS profile to the Migration Hub home region, one of ${HOME_REGIONS.join(', ')}`;

/**
 * Of option and variables the first that is set counts; a variable that is set to nothing is not set.
 * @throws ConfigurationError unless it is http or https, and for switches that are neither true nor false: the AWS client passes over them
 */
export function checkEndpointSetting(option: string | undefined): void {
  for (const name of ['AWS_USE_FIPS_ENDPOINT', 'AWS_USE_DUALSTACK_ENDPOINT'])
    if (!['true', 'false', ''].includes(process.env[name] ?? ''))
      throw new ConfigurationError(`${name} is "${process.env[name]}", but it must be true or false`);
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
  const region = await regionOf(client);
  let request: { protocol: string; hostname: string; port?: number; path: string } | undefined;
  const command = new ListProgressUpdateStreamsCommand({});
  command.middlewareStack.add(
    () => (args) => {
      request = (args as { request?: typeof request }).request;
      return Promise.reject(new Error('not sent'));
    },
    { step: 'build', name: 'resolveEndpointOnly' },
  );
  const middleware = client.middlewareStack.clone();
  // It would ask for credentials, which may take for ever, and which the endpoint does not depend on.
  middleware.remove('httpAuthSchemeMiddleware');
  let failure: unknown;
  await command
    .resolveMiddleware(
      middleware as never,
      client.config as never,
      {},
    )(command as never)
    .catch((error: unknown) => (failure = error));
  if (!request) throw new ConfigurationError(whyNone((failure as Error).message));
  const { protocol, hostname, port, path } = request;
  const endpoint = `${protocol}//${hostname}${port ? `:${port}` : ''}${path.replace(/\/+$/, '')}`;
  if (!/^https?:$/.test(protocol))
    throw new ConfigurationError(
      `endpoint_url of the AWS profile is "${endpoint}", but it must be an http or https URL: write it as http://127.0.0.1:4599`,
    );
  if (!HOME_REGIONS.includes(region) && ENDPOINT_OF_A_REGION.test(endpoint))
    throw new ConfigurationError(`the region is ${region}, which has no Migration Hub: ${SET_THE_REGION}`);
  return endpoint;
}

function whyNone(message: string): string {
  const [, kind] = /(FIPS|Dualstack) and custom endpoint/i.exec(message) ?? [];
  if (!kind)
    return `the AWS client finds no endpoint (${message}): look at endpoint_url of the AWS profile, AWS_USE_FIPS_ENDPOINT and AWS_USE_DUALSTACK_ENDPOINT`;
  const setting = `use_${kind.toLowerCase()}_endpoint`;
  return `AWS_${setting.toUpperCase()} (or ${setting} of the AWS profile) is true, which no endpoint of your own goes with: unset one of them`;
}

/** @throws ConfigurationError where there is none */
async function regionOf(client: MigrationHubClient): Promise<string> {
  const profile = process.env['AWS_PROFILE'] || 'default';
  const emptied =
    process.env['AWS_REGION'] === '' ? ' (it is there, but empty, which hides that of the AWS profile)' : '';
  const region = await client.config.region().catch(() => '');
  if (region) return region;
  throw new ConfigurationError(
    `AWS_REGION is not set${emptied}, and the AWS profile "${profile}" names no region: ${SET_THE_REGION}`,
  );
}

/** The URL of an IPv6 address has brackets, for which the AWS client of today's oldest version would ask DNS. */
export function usableHost(client: object): void {
  (client as MigrationHubClient).middlewareStack.add(
    (next) => (args) => {
      const request = args.request as { hostname?: string };
      // Signature and host header are made.
      if (request.hostname?.startsWith('[')) request.hostname = request.hostname.slice(1, -1);
      return next(args);
    },
    { step: 'deserialize', name: 'usableHost', priority: 'low' },
  );
}
