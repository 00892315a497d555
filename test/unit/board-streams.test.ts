import { connect } from 'node:net';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { sampleTasks } from '../../dev/board/sample-programme';
import { serveTasks, type SampleServer } from '../../dev/board/sample-server';
import { inParallel } from '../../src/async/in-parallel';
import { pageFolder } from '../../src/board/page-folder';

const TOKEN = 'the-token-of-this-test';
const [task] = sampleTasks({ tasks: 1, perWave: 1 }, Date.now() / 1000);
const name = task?.migrationTaskName as string;
/** npm run fuzz:http has more. */
const STREAMS = Number(process.env['HTTP_STREAMS'] || 3_000);

let guarded: SampleServer;
let open: SampleServer;
beforeAll(async () => {
  const tasks = task ? [task] : [];
  guarded = await serveTasks(pageFolder(), tasks, {}, TOKEN);
  open = await serveTasks(pageFolder(), tasks);
});
afterAll(async () => {
  await guarded?.close();
  await open?.close();
});

/** Writes bytes, ends once nothing comes any more, and gives all that came: Node does not answer whoever ends at once. */
function exchange({ url }: SampleServer, sent: Buffer): Promise<string> {
  return new Promise((resolve) => {
    let answer = '';
    const socket = connect({ port: Number(new URL(url).port), host: '127.0.0.1' }, () => socket.write(sent));
    const timer = setTimeout(() => socket.end(), 100);
    socket.setEncoding('latin1');
    socket.on('data', (chunk: string) => {
      answer += chunk;
      timer.refresh();
    });
    socket.on('error', () => undefined);
    socket.on('close', () => {
      clearTimeout(timer);
      resolve(answer);
    });
  });
}

const bytes = (maxLength: number) => fc.uint8Array({ maxLength }).map((all) => Buffer.from(all));
const VALID = `GET /api/events HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\nConnection: close\r\n\r\n`;
const damaged = fc
  .array(fc.tuple(fc.nat(VALID.length - 1), fc.nat(255)), { minLength: 1, maxLength: 6 })
  .map((changes) => {
    const all = Buffer.from(VALID, 'latin1');
    for (const [at, byte] of changes) all[at] = byte;
    return all;
  });
const method = fc.constantFrom('GET', 'GET', 'GET', 'HEAD', 'get', 'POST', 'CONNECT', 'OPTIONS', 'BREW', 'GET ');
const path = fc.oneof(
  fc.constantFrom(
    '*',
    '/',
    '/board.js',
    '/api/events',
    '/..%2f..%2fpackage.json',
    '/../../package.json',
    '/%00',
    '/%',
    '/\\..\\',
    'http://evil/api/events',
  ),
  fc.webPath().map((each) => `/api/history?stream=${each}&task=${each}`),
  fc.string({ unit: 'binary', maxLength: 50 }).map((each) => `/${each.replace(/[\r\n ]/g, '')}`),
  fc.constant(`/${'a'.repeat(20_000)}`),
);
const header = fc.oneof(
  fc.constantFrom(
    'Host: localhost',
    'Host: evil.example',
    'Authorization: Bearer ',
    `Cookie: ${'a=b;'.repeat(500)}`,
    'Content-Length: 5',
    'Content-Length: -1',
    'Transfer-Encoding: chunked',
    'Transfer-Encoding: chunked, identity',
    'Upgrade: websocket\r\nConnection: Upgrade',
    'Expect: 100-continue',
    'Expect: the-unexpected',
    'Range: bytes=0-0,-1,5-1',
    'If-None-Match: *',
    'If-Modified-Since: x',
  ),
  fc.string({ unit: 'binary', maxLength: 30 }).map((each) => `X: ${each.replace(/[\r\n]/g, '')}`),
);
const odd = fc
  .tuple(
    method,
    path,
    fc.constantFrom('HTTP/1.1', 'HTTP/1.1', 'HTTP/1.1', 'HTTP/1.0', 'HTTP/2.0', 'HTTP/9', ''),
    fc.oneof(fc.constant([]), fc.array(header, { maxLength: 4 })),
    fc.oneof(fc.constant(Buffer.alloc(0)), bytes(20)),
  )
  .map(([method, target, version, headers, body]) =>
    Buffer.concat([
      Buffer.from([`${method} ${target} ${version}`, ...headers, 'Host: 127.0.0.1', '\r\n'].join('\r\n')),
      body,
    ]),
  );
const streams = fc.oneof(
  { weight: 2, arbitrary: bytes(300) },
  { weight: 2, arbitrary: damaged },
  { weight: 4, arbitrary: odd },
  { weight: 1, arbitrary: fc.array(odd, { minLength: 2, maxLength: 4 }).map((all) => Buffer.concat(all)) },
);

/** Sends them, checks that what comes back is HTTP and of no fault of the server, and gives the statuses. */
async function statusesOf(server: SampleServer, count: number, check: (answer: string, sent: string) => void) {
  const given = fc.sample(streams, { numRuns: count, seed: count });
  const statuses = new Set<number>();
  await inParallel(given, 40, async (each) => {
    const answer = await exchange(server, each);
    const sent = JSON.stringify(each.toString('latin1').slice(0, 300));
    expect(answer === '' || answer.startsWith('HTTP/1.1 '), sent).toBe(true);
    check(answer, sent);
    for (const [, text] of answer.matchAll(/^HTTP\/1\.1 (\d+) /gm)) {
      const status = Number(text);
      statuses.add(status);
      // 505: of another version of HTTP.
      expect(status < 500 || status === 505, `${status}: ${sent}`).toBe(true);
    }
  });
  return [...statuses];
}

const hasTask = async ({ url }: SampleServer) => {
  const headers = { authorization: `Bearer ${TOKEN}` };
  const { body } = await fetch(`${url}/api/events`, { headers });
  const reader = body?.getReader();
  let text = '';
  while (!/event: snapshot\ndata: .*\n\n/.test(text)) {
    const { value, done } = (await reader?.read()) ?? { done: true };
    if (done) break;
    text += Buffer.from(value as Uint8Array).toString();
  }
  await reader?.cancel();
  return text.includes(name);
};

it('hostile streams at a board with a token: each is refused or gets the public page, none gets a task, and the board goes on', async () => {
  const statuses = await statusesOf(guarded, Math.ceil(STREAMS / 2), (answer, sent) =>
    expect(answer, sent).not.toContain(name),
  );
  expect(statuses).toEqual(expect.arrayContaining([200, 400, 401, 404, 405, 421]));
  expect(await hasTask(guarded)).toBe(true);
});

it('hostile streams at a board that all may read: each is answered or refused, and the board goes on', async () => {
  let told = 0;
  const statuses = await statusesOf(open, Math.ceil(STREAMS / 2), (answer) => {
    if (answer.includes(name)) told++;
  });
  expect(statuses).toEqual(expect.arrayContaining([200, 400, 404, 405, 421]));
  expect(told).toBeGreaterThan(0);
  expect(await hasTask(open)).toBe(true);
});
