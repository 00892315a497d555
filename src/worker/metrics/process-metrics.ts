import type { MetricsExporterConfig } from '@temporalio/worker';
import { Registry } from 'prom-client';
import { coreAtLoopback, coreToOtlp } from './core-metrics';
import type { HttpRoute } from '../http/server';
import { metricsRoute } from './metrics-route';
import { otlpSettings } from './otlp';

/** The metrics of a worker process. */
export interface ProcessMetrics {
  /** For `installLog`: where those of Temporal Core go. */
  exporter: MetricsExporterConfig;
  /** For the option `metrics` of the workers. */
  registry: Registry;
  /** `GET /metrics`. */
  route: HttpRoute;
}

/**
 * Before the Runtime is installed. `otlpUrl`: the flag `--otlp-url`.
 * @throws ConfigurationError for a wrong setting of OTLP
 */
export async function processMetrics(
  otlpUrl: string | undefined,
  variables: NodeJS.ProcessEnv,
): Promise<ProcessMetrics> {
  const otlp = otlpSettings(otlpUrl, variables);
  const core = otlp ? coreToOtlp(otlp) : await coreAtLoopback();
  const registry = new Registry();
  return { exporter: core.exporter, registry, route: metricsRoute(registry, core) };
}
