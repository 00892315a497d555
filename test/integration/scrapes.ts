import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { RULES_FILE } from '../../dev/monitoring/files';
import { runPromtool } from '../../dev/monitoring/promtool';

/** Values by series, as a scrape gives them. */
export type Scrape = Map<string, number>;

/** Reads the Prometheus text format. */
export function scrapeOf(text: string): Scrape {
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return new Map(lines.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.split(' ').at(-1))]));
}

/** The series of a metric whose values have changed. */
export const moved = (before: Scrape, after: Scrape, name: string): string[] =>
  [...after]
    .filter(([series, value]) => series.startsWith(name) && value !== before.get(series))
    .map(([series]) => series);

const STEP_MINUTES = 10;
const LAST_MINUTE = 60;
/** It counts the seconds that somebody waits: a minute later it has 60 more. */
const PASSES = 'migration_hub_oldest_at_risk_seconds';

/**
 * Which alert fires where Prometheus has scraped `before` for ten minutes and then `after`, as judged by Prometheus' own evaluation at a
 * minute.
 * @throws Error with what promtool found, where it is another than expected (undefined: none)
 */
export async function expectFiring(
  alert: string | undefined,
  { before, after, minute }: { before: Scrape; after: Scrape; minute: number },
): Promise<void> {
  const series = [...new Set([...before.keys(), ...after.keys()])].map((name) => {
    const first = before.get(name);
    const then = after.get(name);
    const step = name.startsWith(PASSES) && then ? 60 : 0;
    const values = [
      first === undefined ? `_x${STEP_MINUTES - 1}` : `${first}+0x${STEP_MINUTES - 1}`,
      then === undefined ? `_x${LAST_MINUTE}` : `${then}+${step}x${LAST_MINUTE}`,
    ];
    return { series: name, values: values.join(' ') };
  });
  const matcher = alert === undefined ? '' : `alertname="${alert}",`;
  await judge({
    input_series: series,
    promql_expr_test: [
      {
        expr: `group by (alertname) (ALERTS{${matcher}alertstate="firing"})`,
        eval_time: `${minute}m`,
        exp_samples: alert === undefined ? [] : [{ labels: `{alertname="${alert}"}`, value: 1 }],
      },
    ],
  });
}

/** Lets promtool judge our rules by a test in its own format, of series with a value each minute. @throws Error with what it found */
export async function judge(test: object): Promise<void> {
  const check = { rule_files: [RULES_FILE], evaluation_interval: '1m', tests: [{ interval: '1m', ...test }] };
  const dir = await mkdtemp(join(tmpdir(), 'alerts-'));
  try {
    const file = join(dir, 'test.yaml');
    await writeFile(file, stringify(check));
    await runPromtool('test', 'rules', file);
  } finally {
    await rm(dir, { recursive: true });
  }
}
