import type { NativeConnection } from '@temporalio/worker';
import type { Logger } from 'pino';
import { Remembered } from '../../async/remembered';
import { inWords } from '../../cli/error-words';
import { onStopSignal } from '../../on-stop-signal';
import type { TemporalSettings } from '../../cli/temporal-settings';
import { healthRoutes, type Health } from '../http/health';
import type { HttpRoute } from '../http/server';
import { checkInstallation } from '../installation';
import { LastCall } from '../last-call';
import { loadPlugins, type TemporalPlugin } from '../load-plugins';
import { installLog } from '../process-log';
import { makeWorkers } from '../workers';
import { askTemporal, connectToTemporal } from './connect';
import type { OwnSettings } from './own-settings';
import { saidSettings } from './said-settings';
import { workerOptions } from './worker-options';

/** However often readiness is asked for, Temporal is asked once in so long, and waited for so long. */
const ASK_EACH_MS = 1_000;
const ASK_MS = 3_000;

/** Serves until it is ended. Gives the exit code. @throws CliError or ConfigurationError for a setting that is wrong */
export async function serve(own: OwnSettings, temporal: TemporalSettings): Promise<number> {
  const options = workerOptions(own);
  checkInstallation();
  const metrics = await metricsOf(own);
  const { runtime, logger } = installLog(own.logLevel.value as string, metrics?.exporter);
  // Whoever ends it while it starts must not have to kill it.
  let stop = (): void => process.exit(0);
  onStopSignal(() => stop());

  const lastCall = new LastCall();
  const health: Health = { lastCall: lastCall.view };
  const http = await serveHttp(own, [...healthRoutes(health), ...(metrics ? [metrics.route] : [])]);
  const plugins = await pluginsOf(own, logger);
  const connection = await connectToTemporal(temporal, plugins);
  const { namespace, address } = temporal;
  const around = { lastCall, attributeFrom: { setting: own.deadlineSearchAttribute.from, address } };
  const workers = await makeWorkers({ connection, namespace }, { ...options, metrics: metrics?.options }, around);

  logger.info({ settings: await saidSettings(own, temporal) }, 'settings, and where each came from');
  if (http) logger.info(`health and metrics are served at ${http.url}/healthz, /readyz and /metrics`);
  stop = () => workers.shutdown();
  const running = workers.run();
  health.serving = { askTemporal: asker(connection), queues: workers.queues };
  process.stdout.write(
    `serving ${workers.taskQueues.join(' and ')} of namespace ${namespace} at ${address}; Migration Hub: ${workers.endpoint}\n`,
  );
  const failed = await running.then(
    () => 0,
    (error: unknown) => {
      logger.fatal({ error }, 'a worker has failed');
      return 1;
    },
  );
  await http?.close();
  await connection.close();
  runtime.flushLogs();
  return failed;
}

/** Loaded only where they are wanted: served, or sent to a collector. */
async function metricsOf({ httpPort, otlpUrl, countTasksEverySeconds }: OwnSettings) {
  if (httpPort.value === undefined && otlpUrl.value === undefined) return undefined;
  const { processMetrics } = await import('../metrics/process-metrics.js');
  const flag = otlpUrl.from.startsWith('--') ? otlpUrl.value : undefined;
  const { registry, ...metrics } = await processMetrics(flag, process.env);
  return { ...metrics, options: { registry, tasksEverySeconds: countTasksEverySeconds.value } };
}

/** Loaded only where it is wanted. */
async function serveHttp({ httpPort, httpHost }: OwnSettings, routes: HttpRoute[]) {
  if (httpPort.value === undefined) return undefined;
  const { startHttpServer } = await import('../http/server.js');
  return startHttpServer({ port: httpPort.value, host: httpHost.value as string, routes });
}

async function pluginsOf({ plugins: { value, from } }: OwnSettings, logger: Logger): Promise<TemporalPlugin[]> {
  if (value === undefined) return [];
  const loaded = await loadPlugins(from, value);
  logger.info(`Temporal plugins: ${loaded.map(({ name }) => name).join(', ')}`);
  return loaded;
}

function asker(connection: NativeConnection): () => Promise<unknown> {
  // A refusal is remembered, too: it comes at once, and probes may be many.
  const asked = new Remembered<Error | undefined>(ASK_EACH_MS);
  const ask = () =>
    askTemporal(connection, ASK_MS, () => connection.workflowService.getSystemInfo({})).then(
      () => undefined,
      (error: unknown) => new Error(inWords(error), { cause: error }),
    );
  return async () => {
    const error = await asked.get('', ask);
    if (error) throw error;
  };
}
