import type { Client } from '@temporalio/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MigrationHubClient } from '../../src';
import { query } from '../../src/client/heartbeat-workflows';
import { groupFromHistory } from '../../src/client/history/group-from-history';
import type { TaskReport } from '../../src/report';
import type { TaskStateView } from '../../src/task-state';
import { nearTimes } from '../fixtures/near-times';
import { startHarness, until, type Harness } from './harness';
import { tasksOf } from './listed';

/** There is an answer, workers or not; not after a time-out of minutes. */
const LIMIT_MS = 60_000;
const STREAM = 'Read';
/** Its tasks share one group. */
const GROUPED = 'ReadGrouped';

let h: Harness;
let temporal: Client;
beforeAll(async () => {
  h = await startHarness();
  temporal = h.server.env.client;
});
afterAll(() => h?.close());

const hubClient = (heartbeat = {}, groups = 0, client = temporal) =>
  new MigrationHubClient({ client, heartbeat, groups });
const reportOf = (migrationTaskName: string, more: Partial<TaskReport> = {}): TaskReport => ({
  progressUpdateStream: STREAM,
  migrationTaskName,
  status: 'IN_PROGRESS',
  ...more,
});
const deliver = async (report: TaskReport, by = hubClient()) => by.waitForDelivery(await by.report(report));
const handleOf = (name: string) => temporal.workflow.getHandle(`mgh:${STREAM}:${name}`);

describe('without any worker', () => {
  it(
    'a report that no worker has taken yet is shown as pending, and a task that nobody reported is none',
    async () => {
      const hub = hubClient();
      await hub.report(reportOf('unserved', { progressPercent: 10 }));
      await hub.report(reportOf('unserved', { progressPercent: 20, labels: { wave: 'w1' } }));
      expect(await hub.lastReportedState(STREAM, 'unserved')).toMatchObject({
        source: 'history',
        freshness: 'never-delivered',
        pending: { status: 'IN_PROGRESS', progressPercent: 20, attempts: 0 },
        labels: { wave: 'w1' },
        counters: { reports: 2 },
      });
      expect(await hub.lastReportedState(STREAM, 'unknown')).toBeNull();
    },
    LIMIT_MS,
  );
});

/** A moment of a task's life: how it comes about, and by what it is known that it is there. */
interface Moment {
  name: string;
  play(name: string): Promise<unknown>;
  isThere(view: TaskStateView, runId: string): boolean;
  stream?: string;
}

const isAtOnce = { nextUpdateSeconds: 34 };
/** Heartbeats after some three seconds. */
const hasty = () => hubClient({ heartbeatFraction: 0.1 });
let firstRun = '';

const MOMENTS: Moment[] = [
  {
    name: 'delivered',
    play: (name) =>
      deliver(reportOf(name, { progressPercent: 10, statusDetail: 'Replicating', labels: { wave: 'w1' } })),
    isThere: ({ freshness }) => freshness === 'fresh',
  },
  {
    name: 'denied',
    play: (name) => hubClient().report(reportOf(name, { progressPercent: 10 })),
    isThere: ({ lastFailure }) => lastFailure?.type === 'AccessDeniedException',
  },
  {
    name: 'throttled',
    play: (name) => hubClient().report(reportOf(name)),
    isThere: ({ lastFailure }) => lastFailure?.type === 'ThrottlingException',
  },
  {
    name: 'on-its-way',
    play: async (name) => {
      await deliver(reportOf(name, { progressPercent: 10 }));
      await hubClient().report(reportOf(name, { progressPercent: 20 }));
      await until(
        'the call',
        () => h.emulator.requests({ task: name, operation: 'NotifyMigrationTaskState' }).length > 1,
      );
    },
    isThere: ({ pending, lastFailure }) => pending !== undefined && lastFailure === undefined,
  },
  {
    name: 'grouped',
    stream: GROUPED,
    play: () =>
      Promise.all(
        ['grouped', 'grouped-too', 'grouped-also'].map((name, i) =>
          deliver(reportOf(name, { progressUpdateStream: GROUPED, progressPercent: 10 * i }), hubClient({}, 1)),
        ),
      ),
    isThere: ({ freshness }) => freshness === 'fresh',
  },
  {
    name: 'continued',
    play: async (name) => {
      const hub = hubClient({ maxHistoryEvents: 50 });
      await deliver(reportOf(name), hub);
      firstRun = (await handleOf(name).describe()).runId;
      await Promise.all(Array.from({ length: 50 }, (_, i) => hub.report(reportOf(name, { progressPercent: i }))));
    },
    isThere: ({ pending }, runId) => runId !== firstRun && !pending,
  },
  {
    name: 'refused',
    play: async (name) => {
      await deliver(reportOf(name, { status: 'COMPLETED', progressPercent: 100 }));
      await hubClient().report(reportOf(name, { progressPercent: 50 }));
    },
    isThere: ({ freshness, counters }) => freshness === 'terminal' && counters.refused === 1,
  },
  {
    name: 'attributes-denied',
    play: (name) => deliver(reportOf(name, { resourceAttributes: [{ type: 'FQDN', value: 'web-01.example.com' }] })),
    isThere: ({ attachments }) => attachments?.[0]?.failure !== undefined,
  },
  {
    name: 'left',
    play: async (name) => {
      await deliver(reportOf(name, { status: 'COMPLETED' }), hubClient({ lingerSeconds: 0 }));
      await handleOf(name).result();
    },
    isThere: ({ freshness }) => freshness === 'terminal',
  },
  {
    name: 'cancelled',
    play: async (name) => {
      await deliver(reportOf(name, { progressPercent: 40 }));
      await handleOf(name).cancel();
      await until('its end', async () => (await handleOf(name).describe()).status.name === 'CANCELLED');
    },
    isThere: ({ lastDelivered }) => lastDelivered?.status === 'FAILED',
  },
  {
    name: 'owner-terminated',
    play: async (name) => {
      const owner = await temporal.workflow.start('nobody', { taskQueue: 'nobody', workflowId: 'an-owner' });
      const named = { ownerId: 'an-owner', workflowId: owner.workflowId, sequence: 1 };
      await deliver(reportOf(name, { ...isAtOnce, owner: named }), hasty());
      await owner.terminate();
    },
    isThere: ({ abandoned, lastDelivered }) => abandoned !== undefined && lastDelivered?.status === 'FAILED',
  },
  {
    name: 'silent',
    play: (name) => deliver(reportOf(name, { ...isAtOnce, silenceLimitSeconds: 1 }), hasty()),
    isThere: ({ abandoned }) => abandoned !== undefined,
  },
];

