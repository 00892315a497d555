import { MigrationHubClient } from '@aws-sdk/client-migration-hub';
import { checkNumber } from '../report/configuration-error';
import type { CallOptions, MigrationHubApi } from './api';
import { applicationCommands } from './application-commands';
import { bounded } from '../async/bounded';
import { agents } from './agents';
import { Credentials } from './credentials';
import { checkAwsVariables, checkRegionName } from './checks';
import { checkEndpointSetting, checkHomeRegion, isOfARegion, resolvedEndpoint, usableHost } from './endpoint';
import { ERROR_TABLE, MigrationHubError, noCredentials, toFailure } from './errors';
import { HomeRegion, NOT_KNOWN_YET } from './home-region';
import { Pace } from './pace';
import { regionOfClient, regionOfProfile } from './region';
import { resourceCommands } from './resource-commands';
import { checked, type Send } from './send';
import { taskCommands } from './task-commands';

/** How Migration Hub is reached. */
export interface AwsMigrationHubOptions {
  /**
   * Your own `MigrationHubClient` of the AWS SDK (proxy, credentials, CA, region), used in place of ours. Give it `maxAttempts: 1`, since
   * Temporal retries. The workers do not read its credentials again if AWS refuses them, and do not destroy it.
   */
  client?: MigrationHubClient;
  /**
   * The home region of the account.
   * @default `AWS_REGION`, else `AWS_DEFAULT_REGION`, else that of the AWS profile, else what Migration Hub says (GetHomeRegion)
   */
  region?: string;
  /**
   * Another endpoint, such as the emulator's: http or https.
   * @default as the AWS client finds it (`AWS_ENDPOINT_URL_MIGRATION_HUB`, `AWS_ENDPOINT_URL`, its profile), else AWS
   */
  endpoint?: string;
  /** Seconds to connect: 0.1–5. @default 2 */
  connectionTimeoutSeconds?: number;
  /** Seconds from request to answer: 0.1–20, so that a call ends before its activity does. @default 5 */
  requestTimeoutSeconds?: number;
}

/** With defaults, and without what a client of the user's own decides. @throws ConfigurationError for a wrong number */
export function awsSettings(options: AwsMigrationHubOptions) {
  const { client, connectionTimeoutSeconds = 2, requestTimeoutSeconds = 5 } = options;
  checkNumber('connectionTimeoutSeconds', connectionTimeoutSeconds, { min: 0.1, max: 5 });
  checkNumber('requestTimeoutSeconds', requestTimeoutSeconds, { min: 0.1, max: 20 });
  const times = { connectionTimeoutSeconds, requestTimeoutSeconds };
  if (client) return { client, ...times };
  const region = options.region || process.env['AWS_REGION'] || process.env['AWS_DEFAULT_REGION'];
  return { region, endpoint: options.endpoint || undefined, ...times };
}

/** The client, what renews its credentials, and the region of its calls. */
export interface Reached {
  /** The user's own, else one that was made. */
  client: MigrationHubClient;
  /** Of a client that was made. */
  credentials?: Credentials;
  /** The home region. */
  home: HomeRegion;
  /** The region of the settings. @throws ConfigurationError where a client of the user's own has none */
  regionSet: () => Promise<string | undefined>;
}

/** Where calls go, and what makes them. */
export interface WayToMigrationHub extends Pick<MigrationHubApi, 'endpoint' | 'destroy'> {
  /** Makes one call, in one try. */
  send: Send;
}

/** How Migration Hub is reached. `limitMs`: the time of a call. @throws ConfigurationError for a wrong setting */
export function reach(settings: ReturnType<typeof awsSettings> & AwsMigrationHubOptions, limitMs: number): Reached {
  const { client: given, region, endpoint, connectionTimeoutSeconds, requestTimeoutSeconds } = settings;
  if (given) {
    const regionSet = () => regionOfClient(given);
    return { client: given, regionSet, home: new HomeRegion(() => given, regionSet, limitMs) };
  }
  checkAwsVariables();
  checkEndpointSetting(endpoint);
  if (region) checkRegionName('region', region);
  const connections = agents(connectionTimeoutSeconds * 1000);
  const credentials = new Credentials(connections);
  const regionSet = region ? () => Promise.resolve(region) : regionOfProfile();
  const home: HomeRegion = new HomeRegion(() => client, regionSet, limitMs);
  const client: MigrationHubClient = new MigrationHubClient({
    region: home.ofCalls,
    // What is not given here, variables and profiles, is left to the AWS client.
    ...(endpoint && { endpoint }),
    credentials: credentials.provider(home.ofCalls),
    maxAttempts: 1,
    requestHandler: {
      ...connections,
      connectionTimeout: connectionTimeoutSeconds * 1000,
      requestTimeout: requestTimeoutSeconds * 1000,
    } as never,
  });
  usableHost(client);
  return { client, credentials, regionSet, home };
}

/** The adapter over the AWS SDK: one try per call, since retries belong to Temporal. @throws ConfigurationError */
export function createAwsMigrationHub(options: AwsMigrationHubOptions = {}): MigrationHubApi {
  const { send, ...way } = openAwsMigrationHub(options);
  return { ...way, ...taskCommands(send), ...resourceCommands(send), ...applicationCommands(send) };
}

/** The way to Migration Hub, for any call. @throws ConfigurationError */
export function openAwsMigrationHub(options: AwsMigrationHubOptions): WayToMigrationHub {
  const settings = awsSettings(options);
  // Newer SDKs only warn when `requestTimeout` has passed, and credentials may be waited for for ever: `bounded` ends the call.
  const limitMs = (settings.connectionTimeoutSeconds + settings.requestTimeoutSeconds) * 1000;
  const { client, credentials, home, regionSet } = reach(settings, limitMs);
  const pace = new Pace();
  const call = async <T>(
    request: (own: { abortSignal: AbortSignal }) => Promise<T>,
    options: CallOptions = {},
  ): Promise<T | undefined> => {
    const { abortSignal, dryRun } = options;
    await pace.turn(options);
    let isSigned = false;
    try {
      const answer = await bounded(limitMs, abortSignal, async (own) => {
        await (credentials ? credentials.ready(client) : client.config.credentials?.());
        isSigned = true;
        await home.ready();
        return request({ abortSignal: own });
      });
      pace.ended();
      return answer;
    } catch (error) {
      // Where the home region had to be asked for first, the error is in the failure of that.
      const { name } = (error instanceof MigrationHubError ? (error.cause ?? error) : error) as Error;
      const isPermitted = dryRun && ERROR_TABLE[name] === 'success';
      const failure = isPermitted
        ? undefined
        : isSigned
          ? toFailure(error)
          : noCredentials(error, credentials?.source());
      credentials?.failed(name);
      pace.ended(failure?.type === 'ThrottlingException');
      if (failure) throw new MigrationHubError(await home.explained(error, failure), { cause: error });
      return undefined;
    }
  };
  const send: Send = (command, o) =>
    call(async (own) => (await client.send(checked(command, o) as never, own)) as never, o);
  return {
    async endpoint() {
      const region = await regionSet();
      if (region) checkRegionName('the region', region);
      else await home.ready().catch(() => undefined);
      const endpoint = await resolvedEndpoint(client);
      if (region) checkHomeRegion(region, endpoint, options.endpoint);
      return isOfARegion(endpoint) && !(await home.isKnown()) ? NOT_KNOWN_YET : endpoint;
    },
    send,
    destroy() {
      credentials?.destroy();
      home.destroy();
      if (!options.client) client.destroy();
    },
  };
}
