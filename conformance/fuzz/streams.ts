import fc from 'fast-check';
import { OPERATIONS } from './input-schemas';

/** A pause between two writes, in milliseconds. */
export interface Pause {
  pauseMs: number;
}

/** What is written to one connection, piece by piece. */
export interface HostileStream {
  kind: string;
  pieces: (Buffer | Pause)[];
}

const TYPE = 'application/x-amz-json-1.1';
const ENTITY_LIMIT = 1024 * 1024;

interface Parts {
  line?: string;
  target?: string;
  type?: string;
  headers?: string[];
  body?: string | Buffer;
  length?: string;
}

/** A request, right in all that is not said otherwise. */
function request(parts: Parts = {}): Buffer {
  const { line = 'POST / HTTP/1.1', target = 'AWSMigrationHub.ListMigrationTasks', type = TYPE, headers = [] } = parts;
  const body = Buffer.from(parts.body ?? '{}');
  const head = [line, 'host: localhost', `content-type: ${type}`, `x-amz-target: ${target}`, ...headers];
  const length = parts.length ?? `content-length: ${body.length}`;
  return Buffer.concat([Buffer.from(`${[...head, length].join('\r\n')}\r\n\r\n`, 'latin1'), body]);
}

const target = fc.constantFrom(...OPERATIONS.map(({ service, operation }) => `${service}.${operation}`));
const bytes = (maxLength: number) => fc.uint8Array({ maxLength }).map((all) => Buffer.from(all));
const headerText = fc.string({ unit: 'binary', maxLength: 40 }).map((text) => text.replace(/[\r\n]/g, ''));
const whole = (buffer: Buffer): HostileStream['pieces'] => [buffer];
const json = JSON.stringify({
  ProgressUpdateStream: 's',
  MigrationTaskName: 't',
  Task: { Status: 'IN_PROGRESS', ProgressPercent: 10, StatusDetail: 'd'.repeat(50) },
  UpdateDateTime: 1767225600,
  NextUpdateSeconds: 60,
});

const nesting = fc
  .tuple(fc.constantFrom('[', '{"a":', '[{"a":'), fc.integer({ min: 1, max: 60_000 }), fc.boolean())
  .map(([open, depth, within]) => (within ? `{"Unknown":${open.repeat(depth)}` : open.repeat(depth)));
const closedNesting = fc
  .integer({ min: 1, max: 100_000 })
  .map((depth) => `{"Unknown":${'['.repeat(depth)}${']'.repeat(depth)}}`);
const hugeNumber = fc
  .tuple(fc.constantFrom('1e400', '-1e400', '1e-400', '0.'.padEnd(5_000, '1'), '9'.repeat(20_000), '1E+99999'), target)
  .map(([number, name]) =>
    request({ target: name, body: json.replace('1767225600', number).replace('60}', `${number}}`) }),
  );

