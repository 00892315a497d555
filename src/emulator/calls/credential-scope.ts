/**
 * The credential scope of a signature, `Credential=<key>/<date>/<region>/<service>/aws4_request` in the Authorization
 * header (AWS Signature Version 4).
 */
export interface Scope {
  /** The access key id. */
  accessKeyId: string;
  /** The date of the signature, YYYYMMDD. */
  date: string;
  /** The region that the call was signed for. */
  region: string;
  /** The signing name of the service. */
  service: string;
}

const SCOPE =
  /^AWS4-HMAC-SHA256\s+(?:.*,\s*)?Credential=([^/,\s]+)\/(\d{8})\/([a-z0-9-]+)\/([a-z0-9-]+)\/aws4_request(?:,|\s|$)/;

/** The scope in an Authorization header; undefined when there is none that can be read. */
export function scopeOf(authorization: string | undefined): Scope | undefined {
  const [, accessKeyId, date, region, service] = SCOPE.exec(authorization ?? '') ?? [];
  return accessKeyId && date && region && service ? { accessKeyId, date, region, service } : undefined;
}

/** The account of calls whose access key is not an account id, and of calls without a signature. */
export const DEFAULT_ACCOUNT = '123456789012';

/** The account of a call: its access key when that has twelve digits, else {@link DEFAULT_ACCOUNT}. */
export const accountOf = (scope: Scope | undefined): string =>
  scope && /^\d{12}$/.test(scope.accessKeyId) ? scope.accessKeyId : DEFAULT_ACCOUNT;
