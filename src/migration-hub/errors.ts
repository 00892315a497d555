import type { NotifyFailure } from '../task-state';

/** A call to Migration Hub failed. `failure.type` is the AWS error name, or the SDK's (`TimeoutError`), or `NetworkError`. */
export class MigrationHubError extends Error {
  override readonly name = 'MigrationHubError';
  constructor(
    /** What failed, and what to do. */
    readonly failure: NotifyFailure,
    options?: ErrorOptions,
  ) {
    super(`${failure.type}: ${failure.message}`, options);
  }
}

/** What to do after an error, by its name: rule 3 of docs/design.md as one table. `success` is that of a dry run. */
export const ERROR_TABLE: Record<string, NotifyFailure['retry'] | 'success'> = {
  ThrottlingException: 'backoff',
  ServiceUnavailableException: 'backoff',
  InternalServerError: 'backoff',
  // New credentials may come while we wait.
  ExpiredTokenException: 'operator',
  ExpiredToken: 'operator',
  CredentialsProviderError: 'operator',
  // The AWS client has set its clock right by the answer.
  InvalidSignatureException: 'backoff',
  RequestTimeTooSkewed: 'backoff',
  RequestExpired: 'backoff',
  TimeoutError: 'backoff',
  AccessDeniedException: 'operator',
  UnauthorizedOperation: 'operator',
  UnrecognizedClientException: 'operator',
  InvalidInputException: 'never',
  SerializationException: 'never',
  PolicyErrorException: 'operator',
  HomeRegionNotSetException: 'operator',
  ResourceNotFoundException: 'register',
  DryRunOperation: 'success',
};

interface ErrorLike {
  name?: unknown;
  message?: unknown;
  code?: unknown;
  RetryAfterSeconds?: unknown;
  $metadata?: { httpStatusCode?: number };
  $response?: { statusCode?: number; headers?: Record<string, string>; body?: unknown };
}

/** Recognises an error by name and HTTP status, never by class: two SDK versions may be installed. */
export function toFailure(error: unknown): NotifyFailure {
  if (error instanceof MigrationHubError) return error.failure;
  const e = (typeof error === 'object' && error !== null ? error : {}) as ErrorLike;
  const name = typeof e.name === 'string' ? e.name : 'UnknownError';
  const message = typeof e.message === 'string' ? e.message.slice(0, 500) : String(error).slice(0, 500);
  const status = e.$response?.statusCode ?? e.$metadata?.httpStatusCode;
  const retryAfterSeconds = retryAfter(e);
  const failure = (type: string, retry: NotifyFailure['retry'], text = message): NotifyFailure => ({
    type,
    message: text,
    retry,
    ...(retryAfterSeconds !== undefined && { retryAfterSeconds }),
  });
  // The SDK calls a reset connection a TimeoutError; its code tells better.
  if (typeof e.code === 'string' && /^E[A-Z]+$/.test(e.code))
    return failure('NetworkError', 'backoff', `${e.code}: ${message}`);
  const known = ERROR_TABLE[name];
  if (known && known !== 'success') return failure(name, known);
  if (/rate exceeded|too many requests/i.test(message + bodyText(e)) || status === 429)
    return failure('ThrottlingException', 'backoff');
  if (status !== undefined && status >= 500)
    return failure('ServiceUnavailableException', 'backoff', `HTTP ${status}: ${message}`);
  if (name === 'SyntaxError') return failure('UnparseableAnswer', 'backoff');
  // An error nobody named here is likelier a passing one than a reason to go silent.
  return failure(name, 'backoff');
}

function bodyText(e: ErrorLike): string {
  const body = e.$response?.body;
  return typeof body === 'string' ? body : '';
}

/** `RetryAfterSeconds` of the body, else the header `Retry-After` (seconds or a date). */
function retryAfter(e: ErrorLike): number | undefined {
  if (typeof e.RetryAfterSeconds === 'number' && e.RetryAfterSeconds >= 0) return e.RetryAfterSeconds;
  const header = e.$response?.headers?.['retry-after'];
  if (header === undefined) return undefined;
  const seconds = /^\d+$/.test(header) ? Number(header) : (Date.parse(header) - Date.now()) / 1000;
  return Number.isFinite(seconds) ? Math.max(0, seconds) : undefined;
}
