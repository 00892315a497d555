import { afterEach, describe, expect, it, vi } from 'vitest';
import { ERROR_TABLE, MigrationHubError, toFailure } from '../../src/migration-hub/errors';

const named = (name: string, more: object = {}, message = 'as AWS says') =>
  Object.assign(new Error(message), { name, $metadata: { httpStatusCode: 400 } }, more);

describe('each error has its row', () => {
  const rows: Record<string, 'backoff' | 'operator' | 'register' | 'never' | 'success'> = {
    ThrottlingException: 'backoff',
    ServiceUnavailableException: 'backoff',
    InternalServerError: 'backoff',
    ExpiredTokenException: 'operator',
    ExpiredToken: 'operator',
    InvalidSignatureException: 'backoff',
    RequestTimeTooSkewed: 'backoff',
    RequestExpired: 'backoff',
    SignatureDoesNotMatch: 'backoff',
    CredentialsProviderError: 'operator',
    InvalidClientTokenId: 'operator',
    MissingAuthenticationTokenException: 'operator',
    IncompleteSignatureException: 'operator',
    AccessDenied: 'operator',
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

  it('no row is missing here or there', () => {
    expect(ERROR_TABLE).toEqual(rows);
  });

  it.each(Object.entries(rows).filter(([, then]) => then !== 'success'))('%s: %s', (name, then) => {
    expect(toFailure(named(name))).toEqual({
      type: name,
      message: expect.stringMatching(/^as AWS says(; .+)?$/),
      retry: then,
    });
  });

  it.each([400, 500, undefined])(
    'a known name decides, not the class and not the HTTP status: %s',
    (httpStatusCode) => {
      const plain = (name: string) => ({ name, message: 'no', $metadata: { httpStatusCode } });
      expect(toFailure(plain('AccessDeniedException'))).toMatchObject({
        type: 'AccessDeniedException',
        retry: 'operator',
      });
      expect(toFailure(plain('ThrottlingException'))).toMatchObject({ type: 'ThrottlingException', retry: 'backoff' });
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
      message: expect.stringMatching(/^HTTP 503: Unexpected token < in JSON at position 0; a proxy or load balancer/),
      retry: 'backoff',
      retryAfterSeconds: 3,
    });
  });

  it('a page that does not parse is tried again whatever its status', () => {
    expect(toFailure(new SyntaxError('Unexpected end'))).toMatchObject({ type: 'UnparseableAnswer', retry: 'backoff' });
    expect(toFailure(html(200))).toMatchObject({ type: 'UnparseableAnswer', retry: 'backoff' });
  });

  it.each<[string, unknown]>([
    ['status 429', named('Error', { $metadata: { httpStatusCode: 429 } })],
    ['an unknown name with status 429', named('TooManyRequestsException', { $response: { statusCode: 429 } })],
    ['the text "Rate exceeded" under an unknown name', named('UnknownError', {}, 'Rate exceeded')],
    ['the text "Too many requests"', named('UnknownError', {}, 'Too Many Requests')],
    ['the text in a body that does not parse', html(400, '<h1>Rate exceeded</h1>')],
    ['a throttle as HTML', html(429)],
  ])('%s is a throttle', (_, error) => {
    expect(toFailure(error)).toMatchObject({ type: 'ThrottlingException', retry: 'backoff' });
  });

  it.each(['ECONNRESET', 'ECONNREFUSED', 'EPIPE', 'ENOTFOUND', 'ETIMEDOUT'])('%s is a network error', (code) => {
    expect(toFailure(Object.assign(new Error('socket hang up'), { code }))).toEqual({
      type: 'NetworkError',
      message: expect.stringContaining(`${code}: socket hang up`),
      retry: 'backoff',
    });
  });

  it('an unknown 5xx is an unavailable service', () => {
    expect(toFailure(named('Whatever', { $metadata: { httpStatusCode: 502 } }))).toMatchObject({
      type: 'ServiceUnavailableException',
      message: 'HTTP 502: as AWS says',
      retry: 'backoff',
    });
  });

  it.each([[named('BrandNewException')], ['a string'], [undefined], [null], [42], [{}]])(
    'an unknown error is tried again: %s',
    (error) => {
      expect(toFailure(error)).toMatchObject({ retry: 'backoff' });
    },
  );

  it('a message of any length is kept short', () => {
    expect(toFailure(named('AccessDeniedException', {}, 'x'.repeat(1e6))).message).toHaveLength(500);
  });
});