describe.concurrent('the history shows what a worker answers, for a task that is', () => {
  beforeAll(async () => {
    h.emulator.setFaults([
      { match: { operation: 'NotifyMigrationTaskState', task: 'denied' }, action: { type: 'access-denied' } },
      { match: { task: 'throttled' }, action: { type: 'throttle', retryAfterSeconds: 28 } },
      // Of a task that is registered Temporal tries the activity four times.
      ...Array.from({ length: 20 }, () => ({
        match: { operation: 'NotifyMigrationTaskState', task: 'on-its-way', nth: 2 },
        action: { type: 'throttle' as const, retryAfterSeconds: 4 },
      })),
      { match: { operation: 'PutResourceAttributes' }, action: { type: 'access-denied' } },
    ]);
    await h.startHub();
  });
  afterAll(() => h.stopAll());

  it.each(MOMENTS)('$name', async ({ name, play, isThere, stream }) => {
    await play(name);
    const workflowId = stream ? `mgh-group:${stream}:1:0` : `mgh:${STREAM}:${name}`;
    const handle = temporal.workflow.getHandle(workflowId);
    const now = Date.now() / 1000;
    const live = () => query<TaskStateView[]>(temporal, workflowId, null, now);
    let told: TaskStateView[] = [];
    let read: unknown;
    // Read between two equal answers: the workflow has taken no step meanwhile.
    await until(`${name} to be so`, async () => {
      told = await live();
      read = JSON.parse(JSON.stringify((await groupFromHistory(temporal, workflowId)).ledger(now)));
      const { runId } = await handle.describe();
      return told.some((view) => isThere(view, runId)) && JSON.stringify(await live()) === JSON.stringify(told);
    });
    expect(read).toEqual(nearTimes(told));
  });
});

describe('once the workers are gone', () => {
  it(
    'what they delivered is shown all the same, open or ended, and what was reported since',
    async () => {
      const hub = hubClient();
      await hub.report(reportOf('delivered', { progressPercent: 60 }));
      expect(await hub.lastReportedState(STREAM, 'delivered')).toMatchObject({
        source: 'history',
        lastDelivered: { progressPercent: 10 },
        pending: { progressPercent: 60 },
      });
    },
    LIMIT_MS,
  );

  it(
    'a whole stream is shown',
    async () => {
      const hub = hubClient();
      const states = [...(await tasksOf(hub, STREAM)), ...(await tasksOf(hub, GROUPED))];
      expect(new Set(states.map(({ source }) => source))).toEqual(new Set(['history']));
      const names = states.map(({ migrationTaskName }) => migrationTaskName);
      expect(names).toEqual(
        expect.arrayContaining([...MOMENTS.map(({ name }) => name), 'grouped-too', 'grouped-also']),
      );
      expect(new Set(names).size).toBe(names.length);
    },
    LIMIT_MS,
  );

  it('a wait for what was delivered ends at once, and one in vain says that nobody serves the queue', async () => {
    const hub = hubClient();
    const { records } = await groupFromHistory(temporal, handleOf('refused').workflowId);
    const [ownerId] = Object.keys(records.get('refused')?.reporters ?? {}) as [string];
    const done = { progressUpdateStream: STREAM, migrationTaskName: 'refused', ownerId, sequence: 1 };
    expect(await hub.waitForDelivery(done, { timeoutSeconds: 60 })).toMatchObject({ source: 'history' });
    const waiting = await hub.report(reportOf('silent'));
    await expect(hub.waitForDelivery(waiting, { timeoutSeconds: 10 })).rejects.toMatchObject({
      name: 'DeliveryTimeoutError',
      message: expect.stringContaining('does a worker serve the task queue migration-hub?'),
    });
  });
});
