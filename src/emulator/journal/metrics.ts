import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { EmulatorTask, JournalEntry } from '../types';

const PREFIX = 'migration_hub_emulator_';
/** From an hour too late to a day early. */
const MARGIN_BUCKETS = [-3600, -600, -60, -10, -1, 0, 1, 10, 60, 300, 600, 1800, 3600, 21_600, 86_400];

/** What the metrics look at when they are asked for. */
export interface MetricSources {
  tasks: () => EmulatorTask[];
  droppedRequests: () => number;
}

/** What `GET /_mgh/metrics` shows, in a registry of its own so that two emulators in one process do not mix. */
export class Metrics {
  private readonly registry = new Registry();
  private readonly requests = new Counter({
    name: `${PREFIX}requests_total`,
    help: 'AWS calls by operation and answer: ok, the name of the error, the HTTP status of a page, or none',
    labelNames: ['operation', 'answer'],
    registers: [this.registry],
  });
  private readonly faults = new Counter({
    name: `${PREFIX}faults_total`,
    help: 'AWS calls hit by a fault, by what hit them',
    labelNames: ['fault'],
    registers: [this.registry],
  });
  private readonly margins = new Histogram({
    name: `${PREFIX}notification_margin_seconds`,
    help: 'How long before the deadline of the one before a notification arrived; negative when it came too late',
    buckets: MARGIN_BUCKETS,
    registers: [this.registry],
  });
  private readonly tasks = new Gauge({
    name: `${PREFIX}tasks`,
    help: 'Migration tasks by status; NONE before a first notification',
    labelNames: ['status'],
    registers: [this.registry],
  });
  private readonly stale = new Gauge({
    name: `${PREFIX}stale_tasks`,
    help: 'Tasks that are past their deadline now',
    registers: [this.registry],
  });
  private readonly staleSeconds = new Counter({
    name: `${PREFIX}stale_seconds_total`,
    help: 'Seconds that tasks were stale, all of them together',
    registers: [this.registry],
  });
  private readonly dropped = new Counter({
    name: `${PREFIX}journal_dropped_requests_total`,
    help: 'Requests that the journal no longer holds',
    registers: [this.registry],
  });

  constructor(private readonly sources: MetricSources) {}

  readonly contentType = this.registry.contentType;

  /**
   * Counts a call once it is known how it ends.
   * @param known whether the operation exists: what callers make up must not become a label
   */
  call(
    { operation, httpStatus, error, fault }: Pick<JournalEntry, 'operation' | 'httpStatus' | 'error' | 'fault'>,
    known: boolean,
  ): void {
    const answered = error ?? (httpStatus === 200 ? 'ok' : String(httpStatus));
    this.requests.inc({
      operation: known ? (operation ?? '') : 'unknown',
      answer: httpStatus === null ? 'none' : answered,
    });
    if (fault !== null) this.faults.inc({ fault });
  }

  /** @param seconds deadline of the notification before, less the arrival of this one */
  margin(seconds: number): void {
    this.margins.observe(seconds);
  }

  /** The Prometheus text. */
  async text(): Promise<string> {
    const tasks = this.sources.tasks();
    this.tasks.reset();
    for (const { status } of tasks) this.tasks.inc({ status: status ?? 'NONE' });
    this.stale.set(tasks.filter(({ stale }) => stale).length);
    this.staleSeconds.reset();
    this.staleSeconds.inc(tasks.reduce((sum, { staleSeconds }) => sum + staleSeconds, 0));
    this.dropped.reset();
    this.dropped.inc(this.sources.droppedRequests());
    return this.registry.metrics();
  }

  reset(): void {
    this.registry.resetMetrics();
  }
}
