import { connect, createServer, type Server, type Socket } from 'node:net';
import { Client, Connection } from '@temporalio/client';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { MigrationHubClient, type TaskReport } from '../../src';
import type { ReportedState, WatchedTasks } from '../../src/client';
import { startHarness, until, type Harness } from './harness';

let h: Harness;
beforeAll(async () => {
  h = await startHarness();
});
afterAll(() => h?.close());

const hubOf = (options = {}, client = h.server.env.client) => new MigrationHubClient({ client, ...options });
const reportOf = (stream: string, name: string, more: Partial<TaskReport> = {}): TaskReport => ({
  progressUpdateStream: stream,
  migrationTaskName: name,
  status: 'IN_PROGRESS',
  ...more,
});

/** Reads a watch in the background, to its end. */
function watching(hub: MigrationHubClient, tasks: WatchedTasks) {
  const ending = new AbortController();
  const seen: ReportedState[] = [];
  const reading = (async () => {
    for await (const state of hub.watch(tasks, { intervalSeconds: 1, signal: ending.signal })) seen.push(state);
  })();
  // A failure is told by whoever waits.
  reading.catch(() => undefined);
  return {
    seen,
    /** Waits for the newest state that was seen of a task to be so. */
    sees: (what: string, name: string, isSo: (state: ReportedState) => boolean) =>
      Promise.race([
        until(`the watch to see ${what}`, () => {
          const newest = seen.findLast(({ migrationTaskName }) => migrationTaskName === name);
          return newest !== undefined && isSo(newest);
        }),
        reading.then(() => {
          throw new Error('the watch has ended');
        }),
      ]),
    async end() {
      ending.abort();
      await reading;
    },
  };
}

const has =
  (percent: number) =>
  ({ lastDelivered, pending }: ReportedState) =>
    lastDelivered?.progressPercent === percent && !pending;
const waits =
  (percent: number) =>
  ({ pending }: ReportedState) =>
    pending?.progressPercent === percent;

/** Whose heartbeat workflow the task has. */
const FORMS: [string, number, (stream: string) => string][] = [
  ['with a heartbeat workflow of its own', 0, (stream) => `mgh:${stream}:vm-1`],
  ['of a shared group', 1, (stream) => `mgh-group:${stream}:1:0`],
];

describe.each(FORMS)('a task %s', (_form, groups, idOf) => {
  it.each([
    ['it is watched', true],
    ['its stream is watched', false],
  ])(
    'is told of from nobody to its end, over workers that go, runs that go on and end, where %s',
    async (_what, one) => {
      const stream = `Watched-${groups}-${one}`;
      const hub = hubOf({ groups, heartbeat: { maxHistoryEvents: 50 } });
      const heartbeat = h.server.env.client.workflow.getHandle(idOf(stream));
      const watch = watching(hub, { progressUpdateStream: stream, ...(one && { migrationTaskName: 'vm-1' }) });
      // No worker yet.
      await hub.report(reportOf(stream, 'vm-1', { progressPercent: 10 }));
      await watch.sees('what no worker has taken', 'vm-1', waits(10));
      let workers = await h.startHub();
      await watch.sees('its delivery', 'vm-1', has(10));
      await hub.report(reportOf(stream, 'vm-2', { progressPercent: 1 }));
      if (!one) await watch.sees('another task', 'vm-2', has(1));
      const { runId } = await heartbeat.describe();
      await Promise.all(
        Array.from({ length: 60 }, (_, i) =>
          hub.report(reportOf(stream, 'vm-1', { progressPercent: Math.min(11 + i, 50) })),
        ),
      );
      await until('the next run', async () => (await heartbeat.describe()).runId !== runId);
      await watch.sees('what came over continue-as-new', 'vm-1', has(50));
      await workers.stop();
      await hub.report(reportOf(stream, 'vm-1', { progressPercent: 60 }));
      await watch.sees('a report while the workers are away', 'vm-1', waits(60));
      await heartbeat.terminate();
      await watch.sees('the end of its heartbeats', 'vm-1', ({ freshness }) => freshness === 'unattended');
      workers = await h.startHub();
      await hub.report(reportOf(stream, 'vm-1', { progressPercent: 70 }));
      await watch.sees('the next heartbeat workflow', 'vm-1', has(70));
      await hub.report(reportOf(stream, 'vm-1', { status: 'COMPLETED', progressPercent: 100 }));
      await watch.sees('its end', 'vm-1', ({ freshness }) => freshness === 'terminal');
      await watch.end();
      await workers.stop();
      // Each was news: nothing came twice in a row.
      const ofOne = watch.seen.filter(({ migrationTaskName }) => migrationTaskName === 'vm-1');
      const told = ofOne.map(({ judgedAt: _at, counters: _c, reporters: _r, owners: _o, ...state }) =>
        JSON.stringify(state),
      );
      expect(told.filter((each, i) => each === told[i - 1])).toEqual([]);
      expect(new Set(watch.seen.map(({ migrationTaskName }) => migrationTaskName)).size).toBe(one ? 1 : 2);
    },
  );
});

