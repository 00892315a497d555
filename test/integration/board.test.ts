import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { Client, Connection } from '@temporalio/client';
import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { MigrationHubClient } from '../../src';
import { startBoard, type Board, type BoardOptions } from '../../src/board';
import type { Timeline } from '../../src/board/wire';
import { inParallel } from '../../src/async/in-parallel';
import { CLI } from '../built';
import { Browser, send, type Answer } from './board-browser';
import { startHarness, until, type Harness } from './harness';

const STREAM = 'On-the-board';
const TOKEN = 'the-token-of-this-test';
const HOSTILE = `<img src=x onerror=alert(1)>"'&\\..`;

let h: Harness;
let hub: MigrationHubClient;
let board: Board;
let guarded: Board;
const left: (() => unknown)[] = [];
const browse = (url: string, headers?: Record<string, string>): Browser => {
  const browser = new Browser(url, headers);
  left.push(() => browser.close());
  return browser;
};
const start = async (options: Partial<BoardOptions> = {}): Promise<Board> =>
  startBoard({ client: h.server.env.client, port: 0, ...options });
const report = (migrationTaskName: string, progressPercent: number) =>
  hub.report({
    progressUpdateStream: STREAM,
    migrationTaskName,
    status: 'IN_PROGRESS',
    progressPercent,
    labels: { wave: 'wave-1' },
  });

beforeAll(async () => {
  h = await startHarness();
  hub = new MigrationHubClient({ client: h.server.env.client });
  board = await start();
  guarded = await start({ token: TOKEN, host: '127.0.0.1' });
  await report('vm-2', 10);
});
afterEach(() => {
  for (const close of left.splice(0)) close();
});
afterAll(async () => {
  await board?.close();
  await guarded?.close();
  await h?.stopAll();
  await h?.close();
});

it('without a worker the board shows what nobody has taken yet, and says that no worker polls', async () => {
  await report('vm-1', 10);
  const browser = browse(board.url);
  const task = await browser.untilTask('vm-1', () => true);
  expect(task).toMatchObject({
    freshness: 'never-delivered',
    pending: { progressPercent: 10 },
    labels: { wave: 'wave-1' },
  });
  await browser.untilStatus('it says so', ({ unserved }) => unserved?.join() === 'migration-hub,migration-hub-notify');
  expect(browser.status).toMatchObject({ namespace: h.server.env.namespace ?? 'default' });
});

