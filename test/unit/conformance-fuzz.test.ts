import { describe, expect, it } from 'vitest';
import { complaint } from '../../conformance/fuzz/answers';
import { samples } from '../../conformance/fuzz/inputs';
import { KNOWN_REASONS, withoutNulls } from '../../conformance/fuzz/known-reasons';
import { streams } from '../../conformance/fuzz/streams';

const http = (status: string, body: string, headers = `content-length: ${Buffer.byteLength(body)}`) =>
  Buffer.from(`HTTP/1.1 ${status}\r\n${headers}\r\n\r\n${body}`);
const ERROR = '{"__type":"SerializationException","Message":"é"}';

describe('what comes back from a hostile stream', () => {
  it.each([
    ['nothing', Buffer.alloc(0)],
    ['a success', http('200 OK', '{}')],
    ['an error of a documented name', http('400 Bad Request', ERROR)],
    ['several answers', Buffer.concat([http('200 OK', '{}'), http('400 Bad Request', ERROR)])],
    ['an answer after a continue', Buffer.concat([Buffer.from('HTTP/1.1 100 Continue\r\n\r\n'), http('200 OK', '{}')])],
    ['an answer in chunks', http('200 OK', '1\r\n{\r\n1\r\n}\r\n0\r\n\r\n', 'transfer-encoding: chunked')],
  ])('may be %s', (_what, received) => {
    expect(complaint(received, false)).toBeUndefined();
  });

  it.each([
    ['HTML', http('503 Unavailable', '<html>'), 'not JSON'],
    ['an empty error', http('400 Bad Request', ''), 'not JSON'],
    ['an error without a name', http('400 Bad Request', '{"error":"x"}'), 'without a documented __type'],
    ['an error of an unknown name', http('400 Bad Request', '{"__type":"Oops"}'), 'without a documented __type'],
    ['half an answer', http('200 OK', '{', 'content-length: 2'), 'cut off'],
    ['what is no HTTP', Buffer.from('hello'), 'no HTTP answer'],
  ])('may not be %s', (_what, received, words) => {
    expect(complaint(received, false)).toContain(words);
  });

  it('has no body when a HEAD was sent', () => {
    expect(complaint(http('404 Not Found', '', 'content-length: 99'), true)).toBeUndefined();
  });
});

describe('what the fuzzer sends', () => {
  it('is the same for the same seed, and another for another', () => {
    expect(samples(50, 7)).toEqual(samples(50, 7));
    expect(samples(50, 7)).not.toEqual(samples(50, 8));
    expect(streams(50, 7)).toEqual(streams(50, 7));
    expect(streams(50, 7)).not.toEqual(streams(50, 8));
  });

  it('meets all operations and all kinds of streams', () => {
    expect(new Set(samples(2_000, 1).map(({ operation }) => operation)).size).toBe(25);
    expect(new Set(streams(3_000, 1).map(({ kind }) => kind)).size).toBe(19);
  });
});

describe('a disagreement with the oracle', () => {
  const sample = { service: 'S', operation: 'O', input: {} };
  const reasonOf = (allowedBy: 'oracle' | 'emulator', message: string, allowedWithoutNulls = false) =>
    KNOWN_REASONS.find(({ fits }) => fits({ sample, allowedBy, message, allowedWithoutNulls }))?.reason;

  it('over a null is known only where all would be well without it', () => {
    expect(reasonOf('emulator', '', true)).toContain('null');
    expect(reasonOf('emulator', '', false)).toBeUndefined();
    expect(reasonOf('oracle', 'StatusDetail must be string.', true)).toBeUndefined();
  });

  it('over 32 bits is known, over another limit is not', () => {
    expect(reasonOf('oracle', 'NextUpdateSeconds must be <= 2147483647.')).toContain('32 bits');
    expect(reasonOf('oracle', 'Task.ProgressPercent must be <= 100.')).toBeUndefined();
  });

  it('is asked again without nulls in structures, but with those in lists', () => {
    expect(withoutNulls({ a: null, b: { c: null, d: [null] } })).toEqual({ b: { d: [null] } });
  });
});
