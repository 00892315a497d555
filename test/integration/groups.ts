import type { Client } from '@temporalio/client';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import { MigrationHubClient } from '../../src';
import { query } from '../../src/client/heartbeat-workflows';
import type { TaskStateView } from '../../src/task-state';
import { startHarness, until, type Harness } from './harness';

export const namesOf = (prefix: string, count: number) => Array.from({ length: count }, (_, i) => `${prefix}-${i}`);
export const inProgress = (progressUpdateStream: string, migrationTaskName: string, progressPercent: number) => ({
  progressUpdateStream,
  migrationTaskName,
  status: 'IN_PROGRESS' as const,
  progressPercent,
  nextUpdateSeconds: 600,
});

/** Reports tasks of streams in groups, and tells which heartbeat workflow holds each. */
class Groups {
  private runs = 0;
  h!: Harness;

  get temporal(): Client {
    return this.h.server.env.client;
  }

  clientOf(groups?: number): MigrationHubClient {
    return new MigrationHubClient({ client: this.temporal, groups });
  }

  /** By a migration workflow, so by the worker. */
  migrate(stream: string, name: string, percents: number[], completes = false): Promise<string> {
    return this.temporal.workflow.execute('reportSteps', {
      taskQueue: 'migrations',
      workflowId: `steps-${stream}-${name}-${this.runs++}`,
      args: [stream, name, percents, completes],
    });
  }

  /** The heartbeat workflows that hold each task of a stream. */
  async holdersOf(stream: string): Promise<Map<string, string[]>> {
    const holders = new Map<string, string[]>();
    const ids: string[] = [];
    for await (const { workflowId, type } of this.temporal.workflow.list({ query: `ExecutionStatus = 'Running'` }))
      if (type === 'migrationHeartbeat' && workflowId.split(':')[1] === stream) ids.push(workflowId);
    for (const id of ids)
      for (const { migrationTaskName } of await query<TaskStateView[]>(this.temporal, id, null))
        holders.set(migrationTaskName, [...(holders.get(migrationTaskName) ?? []), id]);
    return holders;
  }

  /** All heartbeat workflows are listed, and each task is in one. */
  async expectOneHolder(stream: string, names: string[]): Promise<void> {
    let holders = new Map<string, string[]>();
    await until('all tasks to be listed', async () => {
      holders = await this.holdersOf(stream);
      // Each look asks every heartbeat workflow: not too often.
      return holders.size === names.length || new Promise((resolve) => setTimeout(resolve, 1000, false));
    });
    for (const name of names) expect([name, holders.get(name)?.length]).toEqual([name, 1]);
  }
}

/** For the tests of a file; the workers of each are stopped after it. */
export function groupsOfFile(): Groups {
  const groups = new Groups();
  beforeAll(async () => {
    groups.h = await startHarness();
  });
  afterEach(() => groups.h.stopAll());
  afterAll(() => groups.h?.close());
  return groups;
}
