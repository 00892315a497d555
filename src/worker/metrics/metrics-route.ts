import type { Registry } from 'prom-client';
import type { HttpAnswer, HttpRoute } from '../http/server';
import type { CoreMetrics } from './core-metrics';

/** `GET /metrics`: those of the registry, then Temporal Core's. Requests that come while an answer is being made share it. */
export function metricsRoute(registry: Pick<Registry, 'metrics' | 'contentType'>, core: CoreMetrics): HttpRoute {
  let making: Promise<HttpAnswer> | undefined;
  const make = async () => {
    const [ours, cores] = await Promise.all([registry.metrics(), core.text()]);
    return { status: 200, contentType: registry.contentType, body: `${ours.trimEnd()}\n${cores}` };
  };
  return { path: '/metrics', answer: () => (making ??= make().finally(() => (making = undefined))) };
}
