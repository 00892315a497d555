import type { Registry } from 'prom-client';
import { checkNumber, ConfigurationError } from '../../report/configuration-error';
import { checkOptionNames } from '../../report/option-names';

/** Prometheus metrics of the workers: docs/metrics.md has all of them. */
export interface MetricsOptions {
  /** Where they are registered: a registry of prom-client, which your process serves. */
  registry: Registry;
  /**
   * Counts all tasks of the namespace by freshness. The next count begins this many seconds after the last one ended: 10 to 86400; 0:
   * never. Each count reads the history of every open heartbeat workflow: one process is enough.
   * @default 0
   */
  tasksEverySeconds?: number;
}

/** With defaults. @throws ConfigurationError for what is no registry, a number out of range, an option that does not exist */
export function metricsSettings(given: MetricsOptions) {
  checkOptionNames('metrics', given, { registry: true, tasksEverySeconds: true });
  const { registry, tasksEverySeconds = 0 } = given;
  // By what it does: another copy of prom-client will do.
  if (typeof (registry as Registry | undefined)?.getSingleMetric !== 'function')
    throw new ConfigurationError(
      'metrics.registry is no Registry of prom-client: pass new Registry(), or its register',
    );
  if (tasksEverySeconds !== 0) checkNumber('metrics.tasksEverySeconds', tasksEverySeconds, { min: 10, max: 86_400 });
  return { registry, tasksEverySeconds };
}
