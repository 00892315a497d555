import type { TestProject } from 'vitest/node' with { 'resolution-mode': 'import' };
import { startDevServer } from '../../dev/servers';

declare module 'vitest' {
  export interface ProvidedContext {
    /** Address of the dev server that the files share. */
    temporal: string;
  }
}

/** A dev server has one history shard, whose task queues it reads 20 times a second: for one file of tests, not for ten at once. */
const READS_PER_SECOND = 1_000;
/** Of a task queue: four would each be polled, which costs CPU, for the few workflows of a test. */
const PARTITIONS = 1;

/** Before the integration tests: one dev server for all files, since each costs a second of CPU to start, and some to idle. */
export default async function start(project: TestProject): Promise<() => Promise<void>> {
  // It lives for minutes: it may collect garbage later, and need not be fast.
  process.env['GOGC'] ??= '400';
  process.env['GOMAXPROCS'] ??= '1';
  const reads = ['transfer', 'timer', 'visibility'].map((queue) => `history.${queue}ProcessorMaxPollRPS`);
  const partitions = ['Read', 'Write'].map((kind) => `matching.numTaskqueue${kind}Partitions`);
  const dynamicConfig = Object.fromEntries([
    ...reads.map((key) => [key, READS_PER_SECOND]),
    ...partitions.map((key) => [key, PARTITIONS]),
  ]);
  const server = await startDevServer(process.env['TEMPORAL_ADDRESS'] ? {} : { dynamicConfig });
  project.provide('temporal', server.address);
  return () => server.close();
}
