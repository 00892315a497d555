import type { History } from '@temporalio/common/lib/proto-utils';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MigrationHubClient } from '../../src/client/migration-hub-client';
import { startHarness, until, type Harness } from './harness';

let harness: Harness;
beforeAll(async () => {
  harness = await startHarness();
});
afterAll(async () => {
  await harness?.stopAll();
  await harness?.close();
});

describe('reports that wait for the first worker', () => {
  it('are all delivered, though they are more events than a run may have', async () => {
    const heartbeat = { maxHistoryEvents: 50 };
    const client = new MigrationHubClient({ client: harness.server.env.client, groups: 1, heartbeat });
    const names = Array.from({ length: 80 }, (_, i) => `server-${i}`);
    const report = { progressUpdateStream: 'FirstBurst', status: 'IN_PROGRESS', progressPercent: 1 } as const;
    for (const migrationTaskName of names) await client.report({ ...report, migrationTaskName });
    await harness.startHub();
    const isDelivered = () =>
      harness.emulator.tasks().filter((task) => task.status === 'IN_PROGRESS').length === names.length;
    await until('all delivered', isDelivered, 30);
    expect(harness.emulator.tasks()).toHaveLength(names.length);
    const [first] = await runsOf('FirstBurst');
    expect(first?.map(kindOf)).toContain('activityTaskCompletedEventAttributes');
  });
});

describe('a run longer than it may be', () => {
  it('continues as new as soon as nothing is on its way', async () => {
    const { report } = restless('Quiet');
    for (let n = 0; n < 8; n++) await report('alone', n);
    const first = (await runsOf('Quiet'))[0] ?? [];
    expect(kindOf(first.at(-1))).toBe('workflowExecutionContinuedAsNewEventAttributes');
    expect(first.length).toBeGreaterThanOrEqual(50);
    expect(first.length).toBeLessThan(100);
  });

  it('goes on while something is always on its way, until it is twice as long', async () => {
    const { report, client } = restless('Hanging');
    const hanging = { progressUpdateStream: 'Hanging', migrationTaskName: 'hanging' };
    harness.emulator.setFaults([{ match: { task: 'hanging' }, action: { type: 'hang' } }]);
    await client.report({ ...hanging, status: 'IN_PROGRESS', progressPercent: 1 });
    // Of one task there is a notification a second at most, and the call that hangs is given up after some.
    for (let n = 0; n < 16; n++) await report(`other ${n}`, n);
    harness.emulator.setFaults([]);
    const first = (await runsOf('Hanging'))[0] ?? [];
    expect(kindOf(first.at(-1))).toBe('workflowExecutionContinuedAsNewEventAttributes');
    expect(first.length).toBeGreaterThanOrEqual(100);
    await until('the one that hung is delivered', () =>
      harness.emulator.tasks().some(({ migrationTaskName, status }) => migrationTaskName === 'hanging' && status),
    );
  });
});

type Event = NonNullable<History['events']>[number];

const kindOf = (event: Event | undefined): string | undefined =>
  Object.keys(event ?? {}).find((key) => key.endsWith('EventAttributes'));

/** A group whose run is long after 50 events, and how to report a task of it and wait until that is delivered. */
function restless(progressUpdateStream: string) {
  const heartbeat = { maxHistoryEvents: 50 };
  const client = new MigrationHubClient({ client: harness.server.env.client, groups: 1, heartbeat });
  const report = async (migrationTaskName: string, progressPercent: number) =>
    client.waitForDelivery(
      await client.report({ progressUpdateStream, migrationTaskName, status: 'IN_PROGRESS', progressPercent }),
    );
  return { client, report };
}

/** The histories of the one group of a stream, its first run first. */
async function runsOf(stream: string): Promise<Event[][]> {
  const { workflow } = harness.server.env.client;
  const workflowId = `mgh-group:${stream}:1:0`;
  const eventsOf = (runId: string): Promise<Event[]> =>
    workflow
      .getHandle(workflowId, runId)
      .fetchHistory()
      .then(({ events }) => events ?? []);
  const runs: Event[][] = [];
  let { runId } = await workflow.getHandle(workflowId).describe();
  const { firstExecutionRunId } = (await eventsOf(runId))[0]?.workflowExecutionStartedEventAttributes ?? {};
  for (runId = firstExecutionRunId ?? ''; runId;) {
    const events = await eventsOf(runId);
    runs.push(events);
    runId = events.at(-1)?.workflowExecutionContinuedAsNewEventAttributes?.newExecutionRunId ?? '';
  }
  return runs;
}