it('the error a caller sees begins with the AWS name', () => {
  const error = new MigrationHubError(toFailure(named('AccessDeniedException')));
  expect(error).toMatchObject({
    name: 'MigrationHubError',
    message: expect.stringMatching(/^AccessDeniedException: as AWS says/),
  });
});

describe('a failure says in one line what to do', () => {
  const page = (statusCode: number) =>
    Object.assign(new SyntaxError('Unexpected token <'), {
      $response: { statusCode, headers: { 'content-type': 'text/html' } },
    });
  const coded = (code: string) => Object.assign(new Error('as Node says'), { code });

  it.each<[string, unknown, string, RegExp]>([
    ['expired keys', named('ExpiredTokenException'), 'ExpiredTokenException', /rereads .*credential_process/],
    ['a wrong secret or clock', named('InvalidSignatureException'), 'InvalidSignatureException', /clock.*credentials/],
    ['no permission', named('AccessDeniedException'), 'AccessDeniedException', /allow .*mgh:/],
    [
      'no home region',
      named('HomeRegionNotSetException'),
      'HomeRegionNotSetException',
      /set the home region of the account: `aws migrationhub-config create-home-region-control/,
    ],
    [
      'another home region, or a wrong input',
      named('InvalidInputException'),
      'InvalidInputException',
      /get-home-region/,
    ],
    ['a page with 403', page(403), 'UnparseableAnswer', /^HTTP 403: .*proxy.*endpoint/],
    ['a page with 502', page(502), 'ServiceUnavailableException', /^HTTP 502: .*proxy.*endpoint/],
    ['a page with 200', page(200), 'UnparseableAnswer', /^HTTP 200: .*proxy.*endpoint/],
    ['a host that is not found', coded('ENOTFOUND'), 'NetworkError', /AWS_REGION, the endpoint .* DNS/],
    ['DNS that does not answer', coded('EAI_AGAIN'), 'NetworkError', /^EAI_AGAIN: .*DNS/],
    ['a refused connection', coded('ECONNREFUSED'), 'NetworkError', /nothing listens there.*AWS_ENDPOINT_URL/],
    ['https to an http port', coded('EPROTO'), 'NetworkError', /the endpoint is https/],
    [
      'a certificate of its own',
      coded('DEPTH_ZERO_SELF_SIGNED_CERT'),
      'TlsError',
      /AWS_CA_BUNDLE=.*NODE_EXTRA_CA_CERTS/,
    ],
    ['an unknown CA', coded('UNABLE_TO_VERIFY_LEAF_SIGNATURE'), 'TlsError', /NODE_EXTRA_CA_CERTS/],
    [
      'a certificate of another host',
      coded('ERR_TLS_CERT_ALTNAME_INVALID'),
      'TlsError',
      /ALTNAME.*; use a host name that is in the certificate/,
    ],
  ])('%s', (_, error, type, message) => {
    expect(toFailure(error)).toMatchObject({ type, message: expect.stringMatching(message) });
    expect(toFailure(error).message).not.toContain('\n');
  });

  it('what Node does not send is not blamed on the network', () => {
    expect(toFailure(coded('ERR_INVALID_CHAR')).type).not.toBe('NetworkError');
  });

  it('all addresses of a host that refuse are named', () => {
    const refusals = ['::1', '127.0.0.1'].map((host) => new Error(`connect ECONNREFUSED ${host}:1`));
    const error = Object.assign(new AggregateError(refusals), { code: 'ECONNREFUSED' });
    expect(toFailure(error).message).toContain('connect ECONNREFUSED ::1:1, connect ECONNREFUSED 127.0.0.1:1');
  });
});
