import { readFileSync } from 'node:fs';
import { Registry } from 'prom-client';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { ROWS } from '../../dev/monitoring/dashboard';
import { FILES, RULES_FILE } from '../../dev/monitoring/files';
import { ALERTS } from '../../dev/monitoring/rules';
import { HubMetrics } from '../../src/worker/metrics/hub-metrics';

it.each(Object.entries(FILES))(
  '%s is up to date; after a change on purpose, npm run monitoring writes it',
  (file, make) => {
    expect(readFileSync(file, 'utf8')).toBe(make());
  },
);

it('the rule file has what Prometheus reads of each alert', () => {
  const { groups } = parse(readFileSync(RULES_FILE, 'utf8')) as { groups: { rules: object[] }[] };
  const read = expect.any(String);
  const annotations = { summary: read, description: read };
  for (const rule of groups.flatMap(({ rules }) => rules))
    expect(rule).toEqual({ alert: read, expr: read, for: read, labels: { severity: read }, annotations });
});

const QUERIES = Object.values(ROWS).flatMap((panels) =>
  panels.flatMap(({ title, queries }) => queries.map(([expr]): [string, string] => [title, expr])),
);
const EXPRESSIONS = [...ALERTS.map(({ name, expr }): [string, string] => [name, expr]), ...QUERIES];

/** The names of metrics in an expression. @throws Error where it is no PromQL */
async function metricsIn(expression: string): Promise<string[]> {
  const { parser } = await import('@prometheus-io/lezer-promql');
  const text = expression.replaceAll('$__rate_interval', '5m');
  const names: string[] = [];
  parser.parse(text).iterate({
    enter({ name, from, to, type }) {
      if (type.isError) throw new Error(`no PromQL from character ${from} on: ${text}`);
      if (name === 'Identifier') names.push(text.slice(from, to));
    },
  });
  return names;
}

it.each(EXPRESSIONS)('%s is asked in PromQL, and of metrics that exist: %s', async (_, expression) => {
  const registry = new Registry();
  new HubMetrics(registry, 'default');
  const ours = registry.getMetricsAsArray().map(({ name }) => name);
  const known = [...ours, ...ours.map((name) => `${name}_bucket`)];
  const names = await metricsIn(expression);
  expect(names.length).toBeGreaterThan(0);
  for (const name of names.filter((each) => !each.startsWith('temporal_'))) expect(known).toContain(name);
});

it('an expression that is no PromQL is found', async () => {
  await expect(metricsIn('sum(rate(x[5m])')).rejects.toThrow('no PromQL');
});
