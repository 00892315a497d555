import { inspect } from 'node:util';
import { DefaultLogger, Runtime } from '@temporalio/worker';
import type { Log } from '../temporal-cli/log';
import { isByDesign } from '../worker/by-design';
import { SAMPLE_TASK_QUEUE } from './sample/servers';

/** Warnings and errors of the workers and of the SDK, a line for each; for the whole process. */
export function installDevLog(log: Log): void {
  const logger = new DefaultLogger('WARN', (entry) => {
    const { level, message, meta } = entry;
    // Some of the sample's migrations fail, as migrations do.
    if (isByDesign(entry) || meta?.['taskQueue'] === SAMPLE_TASK_QUEUE) return;
    const { sdkComponent: _, ...fields } = meta ?? {};
    const shown = Object.keys(fields).length > 0 ? ` ${inspect(fields, { breakLength: Infinity, depth: 2 })}` : '';
    log(`${level.toLowerCase()}: ${message}${shown}`.replace(/\s*\n\s*/g, ' '));
  });
  const logging = { filter: { core: 'ERROR', other: 'ERROR' } as const, forward: {} };
  // The parts are stopped by us, in order.
  Runtime.install({ logger, shutdownSignals: [], telemetryOptions: { logging } });
}