/** Each kind of stream with how often it comes. */
const KINDS: Record<string, [weight: number, pieces: fc.Arbitrary<HostileStream['pieces']>]> = {
  'random bytes': [10, bytes(400).map(whole)],
  'random line': [10, headerText.map((line) => whole(request({ line })))],
  'method or path': [
    10,
    fc
      .tuple(
        fc.constantFrom('GET', 'PUT', 'HEAD', 'OPTIONS', 'TRACE', 'CONNECT', 'DELETE', 'PRI', 'post', 'POST'),
        fc.constantFrom(
          '/',
          '*',
          '//',
          '/x',
          '/%',
          '/%00',
          '/..',
          'http://a/',
          '/?a',
          '',
          '/_mgh',
          `/${'a'.repeat(9000)}`,
        ),
        fc.constantFrom('HTTP/1.1', 'HTTP/1.0', 'HTTP/2.0', 'HTTP/9.9', 'HTTP', ''),
      )
      .map((line) => whole(request({ line: line.join(' ') }))),
  ],
  header: [
    10,
    fc
      .array(
        fc.oneof(
          headerText,
          fc.constantFrom('a: '.padEnd(20_000, 'x'), ': x', 'host: b', 'connection: upgrade', 'upgrade: websocket'),
          fc.constantFrom('expect: 100-continue', 'expect: x', 'accept-encoding: br', 'content-encoding: gzip'),
          fc.constantFrom('authorization: AWS4-HMAC-SHA256', 'authorization: AWS4-HMAC-SHA256 Credential=////'),
        ),
        { minLength: 1, maxLength: 5 },
      )
      .map((headers) => whole(request({ headers }))),
  ],
  length: [
    10,
    fc
      .constantFrom('-1', '0', '1', '+2', '0x2', '2, 2', '2\r\ncontent-length: 3', '99', '1e3', '', '9'.repeat(30))
      .map((length) => whole(request({ length: `content-length: ${length}` }))),
  ],
  chunks: [
    10,
    fc
      .tuple(
        fc.constantFrom('', 'content-length: 2\r\n'),
        fc.constantFrom(
          '2\r\n{}\r\n0\r\n\r\n',
          'zz\r\n{}',
          '2\r\n{}',
          '-1\r\n',
          'ffffffffffffffff\r\n{}',
          '2;a=b\r\n{}\r\n0\r\nx: y\r\n\r\n',
        ),
      )
      .map(([also, body]) => whole(request({ length: `${also}transfer-encoding: chunked`, body }))),
  ],
  target: [
    10,
    fc
      .oneof(
        headerText,
        fc.constantFrom('', '.', '..', 'AWSMigrationHub', 'AWSMigrationHub.', '.X', 'constructor.name'),
      )
      .map((name) => whole(request({ target: name }))),
  ],
  'content type': [
    5,
    fc
      .oneof(
        headerText,
        fc.constantFrom('', ';', 'application/json', 'text/plain', `${TYPE};`, `${TYPE}; charset=x`, '*/*'),
      )
      .map((type) => whole(request({ type }))),
  ],
  'truncated JSON': [
    10,
    fc
      .tuple(target, fc.integer({ min: 0, max: json.length - 1 }))
      .map(([name, end]) => whole(request({ target: name, body: json.slice(0, end) }))),
  ],
  'damaged JSON': [
    15,
    fc
      .tuple(target, fc.nat({ max: json.length - 1 }), fc.string({ unit: 'binary', maxLength: 3 }))
      .map(([name, at, text]) => whole(request({ target: name, body: json.slice(0, at) + text + json.slice(at + 1) }))),
  ],
  'other JSON': [
    5,
    fc
      .tuple(
        target,
        fc.constantFrom('null', 'true', '0', '"x"', '[]', '[{}]', ' ', '{}{}', '\ufeff{}', 'NaN', "{'a':1}"),
      )
      .map(([name, body]) => whole(request({ target: name, body }))),
  ],
  'not UTF-8': [
    5,
    fc
      .tuple(target, bytes(60))
      .map(([name, body]) =>
        whole(request({ target: name, body: Buffer.concat([Buffer.from('{"a":"'), body, Buffer.from('"}')]) })),
      ),
  ],
  'deep nesting': [
    2,
    fc.tuple(target, fc.oneof(nesting, closedNesting)).map(([name, body]) => whole(request({ target: name, body }))),
  ],
  'huge number': [5, hugeNumber.map(whole)],
  'cut off': [
    10,
    fc.tuple(target, fc.double({ min: 0, max: 1, noNaN: true })).map(([name, part]) => {
      const sent = request({ target: name, body: json });
      return whole(sent.subarray(0, Math.floor(sent.length * part)));
    }),
  ],
  'damaged bytes': [
    15,
    fc
      .tuple(target, fc.array(fc.tuple(fc.nat(), fc.nat({ max: 255 })), { minLength: 1, maxLength: 6 }))
      .map(([name, damage]) => {
        const sent = request({ target: name, body: json });
        for (const [at, byte] of damage) sent[at % sent.length] = byte;
        return whole(sent);
      }),
  ],
  pipelined: [
    3,
    fc
      .array(
        fc.oneof(
          target.map((name) => request({ target: name })),
          bytes(40),
        ),
        { minLength: 2, maxLength: 5 },
      )
      .map((all) => whole(Buffer.concat(all))),
  ],
  'slow writer': [
    1,
    fc.tuple(target, fc.integer({ min: 1, max: 15 })).map(([name, pauseMs]) => {
      const sent = request({ target: name, body: json });
      const pieces: HostileStream['pieces'] = [];
      for (let at = 0; at < sent.length; at += 24) pieces.push(sent.subarray(at, at + 24), { pauseMs });
      return pieces;
    }),
  ],
  'large body': [
    0.4,
    fc
      .tuple(fc.constantFrom(ENTITY_LIMIT - 10, ENTITY_LIMIT + 1, 10 * ENTITY_LIMIT), fc.boolean())
      .map(([size, isJson]) => whole(request({ body: isJson ? `{"a":"${'x'.repeat(size)}"}` : 'x'.repeat(size) }))),
  ],
};

const kind = ([name, [weight, pieces]]: [string, [number, fc.Arbitrary<HostileStream['pieces']>]]) => ({
  weight: Math.round(weight * 10),
  arbitrary: pieces.map((all): HostileStream => ({ kind: name, pieces: all })),
});
const anyStream = fc.oneof(...Object.entries(KINDS).map(kind));

/** Byte streams that no client should send; the same seed, the same streams. */
export const streams = (count: number, seed: number): HostileStream[] => fc.sample(anyStream, { numRuns: count, seed });
