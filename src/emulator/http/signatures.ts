import { Hash } from '@smithy/hash-node';
import { SignatureV4 } from '@smithy/signature-v4';
import { MigrationHubError } from '../hub/errors';
import { scopeOf } from '../calls/credential-scope';

/**
 * What is asked of signatures. `off`: nothing. `format`: a Signature Version 4 of the right shape, for the service `mgh`.
 * `verify`: the same, made with one of the keys, within five minutes of the real time.
 */
export type SignatureCheck = 'off' | 'format' | { verify: Readonly<Record<string, string>> };

/** What a signature is made over. */
export interface SignedRequest {
  headers: Readonly<Record<string, string | string[] | undefined>>;
  body: string;
}

const SERVICE = 'mgh';
/** AWS documents five minutes for most services. */
const TOLERATED_SKEW_MS = 300_000;

const refusal = (type: string, message: string) => new MigrationHubError(type, message);
const invalid = (message: string) => refusal('InvalidSignatureException', message);

function timeOf(amzDate: string): Date {
  const [, y, mo, d, h, mi, s] = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(amzDate) ?? [];
  const time = new Date(`${y}-${mo}-${d}T${h}:${mi}:${s}Z`);
  if (Number.isNaN(time.getTime())) throw invalid('X-Amz-Date must look like 20260131T120000Z.');
  return time;
}

/**
 * Checks a signature. @throws MigrationHubError named as AWS names it: MissingAuthenticationTokenException,
 * IncompleteSignatureException, InvalidSignatureException, UnrecognizedClientException, RequestTimeTooSkewed
 */
export async function checkSignature(check: SignatureCheck, { headers, body }: SignedRequest): Promise<void> {
  if (check === 'off') return;
  const header = (name: string) => headers[name]?.toString();
  const authorization = header('authorization');
  if (!authorization) throw refusal('MissingAuthenticationTokenException', 'The request is not signed.');
  const scope = scopeOf(authorization);
  const signedHeaders = /SignedHeaders=([a-z0-9;-]+)/.exec(authorization)?.[1]?.split(';') ?? [];
  const signature = /Signature=([0-9a-f]{64})(?:,|\s|$)/.exec(authorization)?.[1];
  const amzDate = header('x-amz-date');
  if (!scope || !signature || !amzDate || !signedHeaders.includes('host'))
    throw refusal(
      'IncompleteSignatureException',
      'A signature needs Credential, SignedHeaders with host, Signature, and the header X-Amz-Date.',
    );
  if (scope.service !== SERVICE) throw invalid(`The credential should be scoped to the service ${SERVICE}.`);
  const signingDate = timeOf(amzDate);
  if (!amzDate.startsWith(scope.date)) throw invalid('The date of the credential scope is not that of X-Amz-Date.');
  if (check === 'format') return;

  const secretAccessKey = Object.hasOwn(check.verify, scope.accessKeyId) ? check.verify[scope.accessKeyId] : undefined;
  if (secretAccessKey === undefined)
    throw refusal('UnrecognizedClientException', 'The security token included in the request is invalid.');
  // The real time, whatever clock the emulator keeps.
  if (Math.abs(Date.now() - signingDate.getTime()) > TOLERATED_SKEW_MS)
    throw refusal('RequestTimeTooSkewed', 'The signature is more than five minutes away from the time of the server.');
  const signer = new SignatureV4({
    service: SERVICE,
    region: scope.region,
    credentials: { accessKeyId: scope.accessKeyId, secretAccessKey },
    sha256: Hash.bind(null, 'sha256') as never,
    applyChecksum: false,
  });
  const signed = await signer.sign(
    {
      method: 'POST',
      protocol: 'http:',
      hostname: 'localhost',
      path: '/',
      query: {},
      headers: Object.fromEntries(signedHeaders.map((name) => [name, header(name) ?? ''])),
      body,
    } as never,
    { signingDate, signableHeaders: new Set(signedHeaders) },
  );
  if (/Signature=([0-9a-f]{64})/.exec(signed.headers['authorization'] ?? '')?.[1] !== signature)
    throw invalid('The signature does not match: check the secret access key and what was signed.');
}
