import { createServer, type IncomingMessage } from 'node:http';
import { createServer as createTcpServer, type AddressInfo, type Server } from 'node:net';
import { afterAll, afterEach, beforeAll, expect, it, onTestFinished } from 'vitest';
import { MigrationHubClient } from '../../src';
import { inParallel } from '../../src/async/in-parallel';
import { startHarness, until, type Harness } from './harness';
import { startMetricsProcess } from './metrics-process';
import type { Scrape } from './scrapes';

let h: Harness;
const TASKS = 200;
const heartbeat = { heartbeatFraction: 0.1 };
const names = Array.from({ length: TASKS }, (_, i) => `vm-${i}`);
const clientOf = () => new MigrationHubClient({ client: h.server.env.client, groups: { Load: 1 }, heartbeat });
const valueOf = (scrape: Scrape, series: string) => scrape.get(`migration_hub_${series}`) ?? 0;

beforeAll(async () => {
  h = await startHarness();
});
afterEach(() => h.stopAll());
afterAll(() => h?.close());

it(`with ${TASKS} tasks, scraping all the time changes nothing: the counts are those of Migration Hub, no heartbeat is late; those of Temporal Core are there, too`, async () => {
  const worker = await startMetricsProcess(h);
  const client = clientOf();
  const reportAll = (status: 'IN_PROGRESS' | 'COMPLETED') =>
    inParallel(names, 50, async (migrationTaskName) => {
      await client.report({ progressUpdateStream: 'Load', migrationTaskName, status, nextUpdateSeconds: 60 });
    });
  let isOver = false;
  let scrapes = 0;
  const scraping = inParallel([1, 2, 3, 4], 4, async () => {
    for (; !isOver; scrapes++) {
      expect(valueOf(await worker.scrape(), 'notifications_total{outcome="never"}')).toBe(0);
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  });
  await reportAll('IN_PROGRESS');
  await until('each task to have two heartbeats', () => {
    const tasks = h.emulator.tasks();
    return tasks.length === TASKS && tasks.every(({ notifications }) => notifications >= 3);
  });
  await until(
    'all tasks to be counted',
    async () =>
      valueOf(await worker.scrape(), `tasks{temporal_namespace="${h.namespace}",freshness="fresh"}`) === TASKS,
  );
  await reportAll('COMPLETED');
  await until('the end of each task', () => h.emulator.tasks().every(({ status }) => status === 'COMPLETED'));
  const sent = h.emulator.tasks().reduce((sum, { notifications }) => sum + notifications, 0);
  const delivered = 'notifications_total{outcome="delivered"}';
  await until('the last outcome to be counted', async () => valueOf(await worker.scrape(), delivered) === sent);
  isOver = true;
  await scraping;
  const last = await worker.scrape();
  expect(scrapes).toBeGreaterThan(50);
  expect(valueOf(last, 'heartbeats_total')).toBe(sent - 2 * TASKS);
  expect(valueOf(last, 'notify_seconds_count')).toBe(sent);
  // Of 60 s each had some left, on a busy machine, too.
  expect(valueOf(last, 'deadline_margin_seconds_bucket{le="0"}')).toBe(0);
  expect((await h.emulator.judge()).staleness.seconds).toBe(0);

  // One port has the metrics of Temporal Core and ours, each name once.
  const response = await fetch(worker.url);
  expect(response.headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/);
  const text = await response.text();
  expect(text).toMatch(/^temporal_worker_task_slots_available\{.*task_queue="migration-hub-notify"/m);
  expect(text).toMatch(/^temporal_workflow_task_schedule_to_start_latency_bucket\{/m);
  const types = [...text.matchAll(/^# TYPE (\S+)/gm)].map(([, name]) => name);
  expect(new Set(types).size).toBe(types.length);
  expect(await worker.stop()).toBe(0);
});

/** Where a server of this test listens. */
async function listening(server: Server): Promise<string> {
  server.listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  await until('the collector listens', () => server.listening);
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Requests that a collector gets. */
async function startCollector() {
  const requests: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    requests.push(request);
    request.resume().on('end', () => response.end());
  });
  onTestFinished(() => server.closeAllConnections());
  return { requests, url: await listening(server) };
}

it.each<[string, (url: string) => NodeJS.ProcessEnv]>([
  ['our variable', (url) => ({ TEMPORAL_MIGRATION_HUB_OTLP_URL: `${url}/v1/metrics` })],
  [
    'those of OpenTelemetry',
    (url) => ({ OTEL_EXPORTER_OTLP_ENDPOINT: url, OTEL_EXPORTER_OTLP_PROTOCOL: 'http/protobuf' }),
  ],
])(
  'Core sends its metrics to an OTLP collector that %s names, with headers, and /metrics has ours',
  async (_, variables) => {
    const { requests, url } = await startCollector();
    const worker = await startMetricsProcess(h, {
      OTEL_EXPORTER_OTLP_HEADERS: 'x-key=a%20b',
      OTEL_METRIC_EXPORT_INTERVAL: '1000',
      ...variables(url),
    });
    await until('an export', () => requests.length > 0);
    expect(requests[0]).toMatchObject({ method: 'POST', url: '/v1/metrics' });
    expect(requests[0]?.headers).toMatchObject({ 'x-key': 'a b', 'content-type': 'application/x-protobuf' });
    const text = await worker.text();
    expect(text).toContain('migration_hub_heartbeats_total 0');
    expect(text).toContain('# the metrics of Temporal Core go to an OTLP collector');
    expect(text).not.toMatch(/^temporal_/m);
    expect(await worker.stop()).toBe(0);
  },
);

it('by a URL without a path Core speaks gRPC; our setting goes before that of OpenTelemetry', async () => {
  let received = '';
  const url = await listening(
    createTcpServer((socket) => socket.on('data', (data) => (received += data.toString('latin1')))),
  );
  const other = await startCollector();
  const worker = await startMetricsProcess(h, {
    TEMPORAL_MIGRATION_HUB_OTLP_URL: url,
    OTEL_EXPORTER_OTLP_ENDPOINT: other.url,
    OTEL_METRIC_EXPORT_INTERVAL: '1000',
  });
  await until('a connection', () => received.length > 20);
  expect(received).toMatch(/^PRI \* HTTP\/2\.0\r\n/);
  expect(other.requests).toEqual([]);
  // A collector that does not answer keeps nobody from ending.
  expect(await worker.stop()).toBe(0);
});
