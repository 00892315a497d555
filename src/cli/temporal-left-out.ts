import { CliError } from './cli-error';
import type { WholeProfile } from './temporal-file';

const set = (name: string): string | undefined => process.env[name] || undefined;

/** What the `temporal` command does and the SDK does not: the loader leaves it out without a word. */
interface LeftOut {
  /** The profile, where there is one. */
  profile: WholeProfile | undefined;
  /** How it is called in errors. */
  inProfile: string;
}

/** Without the codec what is reported would be written unencrypted. @throws CliError where a codec server is set */
export function refuseCodec({ profile, inProfile }: LeftOut): void {
  const { endpoint, auth } = profile?.codec ?? {};
  const variable = ['TEMPORAL_CODEC_ENDPOINT', 'TEMPORAL_CODEC_AUTH'].find(set);
  const from = variable ?? (endpoint !== undefined || auth !== undefined ? `${inProfile}: codec` : undefined);
  if (from === undefined) return;
  throw new CliError(
    `${from} is set, but codec servers are not supported, and payloads would not be encrypted: set --plugins to the module that exports the plugin with the codec of your workers`,
  );
}

/** @throws CliError where the certificate of the server is not to be verified */
export function refuseUnverified({ profile, inProfile }: LeftOut): void {
  const variable = 'TEMPORAL_TLS_DISABLE_HOST_VERIFICATION';
  const ofVariable = set(variable);
  const isSet = !['false', '0', undefined].includes(ofVariable);
  // The variable counts over the profile.
  const isInProfile = ofVariable === undefined && profile?.tls?.disable_host_verification === true;
  if (!isSet && !isInProfile) return;
  throw new CliError(
    `${isSet ? variable : `${inProfile}: tls.disable_host_verification`} is set, but the certificate of the server is always verified: remove it, and set --tls-ca-path to the CA of the server, or --tls-server-name to the name in its certificate`,
  );
}
