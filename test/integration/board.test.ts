import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { Client, Connection } from '@temporalio/client';
import { afterAll, afterEach, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { MigrationHubClient } from '../../src';
import { startBoard, type Board, type BoardOptions } from '../../src/board';
import { TaskTable } from '../../src/board/data/task-table';
import { TaskWatch } from '../../src/board/data/task-watch';
import { TOKEN_HEADER, type Timeline } from '../../src/board/wire';
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
  expect(browser.status).toMatchObject({ namespace: h.namespace });
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
    const changes = () => second.events.filter(({ name }) => name === 'changes');
    // What is known of vm-1 may still come from two sources, one after the other.
    await until('a look without a change', async () => {
      const { length } = changes();
      const { lookedAt = 0 } = second.status ?? {};
      await second.untilStatus('the next look', (status) => (status.lookedAt ?? 0) > lookedAt);
      return changes().length === length;
    });
    const before = changes().length;
    await report('vm-2', 30);
    for (const browser of [first, second]) {
      await browser.untilTask('vm-2', ({ lastDelivered }) => lastDelivered?.progressPercent === 30);
      expect(browser.named('snapshot')).toHaveLength(1);
    }
    const names = changes()
      .slice(before)
      .flatMap(({ data }) => (data as { tasks: { migrationTaskName: string }[] }).tasks);
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
  const client = new Client({ connection, namespace: h.namespace });
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

it('whoever comes after a time in which nobody was there is not told of the last look as if it were new', async () => {
  const table = new TaskTable();
  let isWatched = true;
  const listener = { onChanges: () => undefined, onStatus: () => undefined };
  const watch = new TaskWatch(h.server.env.client, table, listener, () => isWatched);
  onTestFinished(() => watch.end());
  const isLookedAt = () => watch.statusNow().lookedAt !== undefined;
  watch.begin();
  await until('a look is over', isLookedAt);
  isWatched = false;
  await until('it rests', () => !isLookedAt());
  expect(watch.statusNow()).toEqual({ now: expect.any(Number), namespace: h.namespace });
  expect(table.size).toBeGreaterThan(0);
  isWatched = true;
  watch.begin();
  await until('it has looked again', isLookedAt);
});

describe('the page', () => {
  it('and its files are served with headers that let nothing in from elsewhere', async () => {
    for (const [path, type] of [
      ['/', 'text/html'],
      ['/?q=web&status=FAILED', 'text/html'],
      ['/board.js', 'text/javascript'],
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
  for (const each of [right, { cookie }, { [TOKEN_HEADER]: TOKEN }] as Record<string, string>[]) {
    const browser = browse(guarded.url, each);
    await browser.untilTask('vm-2', () => true);
    browser.close();
  }
  expect((await send(board.url, '/api/session')).headers['set-cookie']).toBeUndefined();
});

it('on all addresses the URL of the board is one that this machine can open', async () => {
  const own = await start({ host: '0.0.0.0', token: TOKEN });
  left.push(() => own.close());
  expect(own.url).toBe(`http://localhost:${own.port}`);
  expect((await fetch(own.url)).status).toBe(200);
});

it('a port that is taken is named with the mend', async () => {
  await expect(start({ port: guarded.port, host: '127.0.0.1' })).rejects.toThrow(
    `--port is ${guarded.port}, but something listens there already: name another port (0: any that is free), or end it`,
  );
  await expect(start({ host: '192.0.2.1', token: TOKEN })).rejects.toThrow(
    '--host is 192.0.2.1, which is no address of this machine: name one, such as 127.0.0.1 or 0.0.0.0',
  );
});

it('a board that is closed disconnects its browsers and stops looking', async () => {
  const own = await start();
  const browser = browse(own.url);
  await browser.untilStatus('it is connected', () => true);
  await own.close();
  await expect(send(own.url, '/')).rejects.toThrow(/ECONNREFUSED/);
});

it('a hundred browsers are served, one more is told that they are too many, and what to do', async () => {
  const own = await start();
  left.push(() => own.close());
  const browsers = Array.from({ length: 100 }, () => browse(own.url));
  await until('all have a status', () => browsers.every(({ status }) => status !== undefined));
  const answer: Answer = await send(own.url, '/api/events');
  const error = '100 browsers show this board, the most that it serves: close it in one of them, then try again';
  expect([answer.status, JSON.parse(answer.body)]).toEqual([503, { error }]);
  // A page cannot read why its stream of events was refused: it asks here.
  const isFull = async () => JSON.parse((await send(own.url, '/api/session')).body) as unknown;
  expect(await isFull()).toEqual({ ok: true, isFull: true });
  browsers[0]?.close();
  await until('there is room again', async () => {
    const again = browse(own.url);
    await new Promise((resolve) => setTimeout(resolve, 100));
    return again.status !== undefined;
  });
  for (const browser of browsers) browser.close();
  await until('nobody is left', async () => JSON.stringify(await isFull()) === '{"ok":true,"isFull":false}');
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
    const { child, said, code } = run('--port', '0', '--namespace', h.namespace);
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
    [
      'a wrong flag is said before Temporal is asked',
      ['--port', '99999', '--address', 'no-such-host.invalid:1'],
      /^--port is 99999/,
    ],
    ['plugins that are not there', ['--plugins', './none.js'], /^--plugins is "\.\/none\.js", but neither the file/],
  ])('%s: one line, and 2', async (_what, flags, message) => {
    const { said, code } = run(...flags);
    expect(await code).toBe(2);
    expect(said.err.trim()).toMatch(message);
    expect(said.err.trim().split('\n')).toHaveLength(1);
    expect(said.out).toBe('');
  });
});
