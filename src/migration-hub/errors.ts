import type { NotifyFailure } from '../task-state';
import { withMend } from './mends';

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
  InvalidClientTokenId: 'operator',
  MissingAuthenticationTokenException: 'operator',
  IncompleteSignatureException: 'operator',
  // The AWS client has set its clock right by the answer.
  InvalidSignatureException: 'backoff',
  SignatureDoesNotMatch: 'backoff',
  RequestTimeTooSkewed: 'backoff',
  RequestExpired: 'backoff',
  TimeoutError: 'backoff',
  AccessDenied: 'operator',
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

/** By the name of an error: the credentials are known, and hold for what is permitted. */
export const isNotPermitted = (name: string): boolean => /^(AccessDenied|UnauthorizedOperation)/.test(name);

interface ErrorLike {
  name?: unknown;
  message?: unknown;
  code?: unknown;
  errors?: unknown;
  RetryAfterSeconds?: unknown;
  $metadata?: { httpStatusCode?: number };
  $response?: { statusCode?: number; headers?: Record<string, string>; body?: unknown };
}

/** Recognises an error by name and HTTP status, never by class: two SDK versions may be installed. */
export function toFailure(error: unknown): NotifyFailure {
  if (error instanceof MigrationHubError) return error.failure;
  const e = (typeof error === 'object' && error !== null ? error : {}) as ErrorLike;
  const name = typeof e.name === 'string' ? e.name : 'UnknownError';
  const message = messageOf(error, e);
  const status = e.$response?.statusCode ?? e.$metadata?.httpStatusCode;
  const retryAfterSeconds = retryAfter(e);
  const failure = (type: string, retry: NotifyFailure['retry'], text = message, cause = type): NotifyFailure => ({
    type,
    message: withMend(text, cause, type),
    retry,
    ...(retryAfterSeconds !== undefined && { retryAfterSeconds }),
  });
  const code = typeof e.code === 'string' ? e.code : '';
  if (/CERT|SELF_SIGNED|^UNABLE_TO_/.test(code)) return failure('TlsError', 'operator', `${code}: ${message}`, code);
  // The SDK calls a reset connection a TimeoutError; its code tells better. What Node finds invalid was not sent.
  if (/^E(?!RR_INVALID)[A-Z_]+$/.test(code)) return failure('NetworkError', 'backoff', `${code}: ${message}`, code);
  const known = ERROR_TABLE[name];
  if (known && known !== 'success') return failure(name, known);
  if (/rate exceeded|too many requests/i.test(message + bodyText(e)) || status === 429)
    return failure('ThrottlingException', 'backoff');
  // A page, where JSON was to come.
  const isPage = name === 'SyntaxError' || /html/.test(e.$response?.headers?.['content-type'] ?? '');
  const text = status === undefined ? message : `HTTP ${status}: ${message}`;
  if (status !== undefined && status >= 500)
    return failure('ServiceUnavailableException', 'backoff', text, isPage ? 'UnparseableAnswer' : undefined);
  if (isPage) return failure('UnparseableAnswer', 'backoff', text);
  // An error nobody named here is likelier a passing one than a reason to go silent.
  return failure(name, 'backoff');
}

/** Why a call could not be signed, by the error of the credentials; `source`: whom they were asked of. */
export function noCredentials(error: unknown, source?: string): NotifyFailure {
  const type = 'CredentialsProviderError';
  const { name, message } = error as Error;
  const text = ['no credentials', ...(name === type || name === 'TimeoutError' ? [] : [name]), message].join(': ');
  return {
    type,
    message: withMend(source ? `${text}, ${source}` : text, type),
    // A slow source may have answered by the next try.
    retry: name === 'TimeoutError' ? 'backoff' : 'operator',
  };
}

/** Where all addresses of a host refuse, the error itself has no message. */
function messageOf(error: unknown, { message, errors }: ErrorLike): string {
  if (Array.isArray(errors) && !message) return errors.map((each: Error) => each.message).join(', ');
  // What the AWS client adds below is about its own code.
  return (typeof message === 'string' ? message : String(error)).trim().split('\n', 1)[0] ?? '';
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
