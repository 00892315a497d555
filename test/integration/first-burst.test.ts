import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chainOf } from '../../dev/histories/chain';
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

/** A run is long after so many events, and too long after twice as many. */
const MAX_EVENTS = 50;
const CONTINUED = 'EVENT_TYPE_WORKFLOW_EXECUTION_CONTINUED_AS_NEW';
const DONE = 'EVENT_TYPE_ACTIVITY_TASK_COMPLETED';

const restless = () => {
  const heartbeat = { maxHistoryEvents: MAX_EVENTS };
  return new MigrationHubClient({ client: harness.server.env.client, groups: 1, heartbeat });
};

/** What happened in the first run of the one group of a stream, once it has continued as new. */
async function firstRun(stream: string): Promise<string[]> {
  let types: string[] = [];
  await until('the next run', async () => {
    const [first] = await chainOf(harness.server.env.client, `mgh-group:${stream}:1:0`);
    types = first?.events.map(({ eventType }) => eventType) ?? [];
    return types.at(-1) === CONTINUED;
  });
  return types;
}

describe('reports that wait for the first worker', () => {
  it.each([
    ['in the run that took them, where it is long', 80, true],
    ['in the next run, where it is too long', 120, false],
  ])('are all delivered: %s', async (_where, count, isInFirst) => {
    await harness.stopAll();
    const client = restless();
    const stream = `FirstBurst-${count}`;
    const report = { progressUpdateStream: stream, status: 'IN_PROGRESS', progressPercent: 1 } as const;
    for (let i = 0; i < count; i++) await client.report({ ...report, migrationTaskName: `server-${i}` });
    await harness.startHub();
    const ours = () => harness.emulator.tasks().filter(({ progressUpdateStream }) => progressUpdateStream === stream);
    await until('all delivered', () => ours().filter(({ status }) => status === 'IN_PROGRESS').length === count, 30);
    expect(ours()).toHaveLength(count);
    expect((await firstRun(stream)).includes(DONE)).toBe(isInFirst);
  });
});

it('a long run continues as new as soon as nothing is on its way', async () => {
  const client = restless();
  const report = { progressUpdateStream: 'Quiet', migrationTaskName: 'alone', status: 'IN_PROGRESS' } as const;
  for (let n = 0; n < 8; n++) await client.waitForDelivery(await client.report({ ...report, progressPercent: n }));
  const first = await firstRun('Quiet');
  expect(first.length).toBeGreaterThanOrEqual(MAX_EVENTS);
  expect(first.length).toBeLessThan(2 * MAX_EVENTS);
});
