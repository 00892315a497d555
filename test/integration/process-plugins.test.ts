import { join } from 'node:path';
import { Client } from '@temporalio/client';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { MigrationHubClient } from '../../src';
import { plugins } from '../../examples/snippets/our-plugins';
import { encrypted, textsIn } from './encrypting-codec';
import { startHarness, until, type Harness } from './harness';
import { startWorkerProcess } from './worker-process';

let h: Harness;
let secret: Client;
beforeAll(async () => {
  h = await startHarness();
  const { connection, namespace } = h.server.env.client.options;
  secret = new Client({ connection, namespace, dataConverter: { payloadCodecs: [encrypted] } });
});
afterEach(() => h.stopAll());
afterAll(() => h?.close());

const MODULE = join(__dirname, '../fixtures/our-plugins.cjs');
const AROUND = join(__dirname, '../fixtures/around-plugin.cjs');

const historyOf = (id: string) => h.server.env.client.workflow.getHandle(id).fetchHistory();

it.each<[string, NodeJS.ProcessEnv, string[]]>([
  ['the flag', {}, ['--plugins', AROUND]],
  ['the variable', { TEMPORAL_MIGRATION_HUB_PLUGINS: AROUND }, []],
])(
  'an encrypting application uses the worker process with its plugins, named by %s: no history shows what was reported (R50)',
  async (name, variables, flags) => {
    const worker = await startWorkerProcess(h, variables, flags);
    await h.startUserWorker(plugins as never[]);
    const id = `vm-${name.slice(4)}`;
    const args = [id, 100];
    const migrate = { taskQueue: 'migrations', workflowId: `encrypted-${id}`, args };
    expect(await secret.workflow.execute('migrate', migrate)).toBe('COMPLETED');
    const client = new MigrationHubClient({ client: secret });
    expect(await client.lastReportedState('DatacenterExit', id)).toMatchObject({
      source: 'query',
      lastDelivered: { status: 'COMPLETED', progressPercent: 100 },
    });
    expect(h.emulator.tasks()).toContainEqual(expect.objectContaining({ migrationTaskName: id, status: 'COMPLETED' }));
    for (const workflowId of [`mgh:DatacenterExit:${id}`, 'mgh-stream:DatacenterExit', migrate.workflowId]) {
      const text = textsIn(await historyOf(workflowId)).join(' ');
      expect(text).toContain('binary/encrypted');
      for (const clear of ['step 90', 'IN_PROGRESS', 'wave-1', 'statusDetail']) expect(text).not.toContain(clear);
    }
    expect(await worker.stop()).toBe(0);
    const said = worker.lines().map(({ msg }) => msg);
    expect(said).toContain('Temporal plugins: company.Encryption, company.Around');
    // Around each of the two workers.
    for (const msg of ['a worker begins', 'a worker has ended'])
      expect(said.filter((each) => each === msg)).toHaveLength(2);
  },
);

it('the number of groups of a stream is read with the codec at the start: another one is told (R50)', async () => {
  const first = await startWorkerProcess(h, {}, ['--plugins', MODULE, '--groups', '3']);
  const client = new MigrationHubClient({ client: secret });
  const task = { progressUpdateStream: 'Grouped', migrationTaskName: 'vm-1', status: 'IN_PROGRESS' } as const;
  await client.waitForDelivery(await client.report(task));
  expect(await first.stop()).toBe(0);
  const second = await startWorkerProcess(h, {}, ['--plugins', MODULE, '--groups', '2']);
  await until('it says so', () =>
    second
      .lines()
      .some(({ msg }) =>
        msg.startsWith('the stream Grouped has a group for each task, and groups is 2 in this worker'),
      ),
  );
  expect(await second.stop()).toBe(0);
});

it('without its codec the worker process says what is missing, and nothing is lost (R50)', async () => {
  const client = new MigrationHubClient({ client: secret });
  const task = { progressUpdateStream: 'Missing', migrationTaskName: 'vm-1', status: 'IN_PROGRESS' } as const;
  const reported = await client.report(task);
  const without = await startWorkerProcess(h);
  await until('it says so', () =>
    without.lines().some((line) => JSON.stringify(line).includes('Unknown encoding: binary/encrypted')),
  );
  expect(await without.stop()).toBe(0);
  const worker = await startWorkerProcess(h, {}, ['--plugins', MODULE]);
  await client.waitForDelivery(reported);
  expect(await worker.stop()).toBe(0);
});
