import { describe, expect, it } from 'vitest';
import { ERROR_TABLE, toFailure } from '../../src/migration-hub/errors';

const named = (name: string, more: object = {}) => Object.assign(new Error('said so'), { name, ...more });

describe('what happens after an error', () => {
  const retried = Object.entries(ERROR_TABLE).filter(([, verdict]) => verdict === 'retry');
  const settled = Object.entries(ERROR_TABLE).filter(([, verdict]) => verdict === 'no-retry' || verdict === 'register');

  it.each(retried)('%s is retried, whatever HTTP status it came with', (name) => {
    for (const httpStatusCode of [400, 500, undefined]) {
      expect(toFailure(named(name, { $metadata: { httpStatusCode } }))).toMatchObject({
        type: name,
        retryable: true,
        message: 'said so',
      });
    }
  });

  it.each(settled)('%s is not retried in a loop', (name) => {
    expect(toFailure(named(name, { $metadata: { httpStatusCode: 400 } }))).toMatchObject({
      type: name,
      retryable: false,
    });
  });

  it('every documented error of Migration Hub has a row', () => {
    const documented =
      'AccessDeniedException ThrottlingException InternalServerError ServiceUnavailableException DryRunOperation UnauthorizedOperation InvalidInputException ResourceNotFoundException PolicyErrorException HomeRegionNotSetException';
    expect(Object.keys(ERROR_TABLE)).toEqual(expect.arrayContaining(documented.split(' ')));
  });

  it.each([
    ['an HTML 503', named('SyntaxError', { $response: { statusCode: 503 } }), 'ServiceUnavailableException'],
    [
      'a 500 of an unknown name',
      named('Surprise', { $metadata: { httpStatusCode: 500 } }),
      'ServiceUnavailableException',
    ],
    ['a 429 of an unknown name', named('Surprise', { $metadata: { httpStatusCode: 429 } }), 'ThrottlingException'],
    [
      'a text "Rate exceeded" that does not parse',
      named('SyntaxError', { $response: { statusCode: 400, body: 'Rate exceeded' } }),
      'ThrottlingException',
    ],
    ['a body that does not parse', named('SyntaxError'), 'UnparseableAnswer'],
    ['a reset connection', named('Error', { code: 'ECONNRESET' }), 'NetworkError'],
    ['a request timeout', named('TimeoutError'), 'TimeoutError'],
    ['an error nobody named', named('Novelty', { $metadata: { httpStatusCode: 400 } }), 'Novelty'],
  ])('%s is retried', (_what, error, type) => {
    expect(toFailure(error)).toMatchObject({ type, retryable: true });
  });

  it('RetryAfterSeconds is taken from the body, else from the header', () => {
    const headers = { 'retry-after': '7' };
    expect(
      toFailure(named('ThrottlingException', { RetryAfterSeconds: 3, $response: { headers } })).retryAfterSeconds,
    ).toBe(3);
    expect(toFailure(named('ThrottlingException', { $response: { headers } })).retryAfterSeconds).toBe(7);
    expect(toFailure(named('ThrottlingException')).retryAfterSeconds).toBeUndefined();
    expect(
      toFailure(named('ThrottlingException', { $response: { headers: { 'retry-after': 'soon' } } })).retryAfterSeconds,
    ).toBeUndefined();
  });

  it('takes anything that was thrown', () => {
    for (const thrown of ['text', undefined, null, 7, {}]) expect(toFailure(thrown).retryable).toBe(true);
  });
});
