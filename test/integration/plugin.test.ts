import { SimplePlugin } from '@temporalio/plugin';
import { NativeConnection, Worker } from '@temporalio/worker';
import { Client, Connection } from '@temporalio/client';
import type { PayloadCodec } from '@temporalio/common';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { MigrationHubPlugin, type MigrationHubWorkerOptions } from '../../src';
import { logged, startHarness, until, type Harness } from './harness';
import { LOADED_MACHINE } from '../../src/worker/loaded-machine';
import { bundleOf, MIGRATIONS } from '../bundles';

let h: Harness;
beforeAll(async () => {
  h = await startHarness({}, {});
});
afterEach(() => h.stopAll());
afterAll(() => h?.close());

const pluginOf = (more: MigrationHubWorkerOptions = {}) =>
  new MigrationHubPlugin({ region: 'us-west-2', endpoint: h.emulator.url, ...more });
const migrate = (client: Client, name: string) =>
  client.workflow.execute('migrate', { taskQueue: 'migrations', workflowId: `plugin-${name}`, args: [name, 100] });
const address = () => h.server.address;

describe('the plugin', () => {
  it('serves while any of two workers with it runs', async () => {
    const plugin = pluginOf();
    const one = await h.startUserWorker([plugin] as never[], 'other-migrations');
    await h.startUserWorker([plugin] as never[]);
    await one.stop();
    expect(await migrate(h.server.env.client, 'two-workers')).toBe('COMPLETED');
  });

  it.each<[string, () => MigrationHubPlugin[]]>([
    ['the connection', () => []],
    ['the connection and the worker', () => [pluginOf()]],
  ])('may be listed on %s: it ends with the last worker of the user', async (where, more) => {
    const connection = await NativeConnection.connect({ address: address(), plugins: [pluginOf()] });
    const worker = await Worker.create({
      connection,
      taskQueue: 'migrations',
      workflowBundle: await bundleOf(MIGRATIONS),
      ...LOADED_MACHINE,
      plugins: more() as never[],
    });
    await worker.runUntil(async () => {
      expect(await migrate(h.server.env.client, `on ${where}`)).toBe('COMPLETED');
    });
    await connection.close();
  });

  it('reads what the user writes, with a codec that a later plugin brings', async () => {
    const mask = (byte: number) => byte ^ 0x5a;
    const flip: PayloadCodec['encode'] = (payloads) =>
      Promise.resolve(payloads.map((p) => ({ metadata: p.metadata, data: Uint8Array.from(p.data ?? [], mask) })));
    const dataConverter = { payloadCodecs: [{ encode: flip, decode: flip }] };
    const codec = new SimplePlugin({ name: 'codec', dataConverter });
    await h.startUserWorker([pluginOf(), codec] as never[]);
    const connection = await Connection.connect({ address: address() });
    expect(await migrate(new Client({ connection, dataConverter }), 'masked')).toBe('COMPLETED');
    await connection.close();
  });

  it('that cannot start says why and ends the worker, also one that another plugin holds back', async () => {
    const slow = new SimplePlugin({
      name: 'slow',
      runContext: async (next) => {
        await new Promise((resolve) => setTimeout(resolve, 500));
        return next();
      },
    });
    for (const others of [[], [slow]]) {
      const worker = await h.startUserWorker([
        pluginOf({ region: 'mars-north-1', endpoint: '' }),
        ...others,
      ] as never[]);
      await expect(worker.ended).rejects.toThrow('the region is mars-north-1');
    }
  });

  it('says that the event loop was blocked, and what to do', async () => {
    await h.startUserWorker([pluginOf()] as never[]);
    expect(await migrate(h.server.env.client, 'blocked')).toBe('COMPLETED');
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5000);
    await until('the warning', () =>
      logged.some((line) => /event loop of this process was blocked for \d+ s.*run the worker process/.test(line)),
    );
  });

  it('lets its worker be shut down at any time', async () => {
    await (await h.startUserWorker([pluginOf()] as never[])).stop();
  });
});
