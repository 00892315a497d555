import { Client } from '@temporalio/client';
import { defaultPayloadConverter, type Payload } from '@temporalio/common';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { MigrationHubClient } from '../../src';
import type { TaskReport } from '../../src/report';
import { createMigrationHubWorkers } from '../../src/worker/workers';
import { encrypted } from './encrypting-codec';
import { served, startHarness, until, type Harness } from './harness';
import { tasksOf } from './listed';
import { statesTold } from './journal';

/** What Temporal's UI and command line show of our workflows. */
let h: Harness;
beforeAll(async () => {
  h = await startHarness();
});
afterEach(() => h.emulator.clearFaults());
afterAll(() => h?.close());
interface Metadata {
  currentDetails: string;
}
const METADATA = '__temporal_workflow_metadata';
const hubOf = (options = {}) => new MigrationHubClient({ client: h.server.env.client, ...options });
const eventsOf = async (workflowId: string, client: Client = h.server.env.client) =>
  (await client.workflow.getHandle(workflowId).fetchHistory()).events ?? [];
/** By type of event, once each. */
async function summariesOf(workflowId: string) {
  const of = (payload: Payload): unknown => defaultPayloadConverter.fromPayload(payload);
  const found = { activities: new Set<unknown>(), timers: new Set<unknown>() };
  for (const {
    userMetadata,
    activityTaskScheduledEventAttributes: activity,
    timerStartedEventAttributes: timer,
  } of await eventsOf(workflowId)) {
    const summary = userMetadata?.summary && of(userMetadata.summary);
    if (activity) found.activities.add(summary);
    if (timer) found.timers.add(summary);
  }
  return found;
}
/** The state as `temporal workflow metadata` asks for it; asked again where it comes between two steps. */
async function detailsOf(workflowId: string, client: Client = h.server.env.client): Promise<string> {
  let details = '';
  await until(`details of ${workflowId}`, async () => {
    const handle = client.workflow.getHandle(workflowId);
    const metadata = await handle.query<Metadata>(METADATA).catch((error: Error) => {
      if (!error.message.includes('BetweenSteps')) throw error;
    });
    details = metadata?.currentDetails ?? '';
    return details !== '';
  });
  return details;
}
const summaryOf = async (workflowId: string, client: Client = h.server.env.client) =>
  (await client.workflow.getHandle(workflowId).describe()).staticSummary();
const inProgress = (progressUpdateStream: string, migrationTaskName: string, progressPercent = 40): TaskReport => ({
  progressUpdateStream,
  migrationTaskName,
  status: 'IN_PROGRESS',
  progressPercent,
  nextUpdateSeconds: 60,
});
const TIME = String.raw`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ`;

describe('a migration and its task', () => {
  served(() => h, { heartbeat: { heartbeatFraction: 0.1 } });

  it('each activity and timer of both says what it is for, and the heartbeat workflow whose it is', async () => {
    const { workflow } = h.server.env.client;
    await workflow.execute('migrate', { taskQueue: 'migrations', workflowId: 'seen', args: ['web-12', 12_000] });
    const percents = [10, 50, 90];
    expect((await summariesOf('seen')).activities).toEqual(
      new Set([
        ...percents.map((percent) => `web-12 IN_PROGRESS ${percent} %`),
        'web-12 COMPLETED 100 %',
        'web-12: until it is delivered',
      ]),
    );
    const { activities, timers } = await summariesOf('mgh:DatacenterExit:web-12');
    const states = [...percents.map((percent) => `IN_PROGRESS ${percent} %`), 'COMPLETED 100 %'];
    for (const state of states) expect(activities).toContain(`web-12 ${state}`);
    expect([...activities].join('\n')).toMatch(/^web-12 IN_PROGRESS \d+ %, heartbeat$/m);
    expect(timers).toContain('web-12: next heartbeat');
    for (const summary of [...activities, ...timers]) expect(summary).toMatch(/^web-12|^time for/);
    expect(await summaryOf('mgh:DatacenterExit:web-12')).toBe('DatacenterExit/web-12');
    expect(await detailsOf('mgh:DatacenterExit:web-12')).toMatch(
      new RegExp(String.raw`^\*\*web-12\*\*: COMPLETED 100 %, of ${TIME} \(terminal\)\n\nAs of ${TIME}`),
    );
  });
});

