import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, connect as connectTo, type AddressInfo, type Socket } from 'node:net';
import { join } from 'node:path';
import { NativeConnection, Worker } from '@temporalio/worker';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { MigrationHubPlugin, type MigrationHubPluginOptions } from '../../src';
import { LOADED_MACHINE } from '../../src/worker/loaded-machine';
import { bundleOf, MIGRATIONS } from '../bundles';
import { logged, startHarness, until, type Harness } from './harness';

let h: Harness;
beforeAll(async () => {
  h = await startHarness({}, {});
});
afterEach(async () => {
  await h.stopAll();
  h.emulator.clearFaults();
  h.emulator.clearOutage();
});
afterAll(() => h?.close());

const NOTIFY = 'NotifyMigrationTaskState';
const pluginOf = (more: MigrationHubPluginOptions = {}) =>
  new MigrationHubPlugin({ region: 'us-west-2', endpoint: h.emulator.url, ...more });
async function workerWith(plugin: MigrationHubPlugin, address = h.server.address) {
  const connection = await NativeConnection.connect({ address });
  const workflowBundle = await bundleOf(MIGRATIONS);
  const plugins = [plugin] as never[];
  const worker = await Worker.create({ connection, taskQueue: 'drained', workflowBundle, ...LOADED_MACHINE, plugins });
  return { worker, connection };
}
/** Ends without waiting for delivery. */
const execute = (name: string, taskQueue = 'drained', ...stream: string[]) =>
  h.server.env.client.workflow.execute('completes', {
    taskQueue,
    workflowId: `drain-${name}`,
    args: [name, ...stream],
  });
const statusOf = (name: string) => h.emulator.tasks().find((task) => task.migrationTaskName === name)?.status;
/** The line that says what was left, of those logged from `from` on. */
const leftSince = (from: number) => logged.slice(from).filter((line) => line.includes('drainSeconds'));

