/** Who calls and where, as the credential scope of a signature says: `Credential=<key>/<date>/<region>/<service>/aws4_request`. */
export interface Scope {
  accessKeyId: string;
  /** YYYYMMDD. */
  date: string;
  region: string;
  service: string;
}

const SCOPE =
  /^AWS4-HMAC-SHA256\s+(?:.*,\s*)?Credential=([^/,\s]+)\/(\d{8})\/([a-z0-9-]+)\/([a-z0-9-]+)\/aws4_request(?:,|\s|$)/;

/** The scope of an Authorization header; undefined where it has none that can be read. */
export function scopeOf(authorization: string | undefined): Scope | undefined {
  const [, accessKeyId, date, region, service] = SCOPE.exec(authorization ?? '') ?? [];
  return accessKeyId && date && region && service ? { accessKeyId, date, region, service } : undefined;
}

/** The account of callers that name none. */
export const DEFAULT_ACCOUNT = '123456789012';

/** An access key of twelve digits is the number of an account; any other belongs to the default one. */
export const accountOf = (scope: Scope | undefined): string =>
  scope && /^\d{12}$/.test(scope.accessKeyId) ? scope.accessKeyId : DEFAULT_ACCOUNT;
