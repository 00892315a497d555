import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { MigrationHubClient } from '../../src/client/migration-hub-client';
import { MigrationHubPlugin } from '../../src/worker/plugin';
import { startHarness, until, type Harness } from './harness';

let h: Harness;
beforeAll(async () => {
  h = await startHarness();
});
afterEach(() => h.stopAll());
afterAll(() => h?.close());

const start = (name: string, args: unknown[], id: string) =>
  h.server.env.client.workflow.start(name, { taskQueue: 'migrations', workflowId: id, args });
const hubTask = (name: string) => h.emulator.tasks().find((task) => task.migrationTaskName === name);

describe('a migration on a real server, with the real AWS SDK against the emulator', () => {
  it('arrives at Migration Hub step by step, and the query says what Migration Hub holds', async () => {
    const hub = await h.startHub();
    const user = await h.startUserWorker();
    const handle = await start('migrate', ['web-01', 1500], 'migrate-web-01');
    expect(await handle.result()).toBe('COMPLETED');
    const view = await new MigrationHubClient({ client: h.server.env.client }).lastReportedState(
      'DatacenterExit',
      'web-01',
    );
    const held = hubTask('web-01');
    expect(held).toMatchObject({ status: 'COMPLETED', progressPercent: 100, stale: false, staleSeconds: 0 });
    expect(view?.lastDelivered).toMatchObject({
      status: held?.status,
      progressPercent: held?.progressPercent,
      updateDateTime: held?.updateDateTime,
      nextUpdateSeconds: held?.nextUpdateSeconds,
    });
    expect(view).toMatchObject({ freshness: 'terminal', labels: { wave: 'wave-1' } });
    const failing = await start('migrate', ['web-02', 100, true], 'migrate-web-02');
    expect(await failing.result()).toBe('FAILED');
    expect(hubTask('web-02')).toMatchObject({ status: 'FAILED', statusDetail: 'disk full on volume 2' });
    await user.stop();
    await hub.stop();
  });

  it("refuses a wrong report in the workflow, before anything is sent, where onReportError is 'fail'", async () => {
    const user = await h.startUserWorker();
    const result = await (await start('reportWrong', [], 'wrong')).result();
    expect(result).toContain('InvalidReport: progressPercent is 101');
    expect(hubTask('wrong')).toBeUndefined();
    await user.stop();
  });

  it('needs one line in the worker: the plugin serves the Migration Hub queues beside it', async () => {
    const plugin = new MigrationHubPlugin({ region: 'us-west-2', endpoint: h.emulator.url });
    const user = await h.startUserWorker([plugin, plugin] as never[]);
    expect(await (await start('migrate', ['db-01', 100], 'migrate-db-01')).result()).toBe('COMPLETED');
    await user.stop();
  });

  it('lets migrations go on while its workers are down, and delivers the terminal state once they are back', async () => {
    const user = await h.startUserWorker();
    const handle = await start('migrate', ['app-01', 200, false, 60, 2], 'migrate-app-01');
    await until('all of its steps', async () => {
      const { events } = await handle.fetchHistory();
      return (events ?? []).filter((event) => event.activityTaskTimedOutEventAttributes).length >= 3;
    });
    const hub = await h.startHub();
    expect(await handle.result()).toBe('COMPLETED');
    const terminal = h.emulator
      .requests({ operation: 'NotifyMigrationTaskState', task: 'app-01' })
      .filter(({ body }) => JSON.stringify(body).includes('COMPLETED'));
    expect(terminal).toHaveLength(1);
    await user.stop();
    await hub.stop();
  });

  it('takes 40 tasks of one group reporting at once under throttling: none lost', async () => {
    h.emulator.setFaults([
      {
        match: { operation: 'NotifyMigrationTaskState' },
        probability: 0.3,
        seed: 7,
        action: { type: 'throttle', retryAfterSeconds: 1 },
      },
      { match: { operation: 'NotifyMigrationTaskState' }, probability: 0.05, seed: 8, action: { type: 'html-503' } },
      { match: { operation: 'NotifyMigrationTaskState' }, probability: 0.02, seed: 9, action: { type: 'reset' } },
    ]);
    const hub = await h.startHub({ groups: { Batch: 1 } });
    const client = new MigrationHubClient({ client: h.server.env.client, groups: 1 });
    const names = Array.from({ length: 40 }, (_, i) => `batch-${i}`);
    const report = (migrationTaskName: string, status: 'IN_PROGRESS' | 'COMPLETED', progressPercent: number) =>
      client.report({
        progressUpdateStream: 'Batch',
        migrationTaskName,
        status,
        progressPercent,
        nextUpdateSeconds: 600,
      });
    await Promise.all(names.map((name) => report(name, 'IN_PROGRESS', 10)));
    const last = await Promise.all(names.map((name) => report(name, 'COMPLETED', 100)));
    await Promise.all(last.map((accepted) => client.waitForDelivery(accepted)));
    for (const name of names) expect(hubTask(name), name).toMatchObject({ status: 'COMPLETED', staleSeconds: 0 });
    h.emulator.clearFaults();
    await expect(report('batch-1', 'IN_PROGRESS', 20).then((late) => client.waitForDelivery(late))).rejects.toThrow(
      'already COMPLETED',
    );
    await hub.stop();
  });

  it('shows a report that Migration Hub will not take, and cures it without a restart', async () => {
    h.emulator.setFaults([{ match: { operation: 'NotifyMigrationTaskState' }, action: { type: 'access-denied' } }]);
    const hub = await h.startHub({ groups: { Batch: 1 } });
    const client = new MigrationHubClient({ client: h.server.env.client });
    const accepted = await client.report({
      progressUpdateStream: 'Denied',
      migrationTaskName: 'vm-1',
      status: 'IN_PROGRESS',
    });
    await until(
      'the failure in the query',
      async () => (await client.lastReportedState('Denied', 'vm-1'))?.lastFailure?.type === 'AccessDeniedException',
    );
    expect((await client.lastReportedState('Denied', 'vm-1'))?.freshness).toBe('never-delivered');
    expect(h.emulator.requests({ operation: 'NotifyMigrationTaskState', task: 'vm-1' })).toHaveLength(1);
    h.emulator.clearFaults();
    await client.waitForDelivery(accepted);
    await hub.stop();
  });
});
