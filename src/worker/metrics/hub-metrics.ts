import { Counter, Gauge, Histogram, type Metric, type Registry } from 'prom-client';
import type { NotifyObserver } from '../../activities/notify-observer';
import { NOT_BEGUN } from '../../migration-hub/pace';
import { ConfigurationError } from '../../report/configuration-error';
import { FRESHNESS, type Freshness, type NotifyItem, type Outcome } from '../../task-state';
import { deadlineOfHeartbeat, outcomeOf, OUTCOMES, reasonOf, REASONS } from './labels';

const PREFIX = 'migration_hub_';
/** Seconds. A call is ended after 7 by default, 25 at most. */
const CALL_BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 7.5, 10, 25];
/** Seconds: from an hour late to a day early. */
const MARGIN_BUCKETS = [-3600, -600, -60, -10, 0, 10, 30, 60, 120, 300, 600, 1200, 1800, 3600, 21_600, 86_400];

/** What a count of all tasks found. */
export interface TaskCounts {
  /** Tasks by freshness. */
  byFreshness: ReadonlyMap<Freshness, number>;
  /** Seconds that the longest waiting one waits; 0 for none. */
  oldestAtRiskSeconds: number;
}

/**
 * The metrics of the workers, in a registry. Where another pair of workers in the process has registered them already, both count in
 * the same ones.
 */
export class HubMetrics implements NotifyObserver {
  private readonly notifications;
  private readonly heartbeats;
  private readonly retries;
  private readonly seconds;
  private readonly margins;
  private readonly counts;

  /**
   * @param registry where they are registered
   * @param countedNamespace the namespace of the tasks, where somebody calls `counted`
   * @throws ConfigurationError where the registry has another metric of such a name
   */
  constructor(
    private readonly registry: Registry,
    private readonly countedNamespace?: string,
  ) {
    this.notifications = this.metric(Counter<'outcome'>, {
      name: `${PREFIX}notifications_total`,
      help: 'Notifications that had their turn, by what became of them: each try counts',
      labelNames: ['outcome'],
    });
    this.heartbeats = this.metric(Counter, {
      name: `${PREFIX}heartbeats_total`,
      help: 'Heartbeats that Migration Hub has taken',
    });
    this.retries = this.metric(Counter<'reason'>, {
      name: `${PREFIX}retries_total`,
      help: 'What Migration Hub did not take, by the name of the failure: each is tried again',
      labelNames: ['reason'],
    });
    this.seconds = this.metric(Histogram, {
      name: `${PREFIX}notify_seconds`,
      help: 'Seconds from sending a NotifyMigrationTaskState to its answer or failure, without the wait for a turn',
      buckets: CALL_BUCKETS,
    });
    this.margins = this.metric(Histogram, {
      name: `${PREFIX}deadline_margin_seconds`,
      help: 'Seconds that were left to the deadline of what Migration Hub had when a heartbeat was taken; below 0: the task was stale',
      buckets: MARGIN_BUCKETS,
    });
    this.counts = countedNamespace !== undefined && {
      tasks: this.metric(Gauge<'temporal_namespace' | 'freshness'>, {
        name: `${PREFIX}tasks`,
        help: 'Tasks of the namespace whose heartbeat workflow is open, or has ended before them, by freshness, at the last count',
        labelNames: ['temporal_namespace', 'freshness'],
      }),
      oldest: this.metric(Gauge<'temporal_namespace'>, {
        labelNames: ['temporal_namespace'],
        name: `${PREFIX}oldest_at_risk_seconds`,
        help: 'Seconds that the longest waiting report, or heartbeat that is due, of the at-risk, stale and never delivered tasks waits for its delivery; 0: none does',
      }),
    };
    this.counted(undefined);
    // `increase` does not see the first failure of a series that begins with it.
    for (const outcome of OUTCOMES) this.notifications.inc({ outcome }, 0);
    for (const reason of REASONS) this.retries.inc({ reason }, 0);
  }

  /** As `NotifyObserver`. */
  called(seconds: number): void {
    this.seconds.observe(seconds);
  }

  /** As `NotifyObserver`. */
  tried(item: NotifyItem, outcome: Outcome): void {
    const { failure, attachmentFailures = {} } = outcome;
    for (const failed of [failure, ...Object.values(attachmentFailures)])
      if (failed && failed.type !== NOT_BEGUN.type) this.retries.inc({ reason: reasonOf(failed.type) });
    if (!item.notification) return;
    const became = outcomeOf(outcome);
    this.notifications.inc({ outcome: became });
    const deadline = deadlineOfHeartbeat(item);
    if (became !== 'delivered' || deadline === undefined) return;
    this.heartbeats.inc();
    this.margins.observe(deadline - Date.now() / 1000);
  }

  /** What a count of all tasks found; undefined: it is not known. */
  counted(found: TaskCounts | undefined): void {
    if (!this.counts) return;
    const { tasks, oldest } = this.counts;
    const of = { temporal_namespace: this.countedNamespace ?? '' };
    for (const freshness of FRESHNESS)
      if (found) tasks.set({ ...of, freshness }, found.byFreshness.get(freshness) ?? 0);
      else tasks.remove({ ...of, freshness });
    if (found) oldest.set(of, found.oldestAtRiskSeconds);
    else oldest.remove(of);
  }

  private metric<const C extends { name: string; help: string }, M extends Metric>(
    Kind: new (configuration: C & { registers: Registry[] }) => M,
    configuration: C,
  ): M {
    const { name } = configuration;
    const known = this.registry.getSingleMetric(name);
    if (!known) return new Kind({ ...configuration, registers: [this.registry] });
    // By name: the registry may be of another copy of prom-client.
    if (known.constructor.name !== Kind.name)
      throw new ConfigurationError(
        `metrics.registry already has a ${known.constructor.name} ${name}, which is to be a ${Kind.name} of temporal-migration-hub: give yours another name`,
      );
    return known as M;
  }
}
