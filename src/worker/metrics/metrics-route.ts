import type { Registry } from 'prom-client';
import type { CoreMetrics } from './core-metrics';

/** An answer over HTTP. */
export interface MetricsAnswer {
  /** HTTP status. */
  status: number;
  /** The header Content-Type. */
  contentType: string;
  /** The text. */
  body: string;
}

/** A route for an HTTP server. */
export interface MetricsRoute {
  /** HTTP method. */
  method: 'GET';
  /** Path, without a query. */
  path: '/metrics';
  /** Answers a request. */
  handle(): Promise<MetricsAnswer>;
}

/** `GET /metrics`: those of the registry, then Temporal Core's. Requests that come while an answer is being made share it. */
export function metricsRoute(registry: Pick<Registry, 'metrics' | 'contentType'>, core: CoreMetrics): MetricsRoute {
  let making: Promise<MetricsAnswer> | undefined;
  const make = async () => {
    const [ours, cores] = await Promise.all([registry.metrics(), core.text()]);
    return { status: 200, contentType: registry.contentType, body: `${ours.trimEnd()}\n${cores}` };
  };
  return {
    method: 'GET',
    path: '/metrics',
    handle: () => (making ??= make().finally(() => (making = undefined))),
  };
}