describe('when the last worker of the user has ended', () => {
  it('Migration Hub has the end of each migration that it ran, without delivered() (R59)', async () => {
    const { worker, connection } = await workerWith(pluginOf({ drainSeconds: 300 }));
    const names = ['one', 'two', 'three'];
    const before = logged.length;
    await worker.runUntil(Promise.all(names.map((name) => execute(name))));
    expect(names.map(statusOf)).toEqual(names.map(() => 'COMPLETED'));
    expect(leftSince(before)).toEqual([]);
    await connection.close();
  });

  it('also where Migration Hub takes it only after a while, and where tasks share a heartbeat workflow', async () => {
    h.emulator.setFaults([{ match: { operation: NOTIFY }, times: 6, action: { type: 'throttle' } }]);
    const { worker, connection } = await workerWith(pluginOf({ drainSeconds: 300, groups: { Shared: 1 } }));
    const names = ['late-1', 'late-2', 'late-3'];
    await worker.runUntil(Promise.all(names.map((name) => execute(name, 'drained', 'Shared'))));
    expect(names.map(statusOf)).toEqual(names.map(() => 'COMPLETED'));
    expect(h.emulator.requests({ operation: NOTIFY }).filter(({ error }) => error).length).toBeGreaterThan(0);
    await connection.close();
  });

  it('Migration Hub was asked to take the artifacts that a migration gave last', async () => {
    // The second waits for the end of the round of the first.
    const ASSOCIATE = 'AssociateCreatedArtifact';
    h.emulator.setFaults([{ match: { operation: ASSOCIATE }, action: { type: 'slow', ms: 1500 } }]);
    const { worker, connection } = await workerWith(pluginOf({ drainSeconds: 300 }));
    const before = logged.length;
    const artifacts = [1, 2].map((i) => `arn:aws:ec2:us-west-2:123456789012:image/ami-${i}`);
    const start = { taskQueue: 'drained', workflowId: 'drain-attached', args: ['attached', artifacts] };
    await worker.runUntil(h.server.env.client.workflow.execute('attachesLast', start));
    await connection.close();
    expect(leftSince(before)).toEqual([]);
    expect(h.emulator.requests({ operation: ASSOCIATE, task: 'attached' })).toHaveLength(2);
    expect(statusOf('attached')).toBe('COMPLETED');
  });

  it('one that Migration Hub does not take is not waited for', async () => {
    h.emulator.setFaults([{ match: { operation: 'AssociateCreatedArtifact' }, action: { type: 'access-denied' } }]);
    const { worker, connection } = await workerWith(pluginOf({ drainSeconds: 3600 }));
    const artifacts = ['arn:aws:ec2:us-west-2:123456789012:image/ami-1'];
    const start = { taskQueue: 'drained', workflowId: 'drain-denied', args: ['denied', artifacts] };
    await worker.runUntil(h.server.env.client.workflow.execute('attachesLast', start));
    await connection.close();
    expect(h.emulator.requests({ operation: 'AssociateCreatedArtifact', task: 'denied' })).toHaveLength(1);
  });

  it('it says what is left where Migration Hub is away, ends in its time, and the next worker goes on', async () => {
    h.emulator.setOutage({ type: 'html-503' });
    const { worker, connection } = await workerWith(pluginOf({ drainSeconds: 2 }));
    const before = logged.length;
    await worker.runUntil(Promise.all(['away-1', 'away-2'].map((name) => execute(name))));
    await connection.close();
    expect(leftSince(before)).toEqual([
      expect.stringMatching(
        /^the newest reports of 2 migration tasks .* within drainSeconds \(2\): Reports\/away-\d, Reports\/away-\d; nothing is lost, the next worker of the task queue migration-hub goes on with them$/,
      ),
    ]);
    h.emulator.clearOutage();
    await h.startHub();
    await until('the ends', () => ['away-1', 'away-2'].every((name) => statusOf(name) === 'COMPLETED'));
  });

  it('with drainSeconds 0 it waits for nothing, and says what is left', async () => {
    h.emulator.setFaults([{ match: { operation: NOTIFY, task: 'none' }, action: { type: 'throttle' } }]);
    const { worker, connection } = await workerWith(pluginOf({ drainSeconds: 0 }));
    const before = logged.length;
    await worker.runUntil(execute('none'));
    await connection.close();
    expect(leftSince(before)).toHaveLength(1);
  });

  it('it ends in its time where the Temporal server is gone, too', async () => {
    const sockets = new Set<Socket>();
    const [host, port] = h.server.address.split(':') as [string, string];
    const proxy = createServer((socket) => {
      const server = connectTo(Number(port), host);
      for (const each of [socket, server]) sockets.add(each.on('error', () => undefined));
      socket.pipe(server).pipe(socket);
    });
    await once(proxy.listen(0, '127.0.0.1'), 'listening');
    h.emulator.setFaults([{ match: { operation: NOTIFY, task: 'gone' }, action: { type: 'throttle' } }]);
    const address = `127.0.0.1:${(proxy.address() as AddressInfo).port}`;
    const { worker } = await workerWith(pluginOf({ drainSeconds: 2, shutdownGraceTime: '1s' }), address);
    const running = worker.run();
    await execute('gone');
    proxy.close();
    for (const socket of sockets) socket.destroy();
    const before = logged.length;
    worker.shutdown();
    await running.catch(() => undefined);
    expect(leftSince(before)).toHaveLength(1);
  });
});

it.each(['SIGTERM', 'SIGINT'] as const)(
  'a process that gets %s delivers what it has accepted first',
  async (signal) => {
    // Longer than our workers would go on by themselves after a signal.
    const name = `signal-${signal}`;
    h.emulator.setFaults([{ match: { operation: NOTIFY, task: name }, times: 4, action: { type: 'throttle' } }]);
    const script = join(__dirname, '../fixtures/plugin-process.cjs');
    const { codePath } = await bundleOf(MIGRATIONS);
    const child = spawn(process.execPath, [script, h.server.address, h.emulator.url, '300', codePath], {
      env: { ...process.env, TEMPORAL_DEBUG: undefined },
    });
    let said = '';
    child.stdout.on('data', (data: Buffer) => (said += data.toString()));
    const exit = once(child, 'exit');
    await execute(name, 'signalled');
    child.kill(signal);
    expect(await exit).toEqual([0, null]);
    expect(said).toContain('ended in order');
    expect(statusOf(name)).toBe('COMPLETED');
  },
);