it('a stream of which only some tasks are watched, by label, tells of no others', async () => {
  const hub = hubOf();
  const watch = watching(hub, { progressUpdateStream: 'WatchedLabels', labels: { wave: ['1', '2'] } });
  const warnings: string[] = [];
  process.on('warning', ({ message }) => warnings.push(message));
  for (let i = 1; i <= 30; i++)
    await hub.report(reportOf('WatchedLabels', `vm-${i}`, { labels: { wave: `${i % 4}` }, progressPercent: 10 }));
  for (const name of ['vm-1', 'vm-2', 'vm-29', 'vm-30']) await watch.sees('its report', name, waits(10));
  await watch.end();
  expect(warnings).toEqual([]);
  expect(new Set(watch.seen.map(({ labels }) => labels['wave']))).toEqual(new Set(['1', '2']));
});

/** The way to a Temporal server, which can be closed. */
class Way {
  private server?: Server;
  private readonly sockets = new Set<Socket>();
  port = 0;

  constructor(private readonly address: string) {}

  async open(): Promise<void> {
    const [host = '', port] = this.address.split(':');
    this.server = createServer((from) => {
      const to = connect(Number(port), host);
      for (const socket of [from, to]) {
        this.sockets.add(socket);
        socket.on('error', () => undefined).on('close', () => [from, to].forEach((each) => each.destroy()));
      }
      from.pipe(to).pipe(from);
    });
    await new Promise<void>((resolve) => this.server?.listen(this.port, '127.0.0.1', resolve));
    this.port = (this.server.address() as { port: number }).port;
  }

  close(): void {
    this.server?.close();
    for (const socket of this.sockets) socket.destroy();
    this.sockets.clear();
  }
}

it('a watch goes on after the Temporal server could not be reached for a while', async () => {
  const warned = vi.spyOn(process, 'emitWarning');
  const warnings = () =>
    warned.mock.calls.map(([message]) => String(message)).filter((each) => /answer a watch/.test(each));
  const way = new Way(h.server.address);
  await way.open();
  const connection = await Connection.connect({ address: `127.0.0.1:${way.port}` });
  const hub = hubOf({}, new Client({ connection, namespace: h.server.env.client.options.namespace }));
  const watches = [{ migrationTaskName: 'vm-1' }, {}].map((task) =>
    watching(hub, { progressUpdateStream: 'Cut', ...task }),
  );
  await hubOf().report(reportOf('Cut', 'vm-1', { progressPercent: 10 }));
  for (const watch of watches) await watch.sees('the first report', 'vm-1', waits(10));
  way.close();
  await hubOf().report(reportOf('Cut', 'vm-1', { progressPercent: 20 }));
  await until('both to have warned', () => warnings().length >= 2);
  await way.open();
  for (const watch of watches) await watch.sees('the second report', 'vm-1', waits(20));
  for (const watch of watches) await watch.end();
  expect(warnings()).toEqual(
    Array(2).fill(expect.stringContaining('the Temporal server does not answer a watch, which goes on')),
  );
  warned.mockRestore();
  await connection.close();
  way.close();
});

it('a watch of a namespace that does not exist fails and names it', async () => {
  const client = new Client({ connection: h.server.env.connection, namespace: 'no-such-namespace' });
  for (const task of [{}, { migrationTaskName: 'vm-1' }])
    await expect(
      hubOf({}, client)
        .watch({ progressUpdateStream: 'Nowhere', ...task })
        .next(),
    ).rejects.toMatchObject({
      name: 'NamespaceNotFoundError',
      message: expect.stringContaining('no-such-namespace'),
    });
});