describe('with a worker', () => {
  beforeAll(async () => {
    await h.startHub();
  });

  it('a browser gets a snapshot, then changes only; all browsers get them', async () => {
    await report('vm-2', 20);
    const first = browse(board.url);
    await first.untilTask('vm-2', ({ lastDelivered }) => lastDelivered?.progressPercent === 20);
    await first.untilTask('vm-1', ({ lastDelivered }) => lastDelivered !== undefined);
    const second = browse(board.url);
    await second.untilTask('vm-2', () => true);
    await first.untilStatus('both queues are polled', ({ unserved }) => unserved?.length === 0);
    const before = second.events.length;
    await report('vm-2', 30);
    for (const browser of [first, second]) {
      await browser.untilTask('vm-2', ({ lastDelivered }) => lastDelivered?.progressPercent === 30);
      expect(browser.named('snapshot')).toHaveLength(1);
    }
    const changed = second.events.slice(before).filter(({ name }) => name === 'changes');
    const names = changed.flatMap(({ data }) => (data as { tasks: { migrationTaskName: string }[] }).tasks);
    expect(new Set(names.map(({ migrationTaskName }) => migrationTaskName))).toEqual(new Set(['vm-2']));
  });

  it('how old the data is: the look that it is from began a short while ago', async () => {
    const browser = browse(board.url);
    await browser.untilStatus('a look is over', ({ lookedAt }) => lookedAt !== undefined);
    const lookedAt = browser.status?.lookedAt ?? 0;
    await browser.untilStatus('the next one', (status) => (status.lookedAt ?? 0) > lookedAt);
    const { now, lookSeconds } = browser.status as { now: number; lookSeconds: number };
    expect(Math.abs(now - Date.now() / 1000)).toBeLessThan(60);
    expect(lookSeconds).toBeGreaterThanOrEqual(0);
  });

  it('the timeline of a task tells reports and deliveries, the newest first, whatever its name is', async () => {
    await hub.waitForDelivery(await report(HOSTILE, 1));
    await hub.waitForDelivery(await report(HOSTILE, 2));
    const path = `/api/history?${new URLSearchParams({ stream: STREAM, task: HOSTILE }).toString()}`;
    const { status, body, headers } = await send(board.url, path);
    expect(status).toBe(200);
    expect(headers['content-type']).toMatch(/^application\/json/);
    const { entries, isCut } = JSON.parse(body) as Timeline;
    expect(isCut).toBe(false);
    expect(entries.map(({ what, progressPercent }) => `${what} ${progressPercent}`)).toEqual([
      'notification 2',
      'report 2',
      'notification 1',
      'report 1',
    ]);
    for (const { by } of entries.filter(({ what }) => what === 'report')) expect(by?.ownerId).toMatch(/^client:/);
    const browser = browse(board.url);
    expect(await browser.untilTask(HOSTILE, () => true)).toMatchObject({ migrationTaskName: HOSTILE });
  });

  it('what Migration Hub does not take is in the timeline with why', async () => {
    h.emulator.setFaults([{ match: { task: 'vm-3' }, action: { type: 'access-denied' } }]);
    await report('vm-3', 5);
    const browser = browse(board.url);
    const task = await browser.untilTask('vm-3', ({ lastFailure }) => lastFailure !== undefined);
    expect(task).toMatchObject({ pending: { progressPercent: 5, attempts: 1 } });
    const { body } = await send(board.url, `/api/history?stream=${STREAM}&task=vm-3`);
    const [newest] = (JSON.parse(body) as Timeline).entries;
    expect(newest).toMatchObject({
      what: 'failure',
      progressPercent: 5,
      reason: expect.stringMatching(/^AccessDenied/),
    });
    h.emulator.clearFaults();
  });
});

it.each(['', '?stream=S', '?stream=a/b&task=t', '?stream=S&task=a:b', '?stream=S&task=t&task=u'])(
  'a history of %s is refused in words',
  async (query) => {
    const { status, body } = await send(board.url, `/api/history${query}`);
    expect(status).toBe(400);
    expect(JSON.parse(body)).toEqual({ error: expect.stringMatching(/^\?stream=…&task=…: .* must/) });
  },
);

it('of a task that nobody has reported the timeline is empty', async () => {
  const { body } = await send(board.url, '/api/history?stream=Nobody&task=..');
  expect(JSON.parse(body)).toEqual({ entries: [], isCut: false });
});

it('while Temporal is away the board says since when and why, keeps what it has, and goes on', async () => {
  const connection = await Connection.connect({ address: h.server.address });
  const client = new Client({ connection, namespace: h.server.env.namespace });
  const own = await start({ client });
  left.push(() => own.close());
  const browser = browse(own.url);
  await browser.untilTask('vm-2', () => true);
  await connection.close();
  await browser.untilStatus('it says so', ({ unreadable }) => unreadable !== undefined);
  expect(browser.status?.unreadable).toEqual({ since: expect.any(Number), why: expect.stringMatching(/\w/) });
  expect(browser.task('vm-2')).toBeDefined();
  const late = browse(own.url);
  await late.untilTask('vm-2', () => true);
  await late.untilStatus('the late one is told, too', ({ unreadable }) => unreadable !== undefined);
});

