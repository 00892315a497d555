import { stringify } from 'yaml';
import { ERROR_TABLE } from '../../src/migration-hub/errors';

/** An alert, as people write it; what is common to all is added by `rulesYaml`. */
interface Alert {
  name: string;
  /** PromQL. Workers of one `job` serve one namespace. Several of them may count all tasks: the largest number counts. */
  expr: string;
  /** How long it must be so. */
  lasting: string;
  severity: 'critical' | 'warning';
  /** What is so. */
  summary: string;
  /** Why, and what to do. */
  description: string;
}

/** Names of failures of a class, as a PromQL matcher takes them. */
const reasonsOf = (retry: string, ...more: string[]): string =>
  [...Object.keys(ERROR_TABLE).filter((name) => ERROR_TABLE[name] === retry), ...more].join('|');

/** All alerts; docs/metrics.md says when each fires. */
export const ALERTS: Alert[] = [
  {
    name: 'MigrationHubTasksStale',
    expr: 'max by (job, temporal_namespace) (migration_hub_tasks{freshness="stale"}) > 0',
    lasting: '1m',
    severity: 'critical',
    summary: 'Migration tasks that are stale in Migration Hub: {{ $value }}',
    description:
      'Their deadlines have passed. temporal-migration-hub list --stale shows them with the last failure. If the workflow of a task completed without reporting COMPLETED or FAILED, the task stays stale until somebody reports it.',
  },
  {
    name: 'MigrationHubTasksWait',
    expr: 'max by (job, temporal_namespace) (migration_hub_oldest_at_risk_seconds) > 1800',
    lasting: '1m',
    severity: 'warning',
    summary: 'A report or heartbeat has waited for its delivery to Migration Hub for {{ $value | humanizeDuration }}',
    description:
      'The tries fail, or no worker makes them. The task becomes stale at its deadline. temporal-migration-hub list names the failure; status of the task says what to do.',
  },
  {
    name: 'MigrationHubTasksUnattended',
    expr: 'max by (job, temporal_namespace) (migration_hub_tasks{freshness="unattended"}) > 0',
    lasting: '1m',
    severity: 'warning',
    summary: 'Migration tasks that have lost their heartbeat workflow: {{ $value }}',
    description:
      'It was terminated or failed before the tasks were COMPLETED or FAILED. temporal-migration-hub list --freshness unattended shows them. Report each one again (temporal-migration-hub report): this starts a new heartbeat workflow.',
  },
  {
    name: 'MigrationHubTakesNothing',
    expr: 'sum by (job) (increase(migration_hub_notifications_total{outcome="delivered"}[10m])) == 0 and sum by (job) (increase(migration_hub_notifications_total{outcome=~"backoff|operator"}[10m])) > 0',
    lasting: '5m',
    severity: 'critical',
    summary: 'Nothing was delivered to Migration Hub for 10 minutes: all tries fail',
    description:
      'migration_hub_retries_total by reason says why: an outage, the network, or access. Reports are kept and sent later; tasks become stale at their deadlines.',
  },
  {
    name: 'MigrationHubRefusesAccess',
    expr: `sum by (job, reason) (increase(migration_hub_retries_total{reason=~"${reasonsOf('operator', 'TlsError')}"}[10m])) > 0`,
    lasting: '2m',
    severity: 'critical',
    summary: 'No access to Migration Hub: {{ $labels.reason }}',
    description:
      'Correct the credentials, policy, home region or TLS: the failure in the log of the workers says which. The workers try again every 30 seconds.',
  },
  {
    name: 'MigrationHubRejects',
    expr: `sum by (job, reason) (increase(migration_hub_retries_total{reason=~"${reasonsOf('never')}"}[10m])) > 0`,
    lasting: '2m',
    severity: 'warning',
    summary: 'Migration Hub rejects calls as invalid: {{ $labels.reason }}',
    description:
      'The cause is a wrong home region, a task of another account, or a bug: see the failure in the log of the workers. The same call cannot succeed.',
  },
  {
    name: 'MigrationHubThrottles',
    // A try may fail twice: its notification, and the attributes that go with it.
    expr: 'clamp_max(sum by (job) (rate(migration_hub_retries_total{reason=~"ThrottlingException|HeldBack"}[10m])) / sum by (job) (rate(migration_hub_notifications_total[10m])), 1) > 0.5',
    lasting: '5m',
    severity: 'warning',
    summary: 'Migration Hub throttles: {{ $value | humanizePercentage }} of the tries are throttled, or held back',
    description:
      'The workers call more slowly, the tasks with the nearest deadlines first. Use a longer nextUpdateSeconds (fewer calls), or ask AWS for a higher rate.',
  },
  {
    name: 'MigrationHubHeartbeatsLate',
    // `increase` reckons with what it has not seen, so it gives fractions.
    expr: 'round(sum by (job) (increase(migration_hub_deadline_margin_seconds_bucket{le="0"}[15m]))) > 0',
    lasting: '0m',
    severity: 'warning',
    summary: 'Heartbeats that came after the deadline, so that their task was stale, in 15 minutes: about {{ $value }}',
    description:
      'After an outage there is nothing to do. Otherwise there are too few workers, they are blocked, or Migration Hub throttles them.',
  },
  {
    name: 'MigrationHubSlow',
    expr: 'histogram_quantile(0.9, sum by (job, le) (rate(migration_hub_notify_seconds_bucket[10m]))) > 2',
    lasting: '5m',
    severity: 'warning',
    summary: 'One in ten calls to Migration Hub takes more than {{ $value | humanizeDuration }}',
    description:
      'Check the network to Migration Hub. Calls time out after requestTimeoutSeconds (5) and are tried again.',
  },
  {
    name: 'MigrationHubNoWorker',
    expr: '(count by (job) (last_over_time(migration_hub_heartbeats_total[1d])) unless count by (job) (migration_hub_heartbeats_total)) or absent(last_over_time(migration_hub_heartbeats_total[1d]))',
    lasting: '5m',
    severity: 'critical',
    summary:
      'Prometheus has no metrics of {{ with $labels.job }}the temporal-migration-hub workers of job {{ . }}{{ else }}any temporal-migration-hub worker{{ end }}',
    description:
      'Either none of them runs: reports are kept, and all tasks become stale at their deadlines. Or Prometheus cannot reach them. If they were removed on purpose: this ends by itself 24 hours later.',
  },
];

const HEAD =
  'Written by npm run monitoring. Do not edit.\nAlert rules for Prometheus. docs/metrics.md explains the metrics.\n';

/** The rule file. */
export function rulesYaml(): string {
  const rules = ALERTS.map(({ name, expr, lasting, severity, summary, description }) => ({
    alert: name,
    expr,
    for: lasting,
    labels: { severity },
    annotations: { summary, description },
  }));
  const head = HEAD.trimEnd().replace(/^/gm, '# ');
  return `${head}\n${stringify({ groups: [{ name: 'temporal-migration-hub', rules }] }, { lineWidth: 0 })}`;
}
