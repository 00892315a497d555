import { NativeConnection, Worker, type WorkerOptions } from '@temporalio/worker';
import { Client } from '@temporalio/client';
import type { PayloadCodec } from '@temporalio/common';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { MigrationHubPlugin, type MigrationHubPluginOptions } from '../../src';
import { registerNamespace, startHarness, until, type Harness } from './harness';
import { LOADED_MACHINE } from '../../src/worker/loaded-machine';
import { bundleOf, MIGRATIONS } from '../bundles';

let h: Harness;
let connection: NativeConnection;
beforeAll(async () => {
  h = await startHarness({}, {});
});
beforeEach(async () => {
  connection = await NativeConnection.connect({ address: h.server.address });
});
afterEach(async () => {
  h.emulator.clearFaults();
  await stopAll();
});
afterAll(() => h?.close());

const running: { worker: Worker; ended: Promise<void> }[] = [];
async function start(plugin: MigrationHubPlugin, taskQueue: string, more: Partial<WorkerOptions> = {}) {
  const workflowBundle = await bundleOf(MIGRATIONS);
  const plugins = [plugin] as never[];
  const worker = await Worker.create({ connection, taskQueue, workflowBundle, ...LOADED_MACHINE, plugins, ...more });
  const ended = worker.run();
  running.push({ worker, ended });
  ended.catch(() => undefined);
  const stop = () => {
    worker.shutdown();
    return ended;
  };
  return { ended, stop, state: () => worker.getState() };
}
/** A connection can be closed only when no worker is on it any more: ours, too, have ended. */
async function stopAll(): Promise<void> {
  for (const { worker, ended } of running.splice(0)) {
    if (worker.getState() === 'RUNNING') worker.shutdown();
    await ended.catch(() => undefined);
  }
  await connection.close();
}

type Plugin = new (options?: MigrationHubPluginOptions) => MigrationHubPlugin;
const pluginOf = (more: MigrationHubPluginOptions = {}, Copy: Plugin = MigrationHubPlugin) =>
  new Copy({ region: 'us-west-2', endpoint: h.emulator.url, ...more });
const client = (): Client => h.server.env.client;
const migrate = (taskQueue: string, name: string) =>
  client().workflow.execute('migrate', { taskQueue, workflowId: `services-${name}`, args: [name, 100] });

describe('two workers on one connection, each with a plugin of its own (R45)', () => {
  const copyOfThePackage = async () => {
    vi.resetModules();
    return (await import('../../src/worker/plugin.js')).MigrationHubPlugin;
  };
  it.each<[string, () => Promise<[MigrationHubPlugin, MigrationHubPlugin]>]>([
    ['with the same options', () => Promise.resolve([pluginOf(), pluginOf()])],
    [
      'with options that mean the same',
      () =>
        Promise.resolve([
          pluginOf({ groups: { A: 2 }, shutdownGraceTime: '10s', heartbeat: {} }),
          pluginOf({ groups: { A: 2 }, concurrency: 20, drainSeconds: 10, heartbeat: { batchSize: 500 } }),
        ]),
    ],
    ['of two copies of the package', async () => [pluginOf(), pluginOf({}, await copyOfThePackage())]],
  ])('both report, %s; ours end with the last', async (how, plugins) => {
    const [one, other] = await plugins();
    const first = await start(one, 'first');
    const second = await start(other, 'second');
    expect(await Promise.all(['first', 'second'].map((queue) => migrate(queue, `${how} ${queue}`)))).toEqual([
      'COMPLETED',
      'COMPLETED',
    ]);
    await first.stop();
    expect(await migrate('second', `${how}, alone`)).toBe('COMPLETED');
    await second.stop();
    // Later workers begin anew.
    await start(other, 'second');
    expect(await migrate('second', `${how}, again`)).toBe('COMPLETED');
  });

  it('one that begins while ours still drain goes on with them', async () => {
    h.emulator.setFaults([{ match: { operation: 'NotifyMigrationTaskState' }, action: { type: 'throttle' } }]);
    const plugin = () => pluginOf({ drainSeconds: 600 });
    const first = await start(plugin(), 'first');
    await client().workflow.execute('completes', { taskQueue: 'first', workflowId: 'drains', args: ['drains'] });
    const ended = first.stop();
    await until('the end of the worker itself', () => first.state() === 'STOPPED');
    await start(plugin(), 'second');
    h.emulator.clearFaults();
    expect(await migrate('second', 'beside a drain')).toBe('COMPLETED');
    await ended;
    expect(await migrate('second', 'after a drain')).toBe('COMPLETED');
  });
});

describe('a worker whose plugin cannot share what serves its connection is ended, and said why', () => {
  const codec = (): PayloadCodec => ({ encode: (p) => Promise.resolve(p), decode: (p) => Promise.resolve(p) });
  const shared = codec();
  const withCodecs = (payloadCodecs?: PayloadCodec[]) => ({ dataConverter: { payloadCodecs } });
  it.each<[string, MigrationHubPluginOptions, Partial<WorkerOptions>, RegExp]>([
    ['another region', { region: 'eu-west-1' }, {}, /^region is "eu-west-1", but "us-west-2" .*same options.*$/],
    ['other groups', { groups: 3 }, {}, /^groups is 3, but not set in .*same options.*$/],
    ['another interval', { heartbeat: { heartbeatFraction: 0.5 } }, {}, /^heartbeat is .*same options.*$/],
    ['another drain', { drainSeconds: 3 }, {}, /^drainSeconds is 3, but 10 in .*same options.*$/],
    ['a codec (R49)', {}, withCodecs([codec()]), /^dataConverter.payloadCodecs is not that of .*same codec objects$/],
  ])('%s', async (_what, options, more, message) => {
    const first = await start(pluginOf(), 'first');
    const refused = await start(pluginOf(options), 'second', more);
    await expect(refused.ended).rejects.toThrow(message);
    // The first is left alone.
    expect(first.state()).toBe('RUNNING');
  });

  it('but the same codec objects in another data converter are the same', async () => {
    const first = await start(pluginOf(), 'first', withCodecs([shared]));
    await start(pluginOf(), 'second', withCodecs([shared]));
    expect(await migrate('second', 'codec')).toBe('COMPLETED');
    expect(first.state()).toBe('RUNNING');
  });
});

it('two namespaces on one connection have workers of their own, with options of their own', async () => {
  const namespace = 'services-other';
  await registerNamespace(h.server.env.connection, namespace);
  const other = new Client({ connection: h.server.env.connection, namespace });
  await other.workflow.start('migrate', { taskQueue: 'first', workflowId: 'other', args: ['other', 100] });
  await start(pluginOf(), 'first');
  await start(pluginOf({ groups: 2 }), 'first', { namespace });
  expect(await migrate('first', 'namespace')).toBe('COMPLETED');
  expect(await other.workflow.getHandle('other').result()).toBe('COMPLETED');
});
