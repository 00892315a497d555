import { expect, it } from 'vitest';
import { ALERTS } from '../../dev/monitoring/rules';
import { judge } from './scrapes';

/** What fires at a minute, with the labels of each and its summary: by series that are made up, of a value each minute. */
async function expectAlerts(
  alertname: string,
  series: Record<string, string>,
  minute: number,
  expected: [labels: Record<string, string>, summary: string][],
): Promise<void> {
  const alert = ALERTS.find(({ name }) => name === alertname);
  expect(alert).toBeDefined();
  const { severity = '', description = '' } = alert ?? {};
  await judge({
    input_series: Object.entries(series).map(([name, values]) => ({ series: name, values })),
    alert_rule_test: [
      {
        alertname,
        eval_time: `${minute}m`,
        exp_alerts: expected.map(([labels, summary]) => ({
          exp_labels: { severity, ...labels },
          exp_annotations: { summary, description },
        })),
      },
    ],
  });
}

it('a job whose workers have gone is named, while those of another are there; without any that is said', async () => {
  const of = (job: string, instance: number) => `migration_hub_heartbeats_total{job="${job}",instance="${instance}"}`;
  const series = {
    [of('east', 1)]: '0x10 _x60',
    [of('east', 2)]: '0x10 _x60',
    [of('west', 1)]: '0x10 _x60',
    [of('west', 2)]: '0x70',
  };
  const summary = 'Prometheus has no metrics of the temporal-migration-hub workers of job east';
  await expectAlerts('MigrationHubNoWorker', series, 30, [[{ job: 'east' }, summary]]);
  await expectAlerts('MigrationHubNoWorker', { up: '1x30' }, 30, [
    [{}, 'Prometheus has no metrics of any temporal-migration-hub worker'],
  ]);
});

it('late heartbeats are counted whole', async () => {
  const late = 'migration_hub_deadline_margin_seconds_bucket{job="east",le="0"}';
  await expectAlerts('MigrationHubHeartbeatsLate', { [late]: '5x9 8x60' }, 12, [
    [{ job: 'east' }, 'Heartbeats that came after the deadline, so that their task was stale, in 15 minutes: about 3'],
  ]);
});

it('calls that wait for others are no throttling; those that wait because Migration Hub throttles are', async () => {
  const failing = (reason: string) => ({
    'migration_hub_notifications_total{job="east",outcome="backoff"}': '0+10x40',
    [`migration_hub_retries_total{job="east",reason="${reason}"}`]: '0+11x40',
  });
  await expectAlerts('MigrationHubThrottles', failing('WorkerBusy'), 30, []);
  await expectAlerts('MigrationHubThrottles', failing('HeldBack'), 30, [
    [{ job: 'east' }, 'Migration Hub throttles: 100% of the tries are throttled, or held back'],
  ]);
});
