import { Registry } from 'prom-client';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ALERTS } from '../../dev/monitoring/rules';
import { MigrationHubClient, MigrationHubError, MigrationHubPlugin, type TaskReport } from '../../src';
import type { FaultAction } from '../../src/emulator/faults/types';
import type { CallOptions, MigrationHubApi } from '../../src/migration-hub/api';
import { createAwsMigrationHub } from '../../src/migration-hub/aws-migration-hub';
import { ERROR_TABLE } from '../../src/migration-hub/errors';
import { FRESHNESS, type NotifyFailure, type TaskNotification } from '../../src/task-state';
import { OUTCOMES, REASONS } from '../../src/worker/metrics/labels';
import type { MigrationHubWorkerOptions } from '../../src/worker/options';
import { startHarness, until, type Harness } from './harness';
import { expectFiring, moved, scrapeOf, type Scrape } from './scrapes';

const NOTIFY = 'NotifyMigrationTaskState';
const STREAM = 'Measured';
const GROUPS = { Named: 1, Slow: 1 };
const heartbeat = { heartbeatFraction: 0.1 };

let h: Harness;
let client: MigrationHubClient;
const registry = new Registry();
const scrape = async (): Promise<Scrape> => scrapeOf(await registry.metrics());
/** As Prometheus would have seen it at some moments. */
const seen: Record<string, Scrape> = {};

beforeAll(async () => {
  h = await startHarness();
  client = new MigrationHubClient({ client: h.server.env.client, groups: GROUPS, heartbeat });
});
afterAll(() => h?.close());

const startMeasured = (options: MigrationHubWorkerOptions = {}) =>
  h.startHub({
    groups: GROUPS,
    heartbeat,
    requestTimeoutSeconds: 3,
    metrics: { registry, tasksEverySeconds: 10 },
    ...options,
  });
const report = (migrationTaskName: string, more: Partial<TaskReport> = {}, progressUpdateStream = STREAM) =>
  client.report({ progressUpdateStream, migrationTaskName, status: 'IN_PROGRESS', nextUpdateSeconds: 45, ...more });
const deliver = async (...args: Parameters<typeof report>) => client.waitForDelivery(await report(...args));

/** Waits until all of these series of a metric are above 0. */
const untilMoved = (metric: string, label: string, values: readonly string[]) =>
  until(`${metric} to move for ${values.join(', ')}`, async () => {
    const now = await scrape();
    return values.every((value) => (now.get(`${metric}{${label}="${value}"}`) ?? 0) > 0);
  });
const tasksOf = (freshness: string) =>
  `migration_hub_tasks{temporal_namespace="${h.namespace}",freshness="${freshness}"}`;

/** Faults of the emulator, and the reason that is counted. */
const FAULTS: [FaultAction['type'], string][] = [
  ['throttle', 'ThrottlingException'],
  ['service-unavailable', 'ServiceUnavailableException'],
  ['internal', 'InternalServerError'],
  ['access-denied', 'AccessDeniedException'],
  ['home-region-not-set', 'HomeRegionNotSetException'],
  ['policy-error', 'PolicyErrorException'],
  ['expired-token', 'ExpiredTokenException'],
  ['invalid-signature', 'InvalidSignatureException'],
  ['reset', 'NetworkError'],
  ['hang', 'TimeoutError'],
  ['bad-json', 'UnparseableAnswer'],
];

const startOwner = (workflowId: string) =>
  h.server.env.client.workflow.start('owner', { workflowId, taskQueue: 'nobody-serves-it' });
const ownedBy = (workflowId: string) => ({
  owner: { ownerId: workflowId, workflowId, sequence: 1, reportedAt: Date.now() / 1000 },
});

it('each fault of Migration Hub is counted by its reason, and what becomes of notifications by outcome', async () => {
  await startMeasured();
  await startOwner('owner-open');
  const gone = await startOwner('owner-gone');
  for (const name of ['healthy', 'at-risk', 'terminated']) await deliver(name, { progressPercent: 10 });
  await deliver('done', { status: 'COMPLETED' });
  await deliver('cut-off', ownedBy('owner-open'));
  await deliver('left', ownedBy('owner-gone'));
  await until('a heartbeat', async () => ((await scrape()).get('migration_hub_heartbeats_total') ?? 0) > 0);
  seen['calm'] = await scrape();
  await gone.terminate();
  await h.server.env.client.workflow.getHandle(`mgh:${STREAM}:terminated`).terminate();
  const cutOff = (task: string): FaultAction => ({ type: task === 'cut-off' ? 'throttle' : 'service-unavailable' });
  h.emulator.setFaults([
    ...FAULTS.map(([type]) => ({ match: { task: type, operation: NOTIFY }, action: { type } as FaultAction })),
    ...['cut-off', 'at-risk'].map((task) => ({ match: { task, operation: NOTIFY }, action: cutOff(task) })),
  ]);
  for (const [type] of FAULTS) await report(type);
  await report('at-risk', { progressPercent: 60, nextUpdateSeconds: 3600 });
  await untilMoved(
    'migration_hub_retries_total',
    'reason',
    FAULTS.map(([, reason]) => reason),
  );
  await untilMoved('migration_hub_notifications_total', 'outcome', ['delivered', 'backoff', 'operator', 'owner_ended']);
  seen['faults'] = await scrape();
});

