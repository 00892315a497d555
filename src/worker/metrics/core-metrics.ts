import type { MetricsExporterConfig } from '@temporalio/worker';
import { freePort } from '../free-port';
import type { OtlpSettings } from './otlp';

/** Core answers from memory. */
const ANSWER_MS = 2000;

/** Where the metrics of Temporal Core go: it has one exporter. */
export interface CoreMetrics {
  /** For `telemetryOptions.metrics` of the Runtime. */
  exporter: MetricsExporterConfig;
  /** In the Prometheus text format, or one line of comment that says why they are not here. */
  text(): Promise<string>;
}

/** Core's metrics at a port of the loopback interface, for `metricsRoute`; Core itself serves them. */
export async function coreAtLoopback(): Promise<CoreMetrics> {
  // Core takes no port 0. Whoever takes this one before Core does makes the start fail.
  const bindAddress = `127.0.0.1:${await freePort()}`;
  return {
    exporter: { prometheus: { bindAddress } },
    async text() {
      try {
        const answer = await fetch(`http://${bindAddress}/metrics`, { signal: AbortSignal.timeout(ANSWER_MS) });
        return await answer.text();
      } catch (error) {
        return comment(`the metrics of Temporal Core could not be read: ${(error as Error).message}`);
      }
    },
  };
}

/** Core's metrics to an OTLP collector. */
export function coreToOtlp({ url, isHttp, headers, intervalMs }: OtlpSettings): CoreMetrics {
  return {
    exporter: { otel: { url, http: isHttp, headers, metricsExportInterval: intervalMs } },
    text: () => Promise.resolve(comment('the metrics of Temporal Core go to an OTLP collector')),
  };
}

const comment = (text: string): string => `# ${text.replace(/\s+/g, ' ')}\n`;
