/** Migrations as a user has them: each task has an open workflow on whose word its reports rest. */
import type { MigrationHubClient } from 'temporal-migration-hub';
import { inParallel } from '../src/async/in-parallel';
import type { World } from './world';

/** Callers that report at once. */
export const CALLERS = 50;
/** Nobody serves this queue: the workflows are open, which is all that is asked about them, and cost no worker anything. */
const UNSERVED_QUEUE = 'bench-unserved';

/** A task and the open workflow that speaks for it. */
export interface Migration {
  stream: string;
  task: string;
  workflowId: string;
  runId: string;
  /** Of its last report. */
  sequence: number;
}

/** Starts a workflow for each of `count` tasks of a stream. They stay open to the end of the world. */
export async function startMigrations(world: World, stream: string, count: number): Promise<Migration[]> {
  const migrations = Array.from({ length: count }, (_, i): Migration => {
    const task = `server-${String(i + 1).padStart(5, '0')}`;
    return { stream, task, workflowId: `migrate-${stream}-${task}`, runId: '', sequence: 0 };
  });
  await inParallel(migrations, CALLERS, async (migration) => {
    const { workflowId } = migration;
    const handle = await world.client.workflow.start('migrateServer', { workflowId, taskQueue: UNSERVED_QUEUE });
    migration.runId = handle.firstExecutionRunId;
  });
  return migrations;
}

/** One report of a migration, through the public client. */
export async function report(
  hub: MigrationHubClient,
  migration: Migration,
  { nextUpdateSeconds, statusDetail = 'Replicating' }: { nextUpdateSeconds: number; statusDetail?: string },
): Promise<void> {
  const { stream, task, workflowId, runId } = migration;
  migration.sequence += 1;
  await hub.report({
    progressUpdateStream: stream,
    migrationTaskName: task,
    status: 'IN_PROGRESS',
    statusDetail,
    progressPercent: 50,
    nextUpdateSeconds,
    owner: { ownerId: runId, workflowId, runId, sequence: migration.sequence },
  });
}

/** One report of each, from 50 callers. */
export const reportAll = (
  hub: MigrationHubClient,
  migrations: Migration[],
  settings: { nextUpdateSeconds: number; statusDetail?: string },
): Promise<unknown> => inParallel(migrations, CALLERS, (migration) => report(hub, migration, settings));
