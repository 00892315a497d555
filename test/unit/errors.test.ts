import { afterEach, describe, expect, it, vi } from 'vitest';
import { ERROR_TABLE, MigrationHubError, toFailure } from '../../src/migration-hub/errors';

const named = (name: string, more: object = {}, message = 'as AWS says') =>
  Object.assign(new Error(message), { name, $metadata: { httpStatusCode: 400 } }, more);

describe('each error has its row', () => {
  const rows: Record<string, 'retry' | 'mend' | 'no-retry' | 'register' | 'success'> = {
    ThrottlingException: 'retry',
    ServiceUnavailableException: 'retry',
    InternalServerError: 'retry',
    ExpiredTokenException: 'mend',
    ExpiredToken: 'mend',
    InvalidSignatureException: 'retry',
    RequestTimeTooSkewed: 'retry',
    RequestExpired: 'retry',
    CredentialsProviderError: 'mend',
    TimeoutError: 'retry',
    AccessDeniedException: 'no-retry',
    UnauthorizedOperation: 'no-retry',
    UnrecognizedClientException: 'no-retry',
    InvalidInputException: 'no-retry',
    SerializationException: 'no-retry',
    PolicyErrorException: 'no-retry',
    HomeRegionNotSetException: 'no-retry',
    ResourceNotFoundException: 'register',
    DryRunOperation: 'success',
  };

  it('no row is missing here or there', () => {
    expect(ERROR_TABLE).toEqual(rows);
  });

  it.each(Object.entries(rows).filter(([, then]) => then !== 'success'))('%s: %s', (name, then) => {
    expect(toFailure(named(name))).toEqual({
      type: name,
      message: 'as AWS says',
      retryable: then === 'retry' || then === 'mend',
      ...(then === 'mend' && { needsMending: true }),
    });
  });

  it.each([400, 500, undefined])(
    'a known name decides, not the class and not the HTTP status: %s',
    (httpStatusCode) => {
      const plain = (name: string) => ({ name, message: 'no', $metadata: { httpStatusCode } });
      expect(toFailure(plain('AccessDeniedException'))).toMatchObject({
        type: 'AccessDeniedException',
        retryable: false,
      });
      expect(toFailure(plain('ThrottlingException'))).toMatchObject({ type: 'ThrottlingException', retryable: true });
    },
  );
});

describe('the wait that Migration Hub asks for is known', () => {
  afterEach(() => vi.useRealTimers());
  const answer = (headers: Record<string, string>) => ({ $response: { statusCode: 400, headers } });

  it.each<[string, object, number | undefined]>([
    ['RetryAfterSeconds of the body', { RetryAfterSeconds: 7 }, 7],
    ['0 in the body', { RetryAfterSeconds: 0 }, 0],
    ['the header in seconds', answer({ 'retry-after': '12' }), 12],
    ['the body before the header', { RetryAfterSeconds: 7, ...answer({ 'retry-after': '12' }) }, 7],
    ['a header that says nothing', answer({ 'retry-after': 'soon' }), undefined],
    ['a negative number in the body', { RetryAfterSeconds: -1 }, undefined],
    ['no wait at all', answer({}), undefined],
  ])('%s', (_, more, seconds) => {
    expect(toFailure(named('ThrottlingException', more)).retryAfterSeconds).toBe(seconds);
  });

  it('the header as a date, and a date that has passed as no wait', () => {
    vi.useFakeTimers({ now: new Date('2026-01-01T00:00:00Z'), toFake: ['Date'] });
    const at = (date: string) =>
      toFailure(named('ThrottlingException', answer({ 'retry-after': date }))).retryAfterSeconds;
    expect(at('Thu, 01 Jan 2026 00:01:30 GMT')).toBe(90);
    expect(at('Wed, 31 Dec 2025 23:00:00 GMT')).toBe(0);
  });
});

describe('what has no name in the table is known by its marks', () => {
  const html = (statusCode: number, body?: string) => {
    const error = new SyntaxError('Unexpected token < in JSON at position 0');
    return Object.assign(error, { $response: { statusCode, headers: { 'retry-after': '3' }, body } });
  };

  it("a load balancer's 503 page is an unavailable service, with its Retry-After", () => {
    expect(toFailure(html(503))).toEqual({
      type: 'ServiceUnavailableException',
      message: 'HTTP 503: Unexpected token < in JSON at position 0',
      retryable: true,
      retryAfterSeconds: 3,
    });
  });

  it('a page that does not parse is tried again whatever its status', () => {
    expect(toFailure(new SyntaxError('Unexpected end'))).toMatchObject({ type: 'UnparseableAnswer', retryable: true });
    expect(toFailure(html(200))).toMatchObject({ type: 'UnparseableAnswer', retryable: true });
  });

  it.each<[string, unknown]>([
    ['status 429', named('Error', { $metadata: { httpStatusCode: 429 } })],
    ['an unknown name with status 429', named('TooManyRequestsException', { $response: { statusCode: 429 } })],
    ['the text "Rate exceeded" under an unknown name', named('UnknownError', {}, 'Rate exceeded')],
    ['the text "Too many requests"', named('UnknownError', {}, 'Too Many Requests')],
    ['the text in a body that does not parse', html(400, '<h1>Rate exceeded</h1>')],
    ['a throttle as HTML', html(429)],
  ])('%s is a throttle', (_, error) => {
    expect(toFailure(error)).toMatchObject({ type: 'ThrottlingException', retryable: true });
  });

  it.each(['ECONNRESET', 'ECONNREFUSED', 'EPIPE', 'ENOTFOUND', 'ETIMEDOUT'])('%s is a network error', (code) => {
    expect(toFailure(Object.assign(new Error('socket hang up'), { code }))).toEqual({
      type: 'NetworkError',
      message: `${code}: socket hang up`,
      retryable: true,
    });
  });

  it('an unknown 5xx is an unavailable service', () => {
    expect(toFailure(named('Whatever', { $metadata: { httpStatusCode: 502 } }))).toMatchObject({
      type: 'ServiceUnavailableException',
      message: 'HTTP 502: as AWS says',
      retryable: true,
    });
  });

  it.each([[named('BrandNewException')], ['a string'], [undefined], [null], [42], [{}]])(
    'an unknown error is tried again: %s',
    (error) => {
      expect(toFailure(error)).toMatchObject({ retryable: true });
    },
  );

  it('a message of any length is kept short', () => {
    expect(toFailure(named('AccessDeniedException', {}, 'x'.repeat(1e6))).message).toHaveLength(500);
  });
});

it('the error a caller sees begins with the AWS name', () => {
  const error = new MigrationHubError(toFailure(named('AccessDeniedException')));
  expect(error).toMatchObject({ name: 'MigrationHubError', message: 'AccessDeniedException: as AWS says' });
});
