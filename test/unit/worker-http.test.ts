import { connect } from 'node:net';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { inParallel } from '../../src/async/in-parallel';
import { healthRoutes, type Health } from '../../src/worker/http/health';
import { startHttpServer, type HttpServer } from '../../src/worker/http/server';

const health: Health = { lastCall: () => undefined };
let server: HttpServer;
beforeAll(async () => {
  server = await startHttpServer({ port: 0, host: '127.0.0.1', routes: healthRoutes(health) });
});
afterAll(() => server?.close());

describe('readiness', () => {
  const queues = (...polled: boolean[]) => polled.map((isPolled, i) => ({ taskQueue: `queue-${i}`, isPolled }));
  const serving = (polled: boolean[], answers = true) => ({
    askTemporal: () => (answers ? Promise.resolve() : Promise.reject(new Error('it does not answer'))),
    queues: () => queues(...polled),
  });
  const call = { operation: 'NotifyMigrationTaskState', outcome: 'NetworkError', message: 'why', ageSeconds: 1.5 };

  it.each<[string, Partial<Health>, number, object]>([
    ['while it starts', {}, 503, { temporal: { isReachable: false, reason: 'not connected yet' } }],
    ['when both queues are polled', { serving: serving([true, true]) }, 200, { taskQueues: queues(true, true) }],
    ['when one is not', { serving: serving([true, false]) }, 503, { taskQueues: queues(true, false) }],
    [
      'without Temporal',
      { serving: serving([true, true], false) },
      503,
      { temporal: { isReachable: false, reason: 'it does not answer' } },
    ],
    [
      'without Migration Hub, for which reports are kept',
      { serving: serving([true, true]), lastCall: () => call },
      200,
      { lastMigrationHubCall: call },
    ],
  ])('%s', async (_, parts, status, body) => {
    const own = await startHttpServer({ port: 0, host: '127.0.0.1', routes: healthRoutes({ ...health, ...parts }) });
    onTestFinished(() => own.close());
    const answer = await fetch(`${own.url}/readyz`);
    expect(answer.status).toBe(status);
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(await answer.json()).toMatchObject({ status: status === 200 ? 'ready' : 'not ready', ...body });
    expect((await fetch(`${own.url}/healthz`)).status).toBe(200);
  });
});

/** All that comes back for some bytes. */
function answerTo(bytes: Uint8Array): Promise<string> {
  const { hostname, port } = new URL(server.url);
  return new Promise((resolve) => {
    const socket = connect(Number(port), hostname);
    let said = '';
    socket.on('data', (data) => (said += data.toString('latin1')));
    socket.on('error', () => undefined);
    socket.on('close', () => resolve(said));
    // One that stays open, as after a request that is right, is not waited for.
    socket.setTimeout(2_000, () => socket.destroy());
    socket.end(bytes);
  });
}

const PARTS = [
  'GET',
  'HEAD',
  'POST',
  'PUT',
  'OPTIONS',
  ' ',
  '/healthz',
  '/readyz',
  '/../',
  '%00',
  '%',
  '?x=1',
  ' HTTP/1.1',
  ' HTTP/1.0',
  ' HTTP/2.0',
  '\r\n',
  '\n',
  'Host: x',
  'Host: x\r\nHost: y',
  'Content-Length: 5',
  'Content-Length: -1',
  'Transfer-Encoding: chunked',
  'Expect: 100-continue',
  'Upgrade: h2c',
  'Connection: keep-alive',
  '\r\n\r\n',
  'hello',
  '0\r\n\r\n',
  'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
  'x'.repeat(9_000),
];
const latin1 = (text: string) => Buffer.from(text, 'latin1');
const streams = fc.oneof(
  fc.uint8Array({ maxLength: 300 }),
  fc.array(fc.constantFrom(...PARTS), { maxLength: 12 }).map((parts) => latin1(parts.join(''))),
  fc
    .tuple(fc.constantFrom('/healthz', '/readyz', '/', '/metrics'), fc.nat(60), fc.uint8Array({ maxLength: 20 }))
    .map(([path, at, noise]) => {
      const request = latin1(`GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
      return Buffer.concat([request.subarray(0, at), noise, request.subarray(at)]);
    }),
);

/** An answer that nobody may take for another: the routes' own, or a refusal. */
function isRight(said: string): boolean {
  const statuses = [...said.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, status]) => Number(status));
  const bodies = said.match(/\{"status":"(ok|ready|not ready)"/g) ?? [];
  const answered = statuses.filter((status) => status === 200 || status === 503).length;
  return (
    (said === '' || said.startsWith('HTTP/1.1 ')) &&
    bodies.length <= answered &&
    statuses.every((status) => [100, 200, 503].includes(status) || (status >= 400 && status < 500))
  );
}

/** npm run fuzz:http has more. */
const STREAMS = Number(process.env['HTTP_STREAMS'] || 3_000);

it('of thousands of streams of bytes that are no request, or hardly one, none is answered wrongly, and none ends it', async () => {
  const given = fc.sample(streams, { numRuns: STREAMS, seed: STREAMS });
  const wrong: string[] = [];
  await inParallel(given, 50, async (bytes) => {
    const said = await answerTo(bytes);
    if (!isRight(said)) wrong.push(`${JSON.stringify(Buffer.from(bytes).toString('latin1'))} -> ${said}`);
  });
  expect(wrong).toEqual([]);
  expect(await (await fetch(`${server.url}/healthz`)).json()).toEqual({ status: 'ok' });
});

it('refuses headers that are too large, bodies, other paths and other methods', async () => {
  const status = async (path: string, init?: RequestInit) => (await fetch(`${server.url}${path}`, init)).status;
  expect(await status('/healthz', { headers: { 'x-large': 'x'.repeat(10_000) } })).toBe(431);
  expect(await status('/healthz', { method: 'POST', body: 'x'.repeat(10_000) })).toBe(413);
  expect(await status('/healthz', { method: 'POST', body: 'x' })).toBe(404);
  expect(await status('/healthz/')).toBe(404);
  expect(await status('/%2e%2e/etc/passwd')).toBe(404);
  expect(await status('/healthz', { method: 'HEAD' })).toBe(200);
});

it('an address that is not of this machine is refused by its setting', async () => {
  await expect(startHttpServer({ port: 0, host: '192.0.2.1', routes: [] })).rejects.toThrow(
    '--http-host is 192.0.2.1, which is no address of this machine: name one, such as 127.0.0.1 or 0.0.0.0',
  );
});

/** All that comes back until the other side ends the connection. */
function untilEnded(first: string, more = ''): Promise<string> {
  const { hostname, port } = new URL(server.url);
  return new Promise((resolve) => {
    const socket = connect(Number(port), hostname);
    let all = '';
    socket.on('data', (data) => (all += data.toString()));
    socket.on('error', () => undefined);
    socket.write(first);
    const slowly = setInterval(() => socket.write(more), 200);
    socket.on('close', () => {
      clearInterval(slowly);
      resolve(all);
    });
  });
}

it('a request that does not come to its end is given up, and so is a connection that asks for nothing, or for nothing more', async () => {
  const [slow, silent, idle] = await Promise.all([
    untilEnded('GET /healthz HTTP/1.1\r\nHost: x\r\n', 'x-y: z\r\n'),
    untilEnded(''),
    untilEnded('GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n'),
  ]);
  expect(slow).toContain('HTTP/1.1 408 ');
  expect(silent).not.toContain(' 200 ');
  expect(idle).toContain('HTTP/1.1 200 ');
});