it('all tasks are counted by freshness, and how long the one waits that waits longest', async () => {
  await until('each freshness but stale', async () => {
    const now = await scrape();
    return FRESHNESS.every((each) => each === 'stale' || (now.get(tasksOf(each)) ?? 0) > 0);
  });
  // 45 s after what it delivered last.
  await until('a stale task', async () => ((await scrape()).get(tasksOf('stale')) ?? 0) > 0);
  seen['stale'] = await scrape();
  expect(
    seen['stale'].get(`migration_hub_oldest_at_risk_seconds{temporal_namespace="${h.namespace}"}`),
  ).toBeGreaterThan(25);
});

it('a heartbeat that comes after the deadline has a margin below 0; others have what was left', async () => {
  const late = 'migration_hub_deadline_margin_seconds_bucket{le="0"}';
  // The only one whose heartbeats fail: the task that was stale first may be another.
  const isLate = () =>
    h.emulator.tasks().some(({ migrationTaskName, stale }) => migrationTaskName === 'cut-off' && stale);
  await until('a heartbeat to be late', isLate);
  h.emulator.clearFaults();
  await until('a late heartbeat', async () => ((await scrape()).get(late) ?? 0) > 0);
  seen['late'] = await scrape();
  const [count = 0, lates = 0] = ['migration_hub_deadline_margin_seconds_count', late].map((s) => seen['late']?.get(s));
  expect(count).toBeGreaterThan(lates);
  // Of 45 s a tenth had passed.
  const within30 = seen['late'].get('migration_hub_deadline_margin_seconds_bucket{le="30"}') ?? 0;
  expect(count).toBeGreaterThan(within30);
});

it('an outage and slow answers are seen in retries and in the time of calls', async () => {
  h.emulator.setFaults([{ match: { operation: NOTIFY }, action: { type: 'throttle' } }]);
  const throttled = 'migration_hub_retries_total{reason="ThrottlingException"}';
  const untilThrottled = async (since: Scrape, times: number) => {
    await until(
      'throttled heartbeats',
      async () => ((await scrape()).get(throttled) ?? 0) >= (since.get(throttled) ?? 0) + times,
    );
    return scrape();
  };
  seen['outage'] = await untilThrottled(await scrape(), 1);
  seen['outage, later'] = await untilThrottled(seen['outage'], 3);
  h.emulator.setFaults([{ match: { operation: NOTIFY }, action: { type: 'slow', ms: 2600 } }]);
  seen['slow'] = await scrape();
  const slow = async (since = 0) => ((await scrape()).get('migration_hub_notify_seconds_sum') ?? 0) > since + 10;
  await until('slow calls', () => slow(seen['slow']?.get('migration_hub_notify_seconds_sum')));
  seen['slow, later'] = await scrape();
  h.emulator.clearFaults();
});

/** What Migration Hub itself, or the way to it, seldom does. `onHeld`: a call is on its way until its round is asked to end. */
function failing(aws: MigrationHubApi, onHeld: () => void): MigrationHubApi {
  return {
    ...aws,
    async notifyMigrationTaskState(n: TaskNotification, options?: CallOptions) {
      if (n.progressUpdateStream === 'Named') throw new MigrationHubError(failureOf(n.migrationTaskName));
      if (n.statusDetail === 'first') {
        onHeld();
        await new Promise((resolve) => options?.waitSignal?.addEventListener('abort', resolve));
      }
      return aws.notifyMigrationTaskState(n, options);
    },
  };
}
const failureOf = (reason: string): NotifyFailure => ({
  type: reason === 'other' ? 'NobodyForesawIt' : reason,
  message: 'made up',
  retry: (ERROR_TABLE[reason] ?? 'backoff') as NotifyFailure['retry'],
});

