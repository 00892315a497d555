import { inspect, types } from 'node:util';
import { DefaultLogger, Runtime, type LogLevel, type MetricsExporterConfig } from '@temporalio/worker';
import { pino, stdSerializers, type Level, type Logger } from 'pino';
import { BETWEEN_STEPS } from '../report';

const LEVEL_OF: Record<LogLevel, Level> = {
  TRACE: 'trace',
  DEBUG: 'debug',
  INFO: 'info',
  WARN: 'warn',
  ERROR: 'error',
};

/** Errors have no fields of their own that JSON would show, whatever name they are logged under. */
const withErrors = (fields: Record<string, unknown>) =>
  Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [
      name,
      types.isNativeError(value) ? stdSerializers.err(value) : value,
    ]),
  );

/**
 * Logs of the process, of the Temporal SDK and of its native part: JSON lines on stderr, from `level` on. `metrics`: where those of
 * the native part go.
 */
export function installLog(level: string, metrics?: MetricsExporterConfig): { runtime: Runtime; logger: Logger } {
  const logger = pino({ level, formatters: { log: withErrors } }, pino.destination(2));
  // Temporal has no level above ERROR; `silent` and `fatal` are pino's to hold back.
  const lowest = (Object.keys(LEVEL_OF) as LogLevel[]).find((each) => LEVEL_OF[each] === level) ?? 'ERROR';
  const runtime = Runtime.install({
    // We end the workers ourselves, in order.
    shutdownSignals: [],
    // Without `forward` the native part writes past the logger.
    telemetryOptions: { logging: { filter: { core: lowest, other: 'ERROR' }, forward: {} }, metrics },
    logger: new DefaultLogger(lowest, ({ level, message, meta }) => {
      // True of the notify queue by design; it would only alarm.
      if (message.startsWith('No workflows registered')) return;
      // Our own guard at work: whoever asked asks again.
      if ((level === 'WARN' || level === 'ERROR') && inspect(meta).includes(BETWEEN_STEPS)) return;
      logger[LEVEL_OF[level]](meta ?? {}, message);
    }),
  });
  return { runtime, logger };
}
