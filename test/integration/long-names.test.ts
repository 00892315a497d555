import { WorkflowFailedError } from '@temporalio/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MigrationHubClient } from '../../src';
import { startHarness, type Harness } from './harness';

const report = (progressUpdateStream: string, migrationTaskName: string) => ({
  progressUpdateStream,
  migrationTaskName,
  status: 'IN_PROGRESS' as const,
  progressPercent: 50,
});
const begin = async (limit?: number) => {
  const h = await startHarness({}, limit === undefined ? undefined : { dynamicConfig: { 'limit.maxIDLength': limit } });
  await h.startHub({ groups: { Shared: 2 } });
  await h.startUserWorker();
  return h;
};
const end = async (h: Harness | undefined) => {
  await h?.stopAll();
  await h?.close();
};
let runs = 0;
const start = (h: Harness, type: string, stream: string, name: string) =>
  h.server.env.client.workflow.start(type, {
    taskQueue: 'migrations',
    workflowId: `named-${runs++}`,
    args: [stream, name],
  });

describe.each([
  ['that takes ids of 255 bytes, as advised for MySQL and PostgreSQL', 255],
  ['with its default limit', undefined],
])('on a Temporal server %s, a task is delivered (R47)', (_server, limit) => {
  let h: Harness;
  beforeAll(async () => {
    h = await begin(limit);
  });
  afterAll(() => end(h));

  it.each([
    ['of 240 letters', 'Long', 'a'.repeat(240)],
    ['of 256 characters of four bytes', 'Long', '😀'.repeat(256)],
    ['of 256 letters in a stream of 50 characters of four bytes', '😀'.repeat(50), 'b'.repeat(256)],
    ['of 256 characters of four bytes in a shared group', 'Shared', '😀'.repeat(256)],
  ])('with a name %s', async (_name, stream, name) => {
    expect(await (await start(h, 'migrateNamed', stream, name)).result()).toBe('COMPLETED');
    const hub = new MigrationHubClient({ client: h.server.env.client });
    const again = { ...report(stream, name), reopen: true };
    await hub.waitForDelivery(await hub.report(again));
    expect(await hub.lastReportedState(stream, name)).toMatchObject({
      migrationTaskName: name,
      freshness: 'fresh',
      lastDelivered: { progressPercent: 50 },
      counters: { refused: 0 },
    });
    expect(
      h.emulator.tasks().filter((task) => task.migrationTaskName === name && task.progressUpdateStream === stream),
    ).toMatchObject([{ status: 'IN_PROGRESS', progressPercent: 50 }]);
  });
});

describe('on a Temporal server with a limit below 255, a name whose id is too long is refused at once', () => {
  const NAME = 'a'.repeat(120);
  const ID = `mgh:Low:${NAME}`;
  const SAID = `migrationTaskName is "${NAME.slice(0, 60)}`;
  let h: Harness;
  beforeAll(async () => {
    h = await begin(120);
  });
  afterAll(() => end(h));
  const expectSaid = (message: string) => {
    expect(message).toContain(SAID.slice(0, 60));
    expect(message).toContain(`${ID} (128 bytes; the server's limit.maxIDLength must be no less`);
    expect(message).toContain('WorkflowId length exceeds limit');
    expect(message).not.toContain('\n');
  };

  it('in a migration that is to fail for it: its report fails as InvalidReport, after one activity attempt and no wait', async () => {
    const handle = await start(h, 'reportNamed', 'Low', NAME);
    const said = await handle.result();
    expect(said).toMatch(/^InvalidReport: /);
    expectSaid(said);
    const { events = [] } = await handle.fetchHistory();
    const failures = (events ?? []).flatMap((event) => event.activityTaskFailedEventAttributes ?? []);
    expect(failures.map(({ failure }) => failure?.applicationFailureInfo)).toMatchObject([
      { type: 'InvalidReport', nonRetryable: true },
    ]);
    const begun = (events ?? []).flatMap((event) => event.activityTaskStartedEventAttributes ?? []);
    expect(begun.map(({ attempt }) => attempt)).toEqual([1]);
  });

  it('in a migration that waits for its delivery: that fails at once, with the same words', async () => {
    const failed = (await start(h, 'migrateNamed', 'Low', NAME)).result();
    const error = await failed.catch((each: unknown) => each);
    expect(error).toBeInstanceOf(WorkflowFailedError);
    expectSaid(((error as WorkflowFailedError).cause as Error).message);
  });

  it('by a client', async () => {
    const hub = new MigrationHubClient({ client: h.server.env.client });
    for (let times = 0; times < 2; times++) {
      const error = await hub.report(report('Low', NAME)).catch((each: unknown) => each);
      expect(error).toMatchObject({ name: 'InvalidReport', field: 'migrationTaskName' });
      expectSaid((error as Error).message);
    }
    expect(await hub.lastReportedState('Low', NAME)).toBeNull();
  });

  it('by a caller in another language, as a failure that it need not retry', async () => {
    const failed = h.server.env.client.workflow.execute('callsActivity', {
      taskQueue: 'migrations',
      workflowId: `named-${runs++}`,
      args: ['Low', NAME],
    });
    await expect(failed).rejects.toMatchObject({ cause: { cause: { type: 'InvalidReport', nonRetryable: true } } });
  });

  it('and one whose id fits is delivered', async () => {
    expect(await (await start(h, 'migrateNamed', 'Low', 'a'.repeat(100))).result()).toBe('COMPLETED');
  });
});
