import type { TemporalSettings } from '../../cli/temporal-settings';
import { ONLY_WITH_TLS, originOf } from '../../cli/temporal-tls';
import { withoutUser } from '../../migration-hub/checks';
import { regionOfProfile } from '../../migration-hub/region';
import type { OwnSettings } from './own-settings';

/** In the place of what nobody should read in a log. */
const HIDDEN = '(hidden)';

/** A setting for the log; null: it is not set. */
interface Shown {
  value: unknown;
  from: string;
}
const shown = (value: unknown, from: string): Shown => ({ value: value ?? null, from });

/** All settings, and where each came from, for the log: no key, token or password is in it. */
export async function saidSettings(own: OwnSettings, temporal: TemporalSettings): Promise<Record<string, Shown>> {
  const { region, endpoint, ...others } = own;
  return {
    ...temporalShown(temporal),
    ...(await awsShown(region, endpoint)),
    ...Object.fromEntries(
      Object.entries(others).map(([name, { value, from }]) => [name, shown(withoutSecret(value), from)]),
    ),
  };
}

/** Any URL may have a password in it. */
const withoutSecret = (value: unknown): unknown =>
  typeof value === 'string' && value.includes('://') ? withoutUser(value) : value;

function temporalShown({ address, addressFrom, namespace, namespaceFrom, ...settings }: TemporalSettings) {
  const { connectionOptions, given, fromOf } = settings;
  const { apiKey, tls, metadata } = connectionOptions;
  const { serverNameOverride, serverRootCACertificate, clientCertPair } = typeof tls === 'object' ? (tls ?? {}) : {};
  const of = (variable: string, value: unknown) => shown(value, fromOf(variable, value));
  const ofFile = (beginning: string, value: unknown) => shown(value, originOf(fromOf, beginning, value));
  // Each of them turns TLS on.
  const why = ['TEMPORAL_TLS', ...ONLY_WITH_TLS, 'TEMPORAL_API_KEY'].find(
    (name) => given.has(name) || process.env[name],
  );
  return {
    address: shown(withoutUser(address), addressFrom),
    namespace: shown(namespace, namespaceFrom),
    profile: of('TEMPORAL_PROFILE', given.get('TEMPORAL_PROFILE')?.value),
    configFile: of('TEMPORAL_CONFIG_FILE', given.get('TEMPORAL_CONFIG_FILE')?.value),
    apiKey: of('TEMPORAL_API_KEY', apiKey && HIDDEN),
    tls: shown(Boolean(tls), fromOf((tls && why) || 'TEMPORAL_TLS', tls)),
    tlsServerName: of('TEMPORAL_TLS_SERVER_NAME', serverNameOverride),
    tlsServerCa: ofFile('TEMPORAL_TLS_SERVER_CA_CERT', serverRootCACertificate && HIDDEN),
    tlsClientCertificate: ofFile('TEMPORAL_TLS_CLIENT_CERT', clientCertPair && HIDDEN),
    // Of a header the name alone may be read: many hold a token.
    grpcMeta: shown(metadata && Object.keys(metadata).sort(), metadata ? 'TEMPORAL_GRPC_META_* or profile' : 'default'),
  };
}

async function awsShown(region: OwnSettings['region'], endpoint: OwnSettings['endpoint']) {
  const variable = (name: string) => shown(process.env[name] || undefined, process.env[name] ? name : 'default');
  const profile = variable('AWS_PROFILE');
  const ofProfile = region.value === undefined ? await regionOfProfile()() : undefined;
  const inProfile = ofProfile === undefined ? 'GetHomeRegion' : `AWS profile ${String(profile.value ?? 'default')}`;
  const key = process.env['AWS_ACCESS_KEY_ID'] && !process.env['AWS_PROFILE'];
  return {
    region: region.value === undefined ? shown(ofProfile, inProfile) : shown(region.value, region.from),
    endpoint: shown(endpoint.value && withoutUser(endpoint.value), endpoint.from),
    awsProfile: profile,
    awsCaBundle: variable('AWS_CA_BUNDLE'),
    awsCredentials: key ? shown(HIDDEN, 'AWS_ACCESS_KEY_ID') : shown(undefined, 'default chain of the AWS SDK'),
  };
}
