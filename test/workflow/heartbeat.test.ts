import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MigrationHubClient } from '../../src/client/migration-hub-client';
import type { TaskStateView } from '../../src/task-state';
import { startSkippedTime, throttled, type Arrival, type SkippedTime } from './skipped-time';

let s: SkippedTime;
beforeAll(async () => {
  s = await startSkippedTime();
});
afterAll(() => s?.close());

const of = (name: string) => s.of(name);
const client = (heartbeat = {}, groups = 0) => new MigrationHubClient({ client: s.env.client, heartbeat, groups });
const task = (migrationTaskName: string) => ({ progressUpdateStream: 'Skipped', migrationTaskName });
const handleOf = (name: string) => s.env.client.workflow.getHandle(`mgh:Skipped:${name}`);
const hours = (n: number) => s.env.sleep(`${n}h`);

/** Every arrival of a task that is not terminal comes before the deadline of the one before. */
function expectNeverStale(list: Arrival[]): void {
  list.slice(1).forEach((arrival, i) => {
    const before = list[i] as Arrival;
    expect(arrival.at).toBeLessThan(before.updateDateTime + before.nextUpdateSeconds);
    expect(arrival.updateDateTime).toBeGreaterThan(before.updateDateTime);
  });
}

describe('the heartbeat workflow', () => {
  it('repeats the last state every third of nextUpdateSeconds through 24 silent hours, never late, and stops when the task is terminal', async () => {
    await client().report({
      ...task('silent'),
      status: 'IN_PROGRESS',
      progressPercent: 40,
      statusDetail: 'Replicating',
      nextUpdateSeconds: 3600,
    });
    await hours(24);
    const beats = of('silent');
    expect(beats.length).toBeGreaterThanOrEqual(72);
    expect(beats.length).toBeLessThanOrEqual(82);
    expectNeverStale(beats);
    for (const beat of beats)
      expect(beat).toMatchObject({ status: 'IN_PROGRESS', progressPercent: 40, statusDetail: 'Replicating' });
    await client().report({ ...task('silent'), status: 'COMPLETED', progressPercent: 100 });
    const ledger = (await handleOf('silent').result()) as TaskStateView[];
    expect(ledger).toHaveLength(1);
    expect(ledger[0]).toMatchObject({
      freshness: 'terminal',
      counters: { heartbeats: beats.length - 1, missedDeadlines: 0 },
    });
    const after = of('silent').length;
    expect(after).toBe(beats.length + 1);
    await hours(12);
    expect(of('silent')).toHaveLength(after);
  });

  it('continues as new with all it knows: nothing late, nothing repeated with another content', async () => {
    await client({ maxHistoryEvents: 60 }).report({
      ...task('long'),
      status: 'IN_PROGRESS',
      progressPercent: 10,
      nextUpdateSeconds: 600,
    });
    const first = await handleOf('long').describe();
    await hours(3);
    await client().report({ ...task('long'), status: 'IN_PROGRESS', progressPercent: 20, nextUpdateSeconds: 600 });
    await hours(3);
    expect((await handleOf('long').describe()).runId).not.toBe(first.runId);
    expectNeverStale(of('long'));
    const view = await client().lastReportedState('Skipped', 'long');
    expect(view?.lastDelivered).toMatchObject({ progressPercent: 20 });
    expect(view?.counters).toMatchObject({ reports: 2, missedDeadlines: 0, notifications: of('long').length });
    await client().report({ ...task('long'), status: 'COMPLETED' });
    await handleOf('long').result();
  });

  it('waits as long as Migration Hub asks, and repeats the very same notification', async () => {
    s.answer = (notification, earlier) =>
      notification.migrationTaskName === 'busy' && earlier.length < 2 ? throttled : undefined;
    const report = await client().report({
      ...task('busy'),
      status: 'IN_PROGRESS',
      progressPercent: 5,
      nextUpdateSeconds: 600,
    });
    await s.env.sleep('2m');
    s.answer = () => undefined;
    await client().waitForDelivery(report);
    const [one, two, three] = of('busy') as [Arrival, Arrival, Arrival];
    const said = ({ at: _at, failed: _failed, ...notification }: Arrival) => notification;
    expect([said(two), said(three)]).toEqual([said(one), said(one)]);
    expect(two.at - one.at).toBeGreaterThanOrEqual(5);
    expect(three.at - two.at).toBeGreaterThanOrEqual(5);
    await client().report({ ...task('busy'), status: 'COMPLETED' });
    await handleOf('busy').result();
  });

  it('stamps anew past the deadline and counts the miss, when Migration Hub is away for long', async () => {
    await client().report({ ...task('outage'), status: 'IN_PROGRESS', progressPercent: 5, nextUpdateSeconds: 600 });
    await s.env.sleep('1m');
    s.answer = (notification) =>
      notification.migrationTaskName === 'outage' ? { ...throttled, retryAfterSeconds: undefined } : undefined;
    await s.env.sleep('30m');
    expect((await client().lastReportedState('Skipped', 'outage'))?.lastFailure?.type).toBe('ThrottlingException');
    s.answer = () => undefined;
    await s.env.sleep('2m');
    const last = of('outage').at(-1) as Arrival;
    expect(last.failed).toBe(false);
    expect(last.updateDateTime + last.nextUpdateSeconds).toBeGreaterThan(last.at);
    expect((await client().lastReportedState('Skipped', 'outage'))?.counters.missedDeadlines).toBe(1);
    await client().report({ ...task('outage'), status: 'COMPLETED' });
    await handleOf('outage').result();
  });

  it.each([45, 600])(
    'lets no task of %d s become stale while Migration Hub takes what it is told, but no answer comes back',
    async (nextUpdateSeconds) => {
      const name = `unanswered ${nextUpdateSeconds}`;
      await client().report({ ...task(name), status: 'IN_PROGRESS', nextUpdateSeconds });
      await s.env.sleep('1m');
      s.answer = ({ migrationTaskName }) =>
        migrationTaskName === name ? { type: 'TimeoutError', message: 'no answer', retry: 'backoff' } : undefined;
      await s.env.sleep(nextUpdateSeconds * 4_000);
      s.answer = () => undefined;
      await s.env.sleep('1m');
      let deadline = Infinity;
      for (const arrival of of(name)) {
        expect(arrival.at).toBeLessThan(deadline);
        deadline = arrival.updateDateTime + arrival.nextUpdateSeconds;
      }
      expect(of(name).some(({ failed }) => failed)).toBe(true);
      expect(of(name).at(-1)?.failed).toBe(false);
      await client().report({ ...task(name), status: 'COMPLETED' });
      await handleOf(name).result();
    },
  );

  it('closes its task once, as FAILED, when it is cancelled', async () => {
    await client().report({ ...task('cancelled'), status: 'IN_PROGRESS', progressPercent: 30, nextUpdateSeconds: 600 });
    await s.env.sleep('10m');
    await handleOf('cancelled').cancel();
    await expect(handleOf('cancelled').result()).rejects.toThrow();
    const terminal = of('cancelled').filter(({ status }) => status === 'FAILED');
    expect(terminal).toHaveLength(1);
    expect(of('cancelled').at(-1)).toMatchObject({ status: 'FAILED', progressPercent: 30 });
  });

  it('refuses a late report of a task that Migration Hub holds as terminal, though its workflow is gone', async () => {
    s.held = { status: 'COMPLETED', progressPercent: 100, updateDateTime: 1000 };
    const late = await client().report({ ...task('gone'), status: 'IN_PROGRESS', progressPercent: 1 });
    await s.env.sleep('1m');
    s.held = {};
    await expect(client().waitForDelivery(late)).rejects.toThrow('already holds COMPLETED');
    expect(of('gone')).toHaveLength(0);
    await handleOf('gone').result();
  });

  it('sends the heartbeats of a group in batches', async () => {
    const group = client({ batchWindowSeconds: 60 }, 1);
    const names = Array.from({ length: 30 }, (_, i) => `member-${i}`);
    const member = (migrationTaskName: string) => ({ progressUpdateStream: 'SkippedGroup', migrationTaskName });
    for (const name of names) await group.report({ ...member(name), status: 'IN_PROGRESS', nextUpdateSeconds: 3600 });
    const handle = s.env.client.workflow.getHandle('mgh-group:SkippedGroup:1:0');
    const batches = async () =>
      ((await handle.fetchHistory()).events ?? []).filter((event) => event.activityTaskScheduledEventAttributes).length;
    await s.env.sleep('1m');
    const before = await batches();
    await hours(3);
    // One for all, every 1,080 to 1,200 s.
    expect((await batches()) - before).toBeLessThanOrEqual(10);
    for (const name of names) {
      expectNeverStale(of(name));
      expect(of(name).length).toBeGreaterThanOrEqual(9);
    }
    for (const name of names) await group.report({ ...member(name), status: 'COMPLETED' });
    const ledger = (await handle.result()) as TaskStateView[];
    expect(ledger).toHaveLength(30);
    expect(new Set(ledger.map(({ freshness }) => freshness))).toEqual(new Set(['terminal']));
  });

  it('keeps the deadlines of a group while it waits, to continue as new, for a task that is throttled for long', async () => {
    const group = client({ maxHistoryEvents: 50 }, 1);
    const member = (migrationTaskName: string) => ({ progressUpdateStream: 'Drained', migrationTaskName });
    const id = 'mgh-group:Drained:1:0';
    s.answer = ({ migrationTaskName }) =>
      migrationTaskName === 'throttled' ? { ...throttled, retryAfterSeconds: 25 } : undefined;
    for (const name of ['throttled', 'prompt'])
      await group.report({ ...member(name), status: 'IN_PROGRESS', nextUpdateSeconds: 60 });
    const { runId } = await s.env.client.workflow.getHandle(id).describe();
    await s.env.sleep('20m');
    s.answer = () => undefined;
    expect((await s.env.client.workflow.getHandle(id).describe()).runId).not.toBe(runId);
    expect(of('throttled').every(({ failed }) => failed)).toBe(true);
    expect(of('prompt').length).toBeGreaterThan(20);
    expectNeverStale(of('prompt'));
    for (const name of ['throttled', 'prompt']) await group.report({ ...member(name), status: 'COMPLETED' });
    await s.env.client.workflow.getHandle(id).result();
  });
});
