import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Registry } from 'prom-client';
import { expect, it } from 'vitest';
import { ALERTS } from '../../dev/monitoring/rules';
import { FRESHNESS } from '../../src/task-state';
import { HubMetrics } from '../../src/worker/metrics/hub-metrics';
import { OUTCOMES, REASONS } from '../../src/worker/metrics/labels';

const DOC = readFileSync(join(__dirname, '../../docs/metrics.md'), 'utf8');
/** The first cells of all rows that begin with code of this form. */
const firstCells = (form: RegExp) =>
  DOC.split('\n').flatMap((line) => form.exec(/^\| `([^`]+)` \|/.exec(line)?.[1] ?? '')?.[0] ?? []);
const registry = new Registry();
new HubMetrics(registry, 'default');

it('docs/metrics.md has every metric, and no other', () => {
  const names = registry.getMetricsAsArray().map(({ name }) => name);
  expect(firstCells(/^migration_hub_.*/).sort()).toEqual(names.sort());
});

it('docs/metrics.md has every outcome, reason, freshness and alert', () => {
  const rows = firstCells(/.*/);
  for (const outcome of OUTCOMES) expect(rows).toContain(outcome);
  for (const name of [...REASONS, ...FRESHNESS]) expect(DOC).toContain(`\`${name}\``);
  expect(firstCells(/^MigrationHub.*/).sort()).toEqual(ALERTS.map(({ name }) => name).sort());
});

const UNITS: Record<string, number> = { s: 1, m: 60, minute: 60, minutes: 60, h: 3600, hours: 3600, d: 86_400 };
/** All durations in words, such as "5 minutes" or "a minute", in seconds. */
const durationsIn = (text: string) =>
  [...text.matchAll(/\b(\d+|a) (s|minutes?|hours)\b/g)].map(
    ([, count = '', unit = '']) => (count === 'a' ? 1 : Number(count)) * (UNITS[unit] ?? NaN),
  );
const durationOf = (text: string) => Number.parseInt(text, 10) * (UNITS[text.slice(-1)] ?? NaN);

it.each(ALERTS)('docs/metrics.md has the times of the alert $name, and no other', ({ name, expr, lasting }) => {
  const row = DOC.split('\n').find((line) => line.startsWith(`| \`${name}\` |`)) ?? '';
  const ranges = [...expr.matchAll(/\[(\w+)\]/g)].map(([, range = '']) => durationOf(range));
  // What is compared with less is a number of tasks, or a share.
  const limits = [...expr.matchAll(/> ([\d.]+)/g)].map(([, limit]) => Number(limit)).filter((limit) => limit > 1);
  const told = durationsIn(row);
  for (const duration of told) expect([durationOf(lasting), ...ranges, ...limits]).toContain(duration);
  for (const limit of limits) expect(told).toContain(limit);
  if (durationOf(lasting) > 60) expect(told).toContain(durationOf(lasting));
});

it('every series of a counter is there from the start, and tasks that nobody has counted have no value', async () => {
  const text = await registry.metrics();
  for (const outcome of OUTCOMES) expect(text).toContain(`migration_hub_notifications_total{outcome="${outcome}"} 0`);
  for (const reason of REASONS) expect(text).toContain(`migration_hub_retries_total{reason="${reason}"} 0`);
  expect(text).not.toMatch(/^migration_hub_(tasks|oldest)/m);
});
