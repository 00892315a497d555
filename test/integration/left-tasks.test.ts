import { afterAll, beforeAll, expect, it } from 'vitest';
import { MigrationHubClient, type TaskReport } from '../../src';
import { groupFromHistory } from '../../src/client/history/group-from-history';
import type { TaskStateView } from '../../src/task-state';
import { startHarness, until, type Harness } from './harness';
import { statesTold } from './journal';
import { allOf } from './listed';

const STREAM = 'Waves';
const GROUP = `mgh-group:${STREAM}:1:0`;
const ATTRIBUTES = [{ type: 'FQDN' as const, value: 'web.example.com' }];

let h: Harness;
let hub: MigrationHubClient;
beforeAll(async () => {
  h = await startHarness();
  await h.startHub();
  const heartbeat = { lingerSeconds: 1, maxHistoryEvents: 50 };
  hub = new MigrationHubClient({ client: h.server.env.client, groups: 1, heartbeat });
});
afterAll(() => h?.close());

const reportOf = (migrationTaskName: string, status: TaskReport['status'], more: Partial<TaskReport> = {}) => ({
  progressUpdateStream: STREAM,
  migrationTaskName,
  status,
  ...more,
});
const deliver = async (report: TaskReport) => hub.waitForDelivery(await hub.report(report));
const payroll = (wave: string) => ({ labels: { application: 'payroll', wave } });
const began = Date.now() / 1000;
/** Of the migration of web: the second run started after the first had ended. */
const byRun = (run: number, sequence: number): Partial<TaskReport> => ({
  owner: {
    ...{ ownerId: `run-${run}`, workflowId: 'migrate-web', runId: `run-${run}` },
    ...{ sequence, startedAt: began - 1000 + 100 * run },
  },
});
const groupOf = () => h.server.env.client.workflow.getHandle(GROUP);
const stateOf = (name: string) => hub.lastReportedState(STREAM, name);
const listed = async (labels: Record<string, string>) =>
  (await allOf(hub.list({ progressUpdateStream: STREAM, labels })))
    .map(({ migrationTaskName, lastDelivered }) => `${migrationTaskName} ${lastDelivered?.status}`)
    .sort();

it('a wave that has ended is known to its group after it has continued as new, while the next wave goes on', async () => {
  await deliver(reportOf('busy', 'IN_PROGRESS'));
  const failed = { ...payroll('1'), ...byRun(1, 1), resourceAttributes: ATTRIBUTES, progressPercent: 80 };
  await Promise.all([deliver(reportOf('web', 'FAILED', failed)), deliver(reportOf('db', 'COMPLETED', payroll('1')))]);
  await until('the first wave to leave its group', async () => {
    const { known } = await groupFromHistory(h.server.env.client, GROUP);
    const left = known.leftOnes().map(({ migrationTaskName }) => migrationTaskName);
    return ['web', 'db'].every((name) => left.includes(name));
  });
  const { runId } = await groupOf().describe();
  while ((await groupOf().describe()).runId === runId)
    await Promise.all(
      Array.from({ length: 10 }, (_, i) => hub.report(reportOf('busy', 'IN_PROGRESS', { statusDetail: `step ${i}` }))),
    );
  await deliver(reportOf('mail', 'COMPLETED', payroll('2')));

  expect(await stateOf('web')).toMatchObject({
    freshness: 'terminal',
    lastDelivered: { status: 'FAILED', progressPercent: 80 },
    ...payroll('1'),
    source: 'query',
  });
  await until('the stream to be listed', async () => (await listed({})).length === 4);
  expect(await listed({ application: 'payroll' })).toEqual(['db COMPLETED', 'mail COMPLETED', 'web FAILED']);
  expect(await listed({ wave: '1' })).toEqual(['db COMPLETED', 'web FAILED']);
  const application = { applicationId: 'd-payroll', progressUpdateStream: STREAM, application: 'payroll' };
  expect(await hub.notifyApplicationState(application)).toEqual({
    status: 'IN_PROGRESS',
    sent: true,
    tasks: { total: 3, begun: 3, completed: 2, failed: 1 },
  });

  const belated = await hub.report(reportOf('web', 'IN_PROGRESS', { ...byRun(1, 2), progressPercent: 90 }));
  await expect(hub.waitForDelivery(belated)).rejects.toMatchObject({ name: 'ReportRefusedError' });
  const again = { ...byRun(2, 1), resourceAttributes: ATTRIBUTES, progressPercent: 5 };
  expect(await deliver(reportOf('web', 'IN_PROGRESS', again))).toMatchObject({
    freshness: 'fresh',
    lastDelivered: { status: 'IN_PROGRESS', progressPercent: 5 },
    ...payroll('1'),
    counters: { reports: 2, refused: 1 },
  });
  expect(statesTold(h.emulator, 'web')).toEqual(['FAILED 80', 'IN_PROGRESS 5']);
  for (const operation of ['ImportMigrationTask', 'PutResourceAttributes'])
    expect(h.emulator.requests({ operation, task: 'web' })).toHaveLength(1);

  await Promise.all([
    deliver(reportOf('web', 'COMPLETED', { ...byRun(2, 2), progressPercent: 100 })),
    deliver(reportOf('busy', 'COMPLETED')),
  ]);
  const ledger = (await groupOf().result()) as TaskStateView[];
  expect(ledger.map(({ migrationTaskName, freshness }) => `${migrationTaskName} ${freshness}`).sort()).toEqual(
    ['busy', 'db', 'mail', 'web'].map((name) => `${name} terminal`),
  );
  expect(await hub.notifyApplicationState(application)).toMatchObject({ status: 'COMPLETED', sent: true });
});
