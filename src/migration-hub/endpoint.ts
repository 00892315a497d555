import { ListProgressUpdateStreamsCommand, type MigrationHubClient } from '@aws-sdk/client-migration-hub';
import { ConfigurationError } from '../report/configuration-error';
import { checkEndpointUrl, HOME_REGIONS, SET_THE_REGION } from './checks';

/** What the AWS client makes of a region, when no endpoint is set. */
const ENDPOINT_OF_A_REGION = /^https:\/\/mgh(-fips)?\.[^.]+\.(amazonaws\.com|api\.aws)/;

/**
 * Of option and variables the first that is set counts; a variable that is set to nothing is not set.
 * @throws ConfigurationError unless it is http or https, and for switches that are neither true nor false: the AWS client passes over them
 */
export function checkEndpointSetting(option: string | undefined): void {
  for (const name of ['AWS_USE_FIPS_ENDPOINT', 'AWS_USE_DUALSTACK_ENDPOINT'])
    if (!['true', 'false', ''].includes(process.env[name] ?? ''))
      throw new ConfigurationError(`${name} is "${process.env[name]}", but it must be true or false`);
  for (const [name, value] of [endpointSetting(option), homeRegionEndpoint()]) if (value) checkEndpointUrl(name, value);
}

type Named = [name: string, value: string | undefined];
const firstSet = (settings: Named[]): Named => settings.find(([, value]) => value) ?? ['endpoint', undefined];
const variables = (...names: string[]) => names.map((name): Named => [name, process.env[name]]);

/** The endpoint of Migration Hub, where an option or a variable has it. */
const endpointSetting = (option: string | undefined): Named =>
  firstSet([['endpoint', option], ...variables('AWS_ENDPOINT_URL_MIGRATION_HUB', 'AWS_ENDPOINT_URL')]);

/** That of AWS Migration Hub Config, which knows the home region. */
export const homeRegionEndpoint = (): Named =>
  firstSet(variables('AWS_ENDPOINT_URL_MIGRATIONHUB_CONFIG', 'AWS_ENDPOINT_URL'));

/** Whether it is an endpoint of AWS, not that of an emulator. */
export const isOfAws = (endpoint: string): boolean =>
  /\.(amazonaws\.com(\.cn)?|api\.aws)$/.test(new URL(endpoint).hostname);

/** Whether it is what the AWS client makes of a region. */
export const isOfARegion = (endpoint: string): boolean => ENDPOINT_OF_A_REGION.test(endpoint);

/**
 * Of a region that AWS has added meanwhile the endpoint must be named, so that no list has to be true for ever. `option`: the endpoint
 * @throws ConfigurationError where Migration Hub is not there
 */
export function checkHomeRegion(region: string, endpoint: string, option: string | undefined): void {
  if (HOME_REGIONS.includes(region) || !isOfARegion(endpoint) || endpointSetting(option)[1]) return;
  throw new ConfigurationError(
    `the region is ${region}, which has no Migration Hub: ${SET_THE_REGION}; if it has one by now, set AWS_ENDPOINT_URL_MIGRATION_HUB=${endpoint}`,
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
  return endpoint;
}

function whyNone(message: string): string {
  const [, kind] = /(FIPS|Dualstack) and custom endpoint/i.exec(message) ?? [];
  if (!kind)
    return `the AWS client finds no endpoint (${message}): look at endpoint_url of the AWS profile, AWS_USE_FIPS_ENDPOINT and AWS_USE_DUALSTACK_ENDPOINT`;
  const setting = `use_${kind.toLowerCase()}_endpoint`;
  return `AWS_${setting.toUpperCase()} (or ${setting} of the AWS profile) is true, which no endpoint of your own goes with: unset one of them`;
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