describe('the page', () => {
  it('and its files are served with headers that let nothing in from elsewhere', async () => {
    for (const [path, type] of [
      ['/', 'text/html'],
      ['/?q=web&status=FAILED', 'text/html'],
      ['/board.js', 'application/javascript'],
      ['/board.css', 'text/css'],
      ['/icon.svg', 'image/svg+xml'],
      ['/api/history?stream=S&task=t', 'application/json'],
      ['/no/such/thing', 'application/json'],
    ] as const) {
      const { status, headers } = await send(board.url, path);
      expect(status).toBe(path.startsWith('/no') ? 404 : 200);
      expect(headers['content-type']).toContain(type);
      expect(String(headers['content-security-policy']).split(';').sort()).toEqual([
        "base-uri 'none'",
        "connect-src 'self'",
        "default-src 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
        "img-src 'self'",
        "require-trusted-types-for 'script'",
        "script-src 'self'",
        "style-src 'self'",
      ]);
      expect(headers).toMatchObject({
        'x-content-type-options': 'nosniff',
        'x-frame-options': 'DENY',
        'referrer-policy': 'no-referrer',
        'cross-origin-opener-policy': 'same-origin',
        'cross-origin-resource-policy': 'same-origin',
      });
      expect(headers['access-control-allow-origin']).toBeUndefined();
    }
  });

  it('has nothing inline, and nothing from elsewhere', async () => {
    const { body } = await send(board.url, '/');
    expect(body).not.toMatch(/<style|\sstyle=|\son\w+=|https?:/);
    for (const [, text] of body.matchAll(/<script[^>]*>(.*?)<\/script>/gs)) expect(text).toBe('');
  });

  it('HEAD is answered as GET, without a body, and does not count as a browser', async () => {
    for (const path of ['/', '/board.js', '/api/events', '/api/history?stream=S&task=t']) {
      const { status, body } = await send(board.url, path, { method: 'HEAD' });
      expect([path, status, body]).toEqual([path, 200, '']);
    }
  });
});

describe('what is refused:', () => {
  it.each(['POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'PROPFIND', 'TRACE'])('%s', async (method) => {
    for (const path of ['/', '/api/events', '/nothing']) {
      const { status, headers } = await send(board.url, path, { method });
      expect([method, path, status]).toEqual([method, path, 405]);
      expect(headers.allow).toBe('GET, HEAD');
    }
  });

  it.each(['evil.example', 'localhost.evil.example:80', '10.1.2.3', 'localhost@evil', '[::2]'])(
    'the Host %s, by which another site would read what is here',
    async (host) => {
      for (const path of ['/', '/api/events', '/nothing']) {
        const { status, body } = await send(board.url, path, { headers: { host } });
        expect(status).toBe(421);
        expect(JSON.parse(body)).toEqual({ error: expect.stringContaining('--allow-host') });
      }
    },
  );

  const WAYS = ['/api/events', '/%61pi/events', '/api/%65vents', '/api/history?stream=S&task=t', '/api/session'];
  it.each(WAYS)('%s without the token', async (path) => {
    const { status, headers, body } = await send(guarded.url, path);
    expect(status).toBe(401);
    expect(headers['www-authenticate']).toBe('Bearer');
    expect(JSON.parse(body)).toEqual({ error: 'the token is missing or wrong' });
  });
  it.each(['//api/events', '/api//events', '/API/events', '/api/events/', '/./api/events', '/x/../api/events'])(
    '%s, which is no path of the board',
    async (path) => {
      expect((await send(guarded.url, path)).status).toBe(404);
    },
  );
});

it('the token, or the cookie that is given for it, opens the board; the page itself needs none', async () => {
  expect((await send(guarded.url, '/')).status).toBe(200);
  const wrong = { authorization: `Bearer ${TOKEN}!` };
  expect((await send(guarded.url, '/api/session', { headers: wrong })).status).toBe(401);
  const right = { authorization: `Bearer ${TOKEN}` };
  const { status, headers } = await send(guarded.url, '/api/session', { headers: right });
  expect(status).toBe(200);
  const [cookie = ''] = headers['set-cookie']?.[0]?.split(';') ?? [];
  expect(headers['set-cookie']?.[0]).toMatch(/HttpOnly; SameSite=Strict$/);
  for (const each of [right, { cookie }]) {
    const browser = browse(guarded.url, each);
    await browser.untilTask('vm-2', () => true);
    browser.close();
  }
  expect((await send(board.url, '/api/session')).headers['set-cookie']).toBeUndefined();
});

it('a port that is taken is named with the mend', async () => {
  await expect(start({ port: guarded.port, host: '127.0.0.1' })).rejects.toThrow(
    `the board cannot listen on 127.0.0.1:${guarded.port}: the port is taken: end what listens there, or choose another with --port`,
  );
});

it('a board that is closed disconnects its browsers and stops looking', async () => {
  const own = await start();
  const browser = browse(own.url);
  await browser.untilStatus('it is connected', () => true);
  await own.close();
  await expect(send(own.url, '/')).rejects.toThrow(/ECONNREFUSED/);
});

