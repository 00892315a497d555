import { Gauge, Registry } from 'prom-client';
import { expect, it } from 'vitest';
import { NOT_BEGUN } from '../../src/migration-hub/pace';
import type { NotifyItem, Outcome } from '../../src/task-state';
import { coreAtLoopback } from '../../src/worker/metrics/core-metrics';
import { HubMetrics } from '../../src/worker/metrics/hub-metrics';
import { metricsRoute } from '../../src/worker/metrics/metrics-route';
import { metricsSettings, type MetricsOptions } from '../../src/worker/metrics/options';
import { scrapeOf } from '../integration/scrapes';
import { AT, itemOf } from './activities';

const FAILURE = { type: 'ThrottlingException', message: 'Rate exceeded', retry: 'backoff' } as const;
const owners = (heartbeat: boolean) => ({ workflows: [{ workflowId: 'wave-7' }], heartbeat });

async function after(...tries: [NotifyItem, Outcome][]) {
  const registry = new Registry();
  const metrics = new HubMetrics(registry);
  for (const [item, outcome] of tries) metrics.tried(item, outcome);
  const scrape = scrapeOf(await registry.metrics());
  return (series: string) => scrape.get(`migration_hub_${series}`);
}

it.each<[string, Outcome]>([
  ['delivered', {}],
  ['delivered', { attempts: 2, registeredAnew: true }],
  ['backoff', { failure: FAILURE }],
  ['operator', { failure: { ...FAILURE, retry: 'operator' }, unregistered: true }],
  ['newer_held', { found: { status: 'COMPLETED' } }],
  ['owner_ended', { ownerEnd: 'FAILED' }],
  ['not_begun', { notBegun: true }],
])('a notification counts as %s: %j', async (label, outcome) => {
  const value = await after([itemOf('vm-1'), outcome]);
  expect(value(`notifications_total{outcome="${label}"}`)).toBe(1);
});

it.each<[boolean, string, Partial<NotifyItem>]>([
  [true, 'the workflow says so', { owners: owners(true), dueBy: AT - 5 }],
  [false, 'the workflow says that it is a report', { owners: owners(false), dueBy: AT + 900 }],
  [true, 'it need not be there as soon as a report', { dueBy: AT + 900 }],
  [false, 'it is to be there as soon as a report', { dueBy: AT + 20 }],
  [false, 'nothing is known of it', {}],
])('a notification is a heartbeat (%s) where %s', async (isHeartbeat, _, more) => {
  const value = await after([itemOf('vm-1', {}, more), {}], [itemOf('vm-2', {}, more), { failure: FAILURE }]);
  expect([value('heartbeats_total'), value('deadline_margin_seconds_count')]).toEqual(isHeartbeat ? [1, 1] : [0, 0]);
});

it('attributes alone are no notification, and what they fail with is a retry', async () => {
  const { notification: _, ...attributes } = itemOf('vm-1');
  const value = await after([attributes, {}], [attributes, { attachmentFailures: { 0: FAILURE } }]);
  expect(value('notifications_total{outcome="delivered"}')).toBe(0);
  expect(value('retries_total{reason="ThrottlingException"}')).toBe(1);
});

it('what was not begun is no retry', async () => {
  const value = await after([itemOf('vm-1', {}, { attach: [] }), { attachmentFailures: { 0: NOT_BEGUN } }]);
  expect(value('retries_total{reason="other"}')).toBe(0);
});

it('names of errors that anybody may make up do not become labels', async () => {
  const made = ['x"} 1\n', '__proto__', 'constructor', 'DryRunOperation', ''];
  const value = await after(
    ...made.map((type): [NotifyItem, Outcome] => [itemOf('a'), { failure: { ...FAILURE, type } }]),
  );
  expect(value('retries_total{reason="other"}')).toBe(made.length);
});

it('workers that share a registry count in the same metrics; another metric of such a name is refused', async () => {
  const registry = new Registry();
  for (const metrics of [new HubMetrics(registry), new HubMetrics(registry, 'default')]) metrics.tried(itemOf('a'), {});
  expect(await registry.metrics()).toContain('migration_hub_notifications_total{outcome="delivered"} 2');
  const taken = new Registry();
  new Gauge({ name: 'migration_hub_heartbeats_total', help: 'ours', registers: [taken] });
  expect(() => new HubMetrics(taken)).toThrow('already has a Gauge migration_hub_heartbeats_total');
});

it('tasks of two namespaces are counted apart, and one that cannot be counted takes nothing from the other', async () => {
  const registry = new Registry();
  const [one, other] = ['one', 'other'].map((namespace) => new HubMetrics(registry, namespace));
  one?.counted({ byFreshness: new Map([['stale', 3]]), oldestAtRiskSeconds: 60 });
  other?.counted({ byFreshness: new Map([['stale', 5]]), oldestAtRiskSeconds: 7 });
  other?.counted(undefined);
  const text = await registry.metrics();
  expect(text).toContain('migration_hub_tasks{temporal_namespace="one",freshness="stale"} 3');
  expect(text).toContain('migration_hub_oldest_at_risk_seconds{temporal_namespace="one"} 60');
  expect(text).not.toContain('temporal_namespace="other"');
});

it.each<[unknown, string]>([
  [{}, 'metrics.registry is no Registry'],
  [{ registry: {} }, 'metrics.registry is no Registry'],
  [null, 'the options of metrics are null'],
  [{ registry: new Registry(), tasksEverySeconds: 5 }, 'metrics.tasksEverySeconds is 5'],
  [{ registry: new Registry(), tasksEverySeconds: '600' }, 'metrics.tasksEverySeconds is "600"'],
  [{ registry: new Registry(), taskEverySeconds: 600 }, 'did you mean tasksEverySeconds?'],
])('wrong options are refused: %o', (options, message) => {
  expect(() => metricsSettings(options as MetricsOptions)).toThrow(message);
});

it('where Core does not answer, its metrics are missing with a line that says why; requests at once are answered once', async () => {
  const registry = new Registry();
  new HubMetrics(registry);
  let asked = 0;
  const core = await coreAtLoopback();
  const route = metricsRoute(registry, { ...core, text: () => (asked++, core.text()) });
  const answers = await Promise.all(Array.from({ length: 20 }, () => route.answer()));
  expect(asked).toBe(1);
  const { status, body } = answers[0] as (typeof answers)[0];
  expect(status).toBe(200);
  expect(body).toMatch(/^migration_hub_heartbeats_total 0$/m);
  expect(body).toMatch(/\n# the metrics of Temporal Core could not be read: .+\n$/);
});
