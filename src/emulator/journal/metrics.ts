import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { EmulatorTask } from '../hub/task-snapshot';
import type { JournalEntry } from './journal';

const PREFIX = 'migration_hub_emulator_';
/** Seconds: from an hour late to a day early. */
const MARGIN_BUCKETS = [-3600, -600, -60, -10, -1, 0, 1, 10, 60, 300, 600, 1800, 3600, 21_600, 86_400];

/** What the metrics read when they are requested. */
export interface MetricSources {
  /** All tasks. */
  tasks: () => EmulatorTask[];
  /** Requests that the journal no longer holds. */
  droppedRequests: () => number;
}

/** The metrics of `GET /_mgh/metrics`, in a registry of their own: a process may have several emulators. */
export class Metrics {
  private readonly registry = new Registry();
  private readonly requests = new Counter({
    name: `${PREFIX}requests_total`,
    help: 'AWS calls by operation and answer: ok, the name of the error, the HTTP status of an answer without one, or none',
    labelNames: ['operation', 'answer'],
    registers: [this.registry],
  });
  private readonly faults = new Counter({
    name: `${PREFIX}faults_total`,
    help: 'AWS calls hit by a fault, by fault',
    labelNames: ['fault'],
    registers: [this.registry],
  });
  private readonly margins = new Histogram({
    name: `${PREFIX}notification_margin_seconds`,
    help: 'Seconds from the arrival of a notification to the deadline of the one before; negative when it was late',
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
    help: 'Stale seconds of all tasks together',
    registers: [this.registry],
  });
  private readonly dropped = new Counter({
    name: `${PREFIX}journal_dropped_requests_total`,
    help: 'Requests that the journal no longer holds',
    registers: [this.registry],
  });

  /** @param sources what the metrics read */
  constructor(private readonly sources: MetricSources) {}

  /** The Content-Type of the text. */
  readonly contentType = this.registry.contentType;

  /**
   * Counts a call when its outcome is known.
   * @param known whether the operation exists; names of others would make labels without limit
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

  /**
   * Records how early a notification arrived.
   * @param seconds from its arrival to the deadline of the one before; negative when it was late
   */
  margin(seconds: number): void {
    this.margins.observe(seconds);
  }

  /** The metrics in the Prometheus text format. */
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

  /** Sets all counters to 0. */
  reset(): void {
    this.registry.resetMetrics();
  }
}
