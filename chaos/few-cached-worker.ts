/** Our workers with a setting that the worker process does not have: `few-cached-worker <groups> <maxCachedWorkflows>`. */
import { DefaultLogger, NativeConnection, Runtime } from '@temporalio/worker';
import { createMigrationHubWorkers } from '../src/worker';

async function main(): Promise<void> {
  const [groups, maxCachedWorkflows] = process.argv.slice(2).map(Number);
  Runtime.install({
    logger: new DefaultLogger('ERROR', () => undefined),
    telemetryOptions: { logging: { filter: { core: 'ERROR', other: 'ERROR' } } },
    shutdownSignals: [],
  });
  const connection = await NativeConnection.connect({ address: process.env['TEMPORAL_ADDRESS'] });
  const workers = await createMigrationHubWorkers({ connection, maxCachedWorkflows }, { groups });
  process.once('SIGTERM', () => workers.shutdown());
  const running = workers.run();
  process.stdout.write('serving\n');
  await running;
  await connection.close();
}

main().catch((error: Error) => {
  process.stderr.write(`${error.stack ?? error.message}\n`);
  process.exit(1);
});