/** Writes bytes, ends once nothing comes any more, and gives all that came: Node does not answer whoever ends at once. */
function exchange(port: number, sent: Buffer): Promise<string> {
  return new Promise((resolve) => {
    let answer = '';
    const socket = connect({ port, host: '127.0.0.1' }, () => socket.write(sent));
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
const stream = fc.oneof(
  { weight: 2, arbitrary: bytes(300) },
  { weight: 2, arbitrary: damaged },
  { weight: 4, arbitrary: odd },
  { weight: 1, arbitrary: fc.array(odd, { minLength: 2, maxLength: 4 }).map((all) => Buffer.concat(all)) },
);

it('three thousand hostile streams: each is refused or gets the public page, none gets a task, and the board goes on', async () => {
  const streams = fc.sample(stream, { numRuns: 3000, seed: 14 });
  const answers = await inParallel(streams, 40, (each) => exchange(guarded.port, each));
  const statuses = new Map<number, number>();
  answers.forEach((answer, i) => {
    const sent = JSON.stringify(streams[i]?.toString('latin1').slice(0, 300));
    expect(answer === '' || answer.startsWith('HTTP/1.1 '), sent).toBe(true);
    expect(answer, sent).not.toContain('vm-2');
    for (const [, status] of answer.matchAll(/^HTTP\/1\.1 (\d+) /gm))
      statuses.set(Number(status), (statuses.get(Number(status)) ?? 0) + 1);
  });
  // 505: of another version of HTTP.
  for (const status of statuses.keys())
    expect(status < 500 || status === 505, JSON.stringify([...statuses])).toBe(true);
  expect([...statuses.keys()]).toEqual(expect.arrayContaining([200, 400, 401, 404, 405, 421]));
  const browser = browse(guarded.url, { authorization: `Bearer ${TOKEN}` });
  await browser.untilTask('vm-2', () => true);
});

it('a hundred browsers are served, one more is told that they are too many', async () => {
  const own = await start();
  left.push(() => own.close());
  const browsers = Array.from({ length: 100 }, () => browse(own.url));
  await until('all have a status', () => browsers.every(({ status }) => status !== undefined));
  const answer: Answer = await send(own.url, '/api/events');
  expect([answer.status, JSON.parse(answer.body)]).toEqual([503, { error: 'too many browsers are connected' }]);
  browsers[0]?.close();
  await until('there is room again', async () => {
    const again = browse(own.url);
    await new Promise((resolve) => setTimeout(resolve, 100));
    return again.status !== undefined;
  });
});

describe('the command', () => {
  const run = (...flags: string[]) => {
    const child = spawn(process.execPath, [CLI, 'board', '--address', h.server.address, ...flags]);
    left.push(() => child.kill('SIGKILL'));
    const said = { out: '', err: '' };
    child.stdout.on('data', (data: Buffer) => (said.out += data.toString()));
    child.stderr.on('data', (data: Buffer) => (said.err += data.toString()));
    return { child, said, code: once(child, 'exit').then(([code]) => code as number | null) };
  };

  it('writes where the board is, serves it, and ends with 0 when it is told to', async () => {
    const { child, said, code } = run('--port', '0', '--namespace', h.server.env.namespace ?? 'default');
    await until('it listens', () => said.out.endsWith('\n'));
    expect(said.out).toMatch(/^http:\/\/localhost:\d+\n$/);
    const browser = browse(said.out.trim());
    await browser.untilTask('vm-2', () => true);
    child.kill('SIGTERM');
    expect(await code).toBe(0);
    expect(said.err).toBe('');
  });

  it.each<[string, string[], RegExp]>([
    ['a host that others reach, without a token', ['--host', '0.0.0.0'], /needs a token: set --token or TEMPORAL_MIGR/],
    ['a port that is none', ['--port', 'http'], /^--port is "http", but it must be an integer from 0 to 65535$/],
    ['plugins that are not there', ['--plugins', './none.js'], /^--plugins is "\.\/none\.js", but neither the file/],
  ])('%s: one line, and 2', async (_what, flags, message) => {
    const { said, code } = run(...flags);
    expect(await code).toBe(2);
    expect(said.err.trim()).toMatch(message);
    expect(said.err.trim().split('\n')).toHaveLength(1);
    expect(said.out).toBe('');
  });
});
