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
    expr: 'max by (job) (migration_hub_tasks{freshness="stale"}) > 0',
    lasting: '1m',
    severity: 'critical',
    summary: '{{ $value }} migration tasks are stale in Migration Hub',
    description:
      'Their deadline has passed. Look at what is not delivered (temporal-migration-hub list --stale); a task whose owner completed without reporting an end stays stale until somebody reports one.',
  },
  {
    name: 'MigrationHubTasksWait',
    expr: 'max by (job) (migration_hub_oldest_at_risk_seconds) > 900',
    lasting: '1m',
    severity: 'warning',
    summary: 'Migration Hub has taken nothing of a migration task for {{ $value | humanizeDuration }}',
    description:
      'The last tries failed, and the task becomes stale at its deadline. lastReportedState of the task names the failure and what to do.',
  },
  {
    name: 'MigrationHubTasksUnattended',
    expr: 'max by (job) (migration_hub_tasks{freshness="unattended"}) > 0',
    lasting: '1m',
    severity: 'warning',
    summary: '{{ $value }} migration tasks have no heartbeat workflow any more',
    description:
      'It was terminated, or has failed, before they were at their end. Report them again, and a new one starts.',
  },
  {
    name: 'MigrationHubTakesNothing',
    expr: 'sum by (job) (increase(migration_hub_notifications_total{outcome="delivered"}[10m])) == 0 and sum by (job) (increase(migration_hub_notifications_total{outcome=~"backoff|operator"}[10m])) > 0',
    lasting: '5m',
    severity: 'critical',
    summary: 'Migration Hub has taken no notification for 10 minutes, and all tries fail',
    description:
      'migration_hub_retries_total by reason says why: an outage, no way to it, or refused access. Reports are kept and sent when it is over; tasks become stale at their deadlines.',
  },
  {
    name: 'MigrationHubRefusesAccess',
    expr: `sum by (job, reason) (increase(migration_hub_retries_total{reason=~"${reasonsOf('operator', 'TlsError')}"}[10m])) > 0`,
    lasting: '2m',
    severity: 'critical',
    summary: 'Migration Hub refuses calls: {{ $labels.reason }}',
    description:
      'Credentials, policy, home region or TLS need mending; the message of the failure in the log says which. It is tried every 30 seconds until then.',
  },
  {
    name: 'MigrationHubRejects',
    expr: `sum by (job, reason) (increase(migration_hub_retries_total{reason=~"${reasonsOf('never')}"}[10m])) > 0`,
    lasting: '2m',
    severity: 'warning',
    summary: 'Migration Hub rejects what is sent: {{ $labels.reason }}',
    description:
      'The same call cannot succeed: a wrong home region, a task that belongs to another account, or a bug. The message of the failure in the log says more.',
  },
  {
    name: 'MigrationHubThrottles',
    expr: 'sum by (job) (rate(migration_hub_retries_total{reason=~"ThrottlingException|HeldBack"}[10m])) / sum by (job) (rate(migration_hub_notifications_total[10m])) > 0.5',
    lasting: '5m',
    severity: 'warning',
    summary: 'Migration Hub throttles {{ $value | humanizePercentage }} of the tries',
    description:
      'The workers slow down, and the nearest deadline goes first. A longer nextUpdateSeconds needs fewer calls; or ask AWS for a higher rate.',
  },
  {
    name: 'MigrationHubHeartbeatsLate',
    expr: 'sum by (job) (increase(migration_hub_deadline_margin_seconds_bucket{le="0"}[15m])) > 0',
    lasting: '0m',
    severity: 'warning',
    summary: 'Heartbeats came after the deadline: {{ $value | humanize }} times a task was stale',
    description:
      'After an outage this is past. Else the workers are too few or stand still, or Migration Hub throttles them.',
  },
  {
    name: 'MigrationHubSlow',
    expr: 'histogram_quantile(0.9, sum by (job, le) (rate(migration_hub_notify_seconds_bucket[10m]))) > 2',
    lasting: '5m',
    severity: 'warning',
    summary: 'One in ten calls to Migration Hub takes more than {{ $value | humanizeDuration }}',
    description:
      'Calls are given up after requestTimeoutSeconds (5) and tried again. Look at the way to Migration Hub.',
  },
  {
    name: 'MigrationHubNoWorker',
    expr: 'absent(migration_hub_heartbeats_total)',
    lasting: '5m',
    severity: 'critical',
    summary: 'No worker of temporal-migration-hub has metrics',
    description:
      'Either none runs, and all tasks become stale at their deadlines, or Prometheus does not reach it. Reports are kept until one runs.',
  },
];

const HEAD =
  'Made by npm run monitoring. Do not edit.\nA rule file of Prometheus: docs/metrics.md says what the metrics mean.\n';

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
