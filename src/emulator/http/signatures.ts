import { Hash } from '@smithy/hash-node';
import { SignatureV4 } from '@smithy/signature-v4';
import { MigrationHubError } from '../hub/errors';
import { scopeOf } from '../calls/credential-scope';

/**
 * Which signatures (AWS Signature Version 4) calls must have. `off`: none. `format`: one with all its parts, for the
 * service `mgh`. `verify`: one that was made with one of the given keys, at most five minutes from the real time; the
 * keys are secret access keys by access key id.
 */
export type SignatureCheck = 'off' | 'format' | { verify: Readonly<Record<string, string>> };

/** The part of a request that a signature depends on. */
export interface SignedRequest {
  /** The headers by their names in lower case. */
  headers: Readonly<Record<string, string | string[] | undefined>>;
  /** The body as sent. */
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
 * Checks a signature.
 * @throws MigrationHubError with the names that AWS uses: MissingAuthenticationTokenException,
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
  // By the real time, not by the emulator's clock.
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