describe('what is shown of tasks', () => {
  served(() => h, { groups: { Shared: 1 } });

  it('the state that a heartbeat workflow shows goes with what is delivered, and says what is pending and why', async () => {
    const hub = hubOf();
    await hub.waitForDelivery(await hub.report({ ...inProgress('Seen', 'vm-1'), statusDetail: 'Replicating' }));
    const before = await eventsOf('mgh:Seen:vm-1');
    expect(await detailsOf('mgh:Seen:vm-1')).toMatch(
      new RegExp(
        String.raw`^\*\*vm-1\*\*: IN_PROGRESS 40 %, "Replicating", of ${TIME}, which holds until ${TIME} \(fresh\)\n- next heartbeat: ${TIME}\n`,
      ),
    );
    // Nothing is added to the history for who looks.
    expect(await eventsOf('mgh:Seen:vm-1')).toHaveLength(before.length);
    const match = { operation: 'NotifyMigrationTaskState', task: 'vm-1' };
    h.emulator.setFaults([{ match, action: { type: 'access-denied' } }]);
    await hub.report(inProgress('Seen', 'vm-1', 60));
    await until('a failure', async () => (await hub.lastReportedState('Seen', 'vm-1'))?.lastFailure !== undefined);
    const details = await detailsOf('mgh:Seen:vm-1');
    expect(details).toMatch(/^\*\*vm-1\*\*: IN_PROGRESS 40 %.*\(at-risk\)$/m);
    expect(details).toMatch(
      new RegExp(String.raw`^- pending: IN_PROGRESS 60 %, since ${TIME}, \d+ tr(y|ies) in vain`, 'm'),
    );
    expect(details).toMatch(/^- last failure: AccessDeniedException: /m);
    // The timer to the heartbeat comes first.
    await until('a timer', async () => (await summariesOf('mgh:Seen:vm-1')).timers.has('vm-1: next try'));
  });

  it('a shared group shows numbers, and a batch of 200 tasks adds no more to the history than one task', async () => {
    // So that all is in one run.
    const hub = hubOf({ groups: { Shared: 1 }, heartbeat: { maxHistoryEvents: 4600 } });
    const names = Array.from({ length: 200 }, (_, i) => `vm-${i}`);
    await Promise.all(names.map((name) => hub.report({ ...inProgress('Shared', name), nextUpdateSeconds: 3600 })));
    const shared = () => h.emulator.tasks().filter((each) => each.progressUpdateStream === 'Shared');
    await until('all to arrive', () => shared().filter(({ status }) => status === 'IN_PROGRESS').length === 200);
    await until('all to be delivered', async () => {
      const views = await tasksOf(hub, 'Shared');
      return views.length === 200 && views.every(({ lastDelivered }) => lastDelivered);
    });
    const id = 'mgh-group:Shared:1:0';
    expect(await summaryOf(id)).toBe('Shared: group 0 of 1');
    expect(await detailsOf(id)).toMatch(/^\*\*200 tasks\*\* of Shared: 200 fresh\n\nAs of /);
    const summaries = (await eventsOf(id)).flatMap(({ userMetadata }) => userMetadata?.summary?.data?.length ?? []);
    expect(Math.max(...summaries)).toBeLessThanOrEqual(100);
    const { historySize = 0 } = await h.server.env.client.workflow.getHandle(id).describe();
    const METADATA_BYTES = 40;
    const added = summaries.reduce((sum, bytes) => sum + bytes + METADATA_BYTES, 0);
    expect(added / historySize).toBeLessThan(0.03);
    const { activities } = await summariesOf(id);
    expect([...activities].join('\n')).toMatch(/^\d+ tasks( \(\d+ heartbeats?\))?$/m);
  });

  describe('an end that is reported by name', () => {
    const ends = [
      ['complete', 'COMPLETED', 100, 'All volumes'],
      ['complete without a detail', 'COMPLETED', 100, undefined],
      ['fail', 'FAILED', 40, 'No space on volume 2'],
      ['fail with an error', 'FAILED', 40, 'disk full'],
      ['fail without a detail', 'FAILED', 40, undefined],
      ['a detail that is wrong', 'COMPLETED', 100, undefined],
    ] as const;
    it.each(
      ends.flatMap(([how, ...end]) =>
        // Without run nobody reports an end in place of one that is dropped.
        [true, false]
          .filter((inRun) => inRun || how !== 'a detail that is wrong')
          .map((inRun) => [how, inRun, ...end] as const),
      ),
    )(
      '%s (within run: %s) is the end, and a migration reads what was last reported',
      async (how, inRun, status, percent, detail) => {
        const name = `${how.replaceAll(' ', '-')}-${inRun}`;
        const [before, after] = (await h.server.env.client.workflow.execute('endsByName', {
          taskQueue: 'migrations',
          workflowId: name,
          args: [name, how, inRun],
        })) as Awaited<ReturnType<MigrationHubClient['lastReportedState']>>[];
        expect(before).toBeNull();
        expect(after).toMatchObject({
          migrationTaskName: name,
          source: 'query',
          freshness: 'terminal',
          lastDelivered: { status, progressPercent: percent, ...(detail !== undefined && { statusDetail: detail }) },
        });
        expect(after?.lastDelivered?.statusDetail).toBe(detail);
        // On a slow machine the end may take the place of the report before it.
        const ends = statesTold(h.emulator, name).filter((state) => !state.startsWith('IN_PROGRESS'));
        expect(ends).toEqual([`${status} ${percent}`]);
      },
    );
  });

  it.each([
    ['by its task', false],
    ['by the name of the activity, as another language does', true],
  ])(
    'a migration that asks %s learns what a terminated heartbeat workflow held, and that nobody attends to it',
    async (_how, byName) => {
      const { workflow } = h.server.env.client;
      const name = `left-${byName}`;
      const hub = hubOf();
      await hub.waitForDelivery(await hub.report(inProgress('ByName', name)));
      await workflow.getHandle(`mgh:ByName:${name}`).terminate();
      const options = { taskQueue: 'migrations', workflowId: `asks-${name}`, args: [name, byName] };
      expect(await workflow.execute('asksForState', options)).toMatchObject({
        migrationTaskName: name,
        source: 'history',
        freshness: 'unattended',
        lastDelivered: { progressPercent: 40 },
      });
    },
  );
});