it('the reasons and outcomes that are left are counted, too', async () => {
  await h.stopAll();
  seen['before the rest'] = await scrape();
  const aws = createAwsMigrationHub({ region: 'us-west-2', endpoint: h.emulator.url });
  const held = { progressUpdateStream: 'Held', migrationTaskName: 'vm-1' };
  await aws.createProgressUpdateStream('Held');
  await aws.importMigrationTask(held);
  const updateDateTime = Math.floor(Date.now() / 1000);
  await aws.notifyMigrationTaskState({ ...held, status: 'COMPLETED', updateDateTime, nextUpdateSeconds: 3600 });
  await report('vm-1', {}, 'Held');
  // Both in one round, which the workflow ends for the newer report.
  await report('a', { statusDetail: 'first' }, 'Slow');
  await report('b', { statusDetail: 'second' }, 'Slow');
  const rest = REASONS.filter((reason) => !FAULTS.some(([, counted]) => counted === reason));
  for (const reason of rest) await report(reason, {}, 'Named');
  let isHeld = false;
  await startMeasured({ hub: failing(aws, () => (isHeld = true)), concurrency: 1 });
  await until('a call is on its way', () => isHeld);
  await report('a', { statusDetail: 'newer' }, 'Slow');
  await untilMoved('migration_hub_retries_total', 'reason', rest);
  await untilMoved('migration_hub_notifications_total', 'outcome', OUTCOMES);
  seen['the rest'] = await scrape();
});

it('after the workers have ended, nothing is said of how many tasks there are', async () => {
  const counted = async () =>
    [...(await scrape()).keys()].filter((series) => /^migration_hub_(tasks|oldest_at_risk_seconds)\{/.test(series));
  await until('a count', async () => (await counted()).length > FRESHNESS.length);
  await h.stopAll();
  await until('no count', async () => (await counted()).length === 0);
});

it('with the plugin, its workers count in the registry of the user', async () => {
  await h.stopAll();
  const own = new Registry();
  const plugin = new MigrationHubPlugin({ region: 'us-west-2', endpoint: h.emulator.url, metrics: { registry: own } });
  await h.startUserWorker([plugin as never]);
  const started = { taskQueue: 'migrations', workflowId: 'with-plugin', args: ['vm-plugin', 100] };
  expect(await h.server.env.client.workflow.execute('migrate', started)).toBe('COMPLETED');
  // Three steps and the end; a later one may take the place of one before.
  const delivered = scrapeOf(await own.metrics()).get('migration_hub_notifications_total{outcome="delivered"}');
  expect(delivered).toBeGreaterThan(0);
});

/** Each alert, what was scraped before and after, and the minute at which it fires. */
const FIRED: [string, string, string, number][] = [
  ['MigrationHubTasksStale', 'calm', 'stale', 15],
  ['MigrationHubTasksWait', 'calm', 'stale', 55],
  ['MigrationHubTasksUnattended', 'calm', 'stale', 15],
  ['MigrationHubTakesNothing', 'outage', 'outage, later', 18],
  ['MigrationHubThrottles', 'outage', 'outage, later', 18],
  ['MigrationHubRefusesAccess', 'calm', 'faults', 15],
  ['MigrationHubRejects', 'before the rest', 'the rest', 15],
  ['MigrationHubHeartbeatsLate', 'stale', 'late', 12],
  ['MigrationHubSlow', 'slow', 'slow, later', 18],
  ['MigrationHubNoWorker', 'nobody', 'nobody', 15],
];

it('every alert is tried', () => {
  expect(FIRED.map(([alert]) => alert).sort()).toEqual(ALERTS.map(({ name }) => name).sort());
});

it.each(FIRED)('the alert %s fires by what was measured', async (alert, before, after, minute) => {
  const empty: Scrape = new Map();
  await expectFiring(alert, { before: seen[before] ?? empty, after: seen[after] ?? empty, minute });
});

it('no alert fires while all is well', async () => {
  const calm = new Map([...(seen['calm'] as Scrape)].filter(([series]) => !series.startsWith('migration_hub_tasks{')));
  await expectFiring(undefined, { before: calm, after: calm, minute: 30 });
});

it('every metric has moved', () => {
  const names = registry.getMetricsAsArray().map(({ name }) => name);
  const nothing: Scrape = new Map([...(seen['the rest'] as Scrape).keys()].map((series) => [series, 0]));
  const still = names.filter((name) => Object.values(seen).every((each) => moved(nothing, each, name).length === 0));
  expect(still).toEqual([]);
});
