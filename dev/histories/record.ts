/**
 * `npm run record:histories`: plays all scenarios on a real server and keeps the histories as those of the current version.
 * `-- --force`: also where the version has histories. `-- --list`: tells what the stored ones contain, and records nothing.
 */
import { parseArgs } from 'node:util';
import { chainOf } from './chain';
import { currentVersion, type HistoryJson } from './files';
import { listHistories } from './list';
import { SCENARIOS } from './scenarios';
import { openStage, type OpenStage } from './stage';
import { checkMayRecord, store } from './store';

const log = (line: string) => console.error(line);

async function record(version: string): Promise<void> {
  const began = Date.now();
  const stage = await openStage(
    SCENARIOS.flatMap(({ faults = [] }) => faults),
    log,
  );
  try {
    const recorded = await Promise.race([playAll(stage), stage.failure]);
    store(version, recorded);
    const runs = [...recorded.values()].reduce((sum, each) => sum + each.length, 0);
    log(`${runs} histories of ${version} in ${Math.round((Date.now() - began) / 1000)} s`);
  } finally {
    await stage.close();
  }
}

async function playAll(stage: OpenStage): Promise<Map<string, HistoryJson[]>> {
  await Promise.all(SCENARIOS.map((scenario) => scenario.beforeWorkers?.(stage)));
  await stage.startHub();
  const played = await Promise.allSettled(
    SCENARIOS.map(async (scenario) => {
      const chain = await chainOf(stage.client, await scenario.play(stage));
      log(`${scenario.name}: ${chain.map(({ events }) => `${events.length} events`).join(', ')}`);
      return [scenario.name, chain] as const;
    }),
  );
  const failures = played.flatMap((each, i) =>
    each.status === 'rejected' ? [`${SCENARIOS[i]?.name}: ${String(each.reason)}`] : [],
  );
  if (failures.length > 0) throw new Error(`nothing is written, since scenarios failed:\n${failures.join('\n')}`);
  return new Map(played.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : [])));
}

async function main(): Promise<void> {
  const options = { force: { type: 'boolean' }, list: { type: 'boolean' } } as const;
  const { force = false, list = false } = parseArgs({ options }).values;
  if (list) return listHistories();
  // On a shared server, workers of another version might take the workflows' tasks.
  if (process.env['TEMPORAL_ADDRESS']?.trim())
    throw new Error('histories are recorded on a server of their own: unset TEMPORAL_ADDRESS');
  const version = currentVersion();
  checkMayRecord(version, force);
  await record(version);
}

main().catch((error: unknown) => {
  console.error(`record:histories: ${error instanceof Error ? error.message : String(error)}`);
  // At once: scenarios that still wait would hold the process.
  process.exit(1);
});