it('who encrypts payloads finds summaries and details encrypted, too', async () => {
  const dataConverter = { payloadCodecs: [encrypted] };
  const { namespace } = h;
  const { nativeConnection: connection, connection: ours } = h.server.env;
  const options = { region: 'us-west-2', endpoint: h.emulator.url };
  const workers = await createMigrationHubWorkers({ connection, namespace, dataConverter }, options);
  const running = workers.run();
  const client = new Client({ connection: ours, namespace, dataConverter });
  const hub = new MigrationHubClient({ client });
  const id = 'mgh:Secret:hidden-host';
  try {
    await hub.waitForDelivery(await hub.report(inProgress('Secret', 'hidden-host')));
    expect(await detailsOf(id, client)).toContain('**hidden-host**: IN_PROGRESS 40 %');
    await expect(h.server.env.client.workflow.getHandle(id).query(METADATA)).rejects.toThrow('Unknown encoding');
  } finally {
    workers.shutdown();
    await running;
  }
  const events = await eventsOf(id, client);
  const summaries = events.flatMap(({ userMetadata }) => userMetadata?.summary ?? []);
  // Of the start, a notification and a timer.
  expect(summaries.length).toBeGreaterThanOrEqual(3);
  for (const { metadata, data } of summaries) {
    expect(Buffer.from(metadata?.['encoding'] ?? []).toString()).toBe('binary/encrypted');
    expect(Buffer.from(data ?? []).toString('latin1')).not.toContain('hidden');
    // What servers take, with what the codec adds.
    expect(data?.length).toBeLessThan(350);
  }
  expect(await summaryOf(id, client)).toBe('Secret/hidden-host');
});

it('a question for the state that nobody can answer ends in its time, and says why', async () => {
  await h.startUserWorker();
  const options = { taskQueue: 'migrations', workflowId: 'in-vain', args: ['vm-in-vain'] };
  const answers = (await h.server.env.client.workflow.execute('asksInVain', options)) as string[];
  expect(answers[0]).toMatch(/^InvalidReport: timeoutSeconds is 0/);
  expect(answers[1]).toMatch(/^StateUnknown: nobody could tell the last reported state of vm-in-vain within 2 s: /);
});
