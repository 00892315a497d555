import { Client } from '@temporalio/client';
import { Registry } from 'prom-client';
import { expect, it } from 'vitest';
import { MigrationHubClient } from '../../src';
import { TaskTable } from '../../src/board/data/task-table';
import { TaskWatch } from '../../src/board/data/task-watch';
import type { BoardStatus } from '../../src/board/wire';
import { groupFromHistory } from '../../src/client/history/group-from-history';
import { HubMetrics } from '../../src/worker/metrics/hub-metrics';
import { countTasks } from '../../src/worker/metrics/task-counts';
import { createMigrationHubWorkers } from '../../src/worker/workers';
import { encrypted } from './encrypting-codec';
import { logged, startHarness, until } from './harness';
import { scrapeOf } from './scrapes';

it('an encrypted history is read with the codec, and without it is refused, not misread', async () => {
  const h = await startHarness();
  const task = { progressUpdateStream: 'Secret', migrationTaskName: 'vm-1', status: 'IN_PROGRESS' } as const;
  const dataConverter = { payloadCodecs: [encrypted] };
  const { namespace } = h;
  const { nativeConnection: connection, connection: ours } = h.server.env;
  const options = { region: 'us-west-2', endpoint: h.emulator.url };
  const workers = await createMigrationHubWorkers({ connection, namespace, dataConverter }, options);
  const running = workers.run();
  const secret = new MigrationHubClient({ client: new Client({ connection: ours, namespace, dataConverter }) });
  try {
    await secret.waitForDelivery(await secret.report({ ...task, progressPercent: 10 }));
  } finally {
    workers.shutdown();
    await running;
  }
  await secret.report({ ...task, progressPercent: 20 });
  expect(await secret.lastReportedState('Secret', 'vm-1')).toMatchObject({
    source: 'history',
    lastDelivered: { progressPercent: 10 },
    pending: { progressPercent: 20 },
  });
  const misread = groupFromHistory(h.server.env.client, 'mgh:Secret:vm-1');
  await expect(misread).rejects.toThrow(
    'Unknown encoding: binary/encrypted (does this client lack a codec of the workers, or a key of it?)',
  );

  // Who counts all tasks goes on with the others.
  const plain = new MigrationHubClient({ client: h.server.env.client });
  await plain.report({ ...task, progressUpdateStream: 'Plain' });
  const registry = new Registry();
  const ending = new AbortController();
  const counting = countTasks(h.server.env.client, new HubMetrics(registry, namespace), 1, ending.signal);
  const isCounted = async () =>
    scrapeOf(await registry.metrics()).get(
      `migration_hub_tasks{temporal_namespace="${namespace}",freshness="never-delivered"}`,
    ) === 1;
  await until('the other task to be counted', isCounted);
  await until('the log to name the one that is not', () =>
    logged.some((line) => /^tasks are left out of the metrics: the history of mgh:Secret:vm-1 /.test(line)),
  );
  ending.abort();
  await counting;
  const table = new TaskTable();
  let status: BoardStatus | undefined;
  const listener = { onChanges: () => undefined, onStatus: (told: BoardStatus) => (status = told) };
  const watch = new TaskWatch(h.server.env.client, table, listener, () => true);
  watch.begin();
  await until('the board to name it', () => status?.leftOut?.workflowIds === 'mgh:Secret:vm-1');
  await watch.end();
  expect(table.snapshot().join()).toContain('"progressUpdateStream":"Plain"');
  await h.close();
});
