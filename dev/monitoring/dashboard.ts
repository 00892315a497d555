import { ReduceDataOptionsBuilder } from '@grafana/grafana-foundation-sdk/common';
import { DashboardBuilder, DatasourceVariableBuilder, RowBuilder } from '@grafana/grafana-foundation-sdk/dashboard';
import { DataqueryBuilder } from '@grafana/grafana-foundation-sdk/prometheus';
import { PanelBuilder as StatBuilder } from '@grafana/grafana-foundation-sdk/stat';
import { PanelBuilder as TimeseriesBuilder } from '@grafana/grafana-foundation-sdk/timeseries';

/** A query, and the name of its lines. */
type Query = [expr: string, legend: string];

/** A panel, as people write it. */
interface Panel {
  title: string;
  /** What it shows, and what to look for. */
  description: string;
  /** Of Grafana. */
  unit: string;
  queries: Query[];
  /** Numbers of now, in place of lines. */
  isNow?: true;
}

const RATE = '[$__rate_interval]';
const quantile = (q: number, metric: string) => `histogram_quantile(${q}, sum by (le) (rate(${metric}_bucket${RATE})))`;

/** The panels by row. */
export const ROWS: Record<string, Panel[]> = {
  'Migration tasks': [
    {
      title: 'Tasks by freshness',
      description:
        'All open tasks of the namespace, and those that ended in the last hour. Needs tasksEverySeconds in one process.',
      unit: 'short',
      queries: [
        ['max by (temporal_namespace, freshness) (migration_hub_tasks)', '{{temporal_namespace}} {{freshness}}'],
      ],
      isNow: true,
    },
    {
      title: 'Longest wait',
      description:
        'Longest time without a delivery, of the tasks that are at risk, stale or never delivered. 0: there are none.',
      unit: 's',
      queries: [
        ['max by (temporal_namespace) (migration_hub_oldest_at_risk_seconds)', 'longest wait {{temporal_namespace}}'],
      ],
    },
    {
      title: 'Time left to the deadline at a heartbeat',
      description: 'Below 0: the task was stale. The lines: 1 % and 50 % of the heartbeats had less time left.',
      unit: 's',
      queries: [
        [quantile(0.01, 'migration_hub_deadline_margin_seconds'), '1 %'],
        [quantile(0.5, 'migration_hub_deadline_margin_seconds'), '50 %'],
      ],
    },
  ],
  Notifications: [
    {
      title: 'Notifications by outcome',
      description: 'Tries per second. Only delivered is good. backoff is tried again and may pass.',
      unit: 'ops',
      queries: [
        [`sum by (outcome) (rate(migration_hub_notifications_total${RATE}))`, '{{outcome}}'],
        [`sum(rate(migration_hub_heartbeats_total${RATE}))`, 'heartbeats, of those delivered'],
      ],
    },
    {
      title: 'Retries by reason',
      description: 'Failed tries per second.',
      unit: 'ops',
      queries: [[`sum by (reason) (rate(migration_hub_retries_total${RATE})) > 0`, '{{reason}}']],
    },
    {
      title: 'Time of a call',
      description: 'NotifyMigrationTaskState, from sending to the answer.',
      unit: 's',
      queries: [
        [quantile(0.5, 'migration_hub_notify_seconds'), '50 %'],
        [quantile(0.99, 'migration_hub_notify_seconds'), '99 %'],
      ],
    },
  ],
  'Workers (metrics of Temporal Core)': [
    {
      title: 'Time until a worker starts a Temporal task',
      description: '99 % waited less. Grows if there are too few workers.',
      unit: 'ms',
      queries: [
        [coreQuantile('temporal_workflow_task_schedule_to_start_latency'), 'workflow tasks'],
        [coreQuantile('temporal_activity_schedule_to_start_latency'), 'activities'],
      ],
    },
    {
      title: 'Workflow tasks that failed',
      description: 'Per second. If constant: a worker with another codec or version, or a bug.',
      unit: 'ops',
      queries: [
        [
          `sum by (task_queue) (rate(temporal_workflow_task_execution_failed{task_queue="migration-hub"}${RATE}))`,
          'failed',
        ],
      ],
    },
    {
      title: 'Requests to Temporal that failed',
      description: 'Per second, by operation.',
      unit: 'ops',
      queries: [[`sum by (operation) (rate(temporal_request_failure${RATE})) > 0`, '{{operation}}']],
    },
  ],
};

function coreQuantile(metric: string): string {
  return `histogram_quantile(0.99, sum by (le) (rate(${metric}_bucket{task_queue=~"migration-hub.*"}${RATE})))`;
}

const DATASOURCE = { type: 'prometheus', uid: '${datasource}' };

const targetOf = ([expr, legend]: Query, index: number) =>
  new DataqueryBuilder()
    .refId(String.fromCharCode(65 + index))
    .expr(expr)
    .legendFormat(legend);

function panelOf({ title, description, unit, queries, isNow }: Panel, id: number) {
  const newest = new ReduceDataOptionsBuilder().calcs(['lastNotNull']);
  const builder = isNow ? new StatBuilder().reduceOptions(newest) : new TimeseriesBuilder();
  builder.id(id).title(title).description(description).unit(unit).datasource(DATASOURCE).height(8).span(8);
  queries.forEach((query, index) => builder.withTarget(targetOf(query, index)));
  return builder;
}

/** The dashboard, as Grafana imports it. */
export function dashboardJson(): string {
  const dashboard = new DashboardBuilder('Migration Hub')
    .uid('temporal-migration-hub')
    .description(
      'temporal-migration-hub: deliveries to Migration Hub, and waiting tasks. Written by npm run monitoring.',
    )
    .tags(['temporal', 'aws', 'migration-hub'])
    .time({ from: 'now-6h', to: 'now' })
    .refresh('30s')
    .withVariable(new DatasourceVariableBuilder('datasource').label('Prometheus').type('prometheus'));
  let id = 0;
  for (const [title, panels] of Object.entries(ROWS)) {
    dashboard.withRow(new RowBuilder(title).id(++id));
    for (const panel of panels) dashboard.withPanel(panelOf(panel, ++id));
  }
  return `${JSON.stringify(dashboard.build(), null, 2)}\n`;
}
