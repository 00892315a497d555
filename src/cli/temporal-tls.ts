import { readFileSync } from 'node:fs';
import { createSecureContext } from 'node:tls';
import type { ClientConfigProfile, ConfigDataSource } from '@temporalio/envconfig';
import { cannotRead, CliError } from './cli-error';
import type { FromOf } from './temporal-options';

type Tls = NonNullable<ClientConfigProfile['tls']>;
/** Bytes, and who gave them. */
interface Part {
  data: Uint8Array;
  from: string;
}

/** What OpenSSL says of a certificate and its key, and what that means. */
const WRONG: [pattern: RegExp, words: string][] = [
  [/key values mismatch/i, 'the key is not that of the certificate'],
  [/no start line|unsupported|not enough data|wrong tag/i, 'one of them is not in PEM format, or they are swapped'],
];

/** PEM of a key with a passphrase, in the two forms that OpenSSL writes. Its own words for it differ from call to call. */
const ENCRYPTED = /-----BEGIN ENCRYPTED PRIVATE KEY-----|Proc-Type: 4,ENCRYPTED/;

/** The settings of TLS with what is in their files. @throws CliError naming the setting of what cannot be read or used */
export function readTls(tls: Tls, fromOf: FromOf): Tls {
  if (tls.disabled) {
    refuseWithoutTls(fromOf);
    return tls;
  }
  const read = (source: ConfigDataSource | undefined, beginning: string): Part | undefined => {
    const from = originOf(fromOf, beginning, tls);
    return source && { data: bytesOf(source, from), from };
  };
  const ca = read(tls.serverCACert, 'TEMPORAL_TLS_SERVER_CA_CERT');
  const certificate = read(tls.clientCert, 'TEMPORAL_TLS_CLIENT_CERT');
  const key = read(tls.clientKey, 'TEMPORAL_TLS_CLIENT_KEY');
  if (ca && !/-----BEGIN ([A-Z0-9]+ )?CERTIFICATE-----/.test(Buffer.from(ca.data).toString('latin1')))
    throw new CliError(`${ca.from}: there is no certificate in PEM format in it`);
  checkPair(certificate, key);
  return { ...tls, serverCACert: ca, clientCert: certificate, clientKey: key };
}

/** Where a certificate or key came from, whose variables begin so: it may be in a file or in the variable. */
export function originOf(fromOf: FromOf, beginning: string, value: unknown): string {
  const names = [`${beginning}_PATH`, `${beginning}_DATA`];
  return fromOf(names.find((name) => fromOf(name, undefined) !== 'default') ?? beginning, value);
}

/** The variables of TLS, but for the one that turns it on and off. */
export const ONLY_WITH_TLS = [
  ...['SERVER_CA_CERT', 'CLIENT_CERT', 'CLIENT_KEY'].flatMap((name) => [`${name}_PATH`, `${name}_DATA`]),
  'SERVER_NAME',
].map((name) => `TEMPORAL_TLS_${name}`);

/** @throws CliError where TLS is off, and something is set that is of use only with it */
function refuseWithoutTls(fromOf: FromOf): void {
  const unused = ONLY_WITH_TLS.find((name) => fromOf(name, undefined) !== 'default');
  if (unused === undefined) return;
  const from = fromOf('TEMPORAL_TLS', true);
  const off = from.startsWith('profile') ? `${from}: tls.disabled` : from;
  throw new CliError(`${fromOf(unused, undefined)} is set, but ${off} turns TLS off: remove one of them`);
}

function bytesOf(source: ConfigDataSource, from: string): Uint8Array {
  if ('data' in source) return typeof source.data === 'string' ? Buffer.from(source.data) : source.data;
  try {
    return readFileSync(source.path);
  } catch (error) {
    throw cannotRead(`${from}: ${source.path}`, error);
  }
}

/** The loader passes over one without the other; the TLS of Node throws for what it cannot use only when it connects. */
function checkPair(certificate: Part | undefined, key: Part | undefined): void {
  const one = certificate ?? key;
  if (!one) return;
  if (!certificate || !key)
    throw new CliError(
      `${one.from}: a client certificate and its key are used only together: set both --tls-cert-path and --tls-key-path, or neither`,
    );
  const both = [...new Set([certificate.from, key.from])].join(' and ');
  if (ENCRYPTED.test(Buffer.from(key.data).toString('latin1')))
    throw new CliError(`${both}: the key has a passphrase: decrypt it (openssl pkey -in FILE -out FILE)`);
  try {
    createSecureContext({ cert: Buffer.from(certificate.data), key: Buffer.from(key.data) });
  } catch (error) {
    const { message } = error as Error;
    const why = WRONG.find(([pattern]) => pattern.test(message))?.[1] ?? message.replace(/^.*::/, '');
    throw new CliError(`${both}: ${why}`);
  }
}
