import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { MigrationHubClient } from '../../src/client/migration-hub-client';
import type { NotifyFailure } from '../../src/task-state';
import { startSkippedTime, type SkippedTime } from './skipped-time';

let s: SkippedTime;
let client: MigrationHubClient;
beforeAll(async () => {
  s = await startSkippedTime();
  client = new MigrationHubClient({ client: s.env.client });
});
afterAll(() => s?.close());

const task = (migrationTaskName: string) => ({ progressUpdateStream: 'Poison', migrationTaskName });
const open = new Set<string>();
const report = (name: string, progressPercent: number) => {
  open.add(name);
  return client.report({ ...task(name), status: 'IN_PROGRESS', progressPercent, nextUpdateSeconds: 45 });
};
// Their heartbeats would go on through the time that the next test skips.
afterEach(async () => {
  s.answer = () => undefined;
  s.refusal = () => undefined;
  for (const name of open) await client.waitForDelivery(await client.report({ ...task(name), status: 'COMPLETED' }));
  open.clear();
});
const gaps = (times: number[]) => times.slice(1).map((at, i) => at - (times[i] as number));
const refused = (type: string): NotifyFailure => ({ type, message: 'as AWS says', retry: 'operator' });
const expired: NotifyFailure = refused('ExpiredTokenException');

describe.each([refused('AccessDeniedException'), refused('HomeRegionNotSetException'), expired])(
  'for four minutes of $type',
  (failure) => {
    it('a task is tried every 30 s, no sooner, says so, and is cured without a restart', async () => {
      const name = `notify ${failure.type}`;
      s.answer = ({ migrationTaskName }) => (migrationTaskName === name ? failure : undefined);
      const given = await report(name, 10);
      await s.env.sleep('5s');
      expect(await client.lastReportedState('Poison', name)).toMatchObject({
        freshness: 'never-delivered',
        pending: { progressPercent: 10 },
        lastFailure: { type: failure.type },
      });
      await s.env.sleep('4m');
      const tries = s.of(name).map(({ at }) => at);
      expect(tries.length).toBeGreaterThan(5);
      expect(Math.min(...gaps(tries))).toBeGreaterThanOrEqual(30);
      s.answer = () => undefined;
      await s.env.sleep('35s');
      await client.waitForDelivery(given);
    });

    it('a task that cannot be registered is tried every 30 s, no sooner', async () => {
      const name = `register ${failure.type}`;
      s.registrations = [];
      s.refusal = () => failure;
      const given = await report(name, 10);
      await s.env.sleep('4m');
      expect(s.registrations.length).toBeGreaterThan(5);
      expect(Math.min(...gaps(s.registrations))).toBeGreaterThanOrEqual(30);
      expect(s.of(name)).toEqual([]);
      s.refusal = () => undefined;
      await s.env.sleep('35s');
      await client.waitForDelivery(given);
    });
  },
);

describe('a newer report', () => {
  const isFirst = ({ progressPercent }: { progressPercent?: number }) => progressPercent === 10;

  it('takes the place of one that is being retried', async () => {
    const busy: NotifyFailure = { type: 'ThrottlingException', message: 'Rate exceeded', retry: 'backoff' };
    s.answer = (notification) => (isFirst(notification) ? { ...busy, retryAfterSeconds: 4 } : undefined);
    await report('superseded', 10);
    for (; s.of('superseded').length === 0;) await s.env.sleep(100);
    await client.waitForDelivery(await report('superseded', 20));
    const arrived = s.of('superseded');
    // A round would make four attempts.
    expect(arrived.filter(isFirst).length).toBeLessThan(4);
    expect(arrived.at(-1)).toMatchObject({ progressPercent: 20, failed: false });
    expect((await client.lastReportedState('Poison', 'superseded'))?.counters).toMatchObject({ notifications: 1 });
  });

  it.each([5, 40, 90])(
    'is what an outage ends with that began %d s before it: what it replaced does not follow',
    async (seconds) => {
      const name = `outage of ${seconds} s`;
      const gone: NotifyFailure = { type: 'NetworkError', message: 'connection refused', retry: 'backoff' };
      s.answer = () => undefined;
      await client.waitForDelivery(await report(name, 1));
      s.answer = () => gone;
      await report(name, 10);
      await s.env.sleep(seconds * 1000);
      // Soon after a try of what it replaces, whose activity is cancelled a second after the report. In the very moment of its next
      // try, at the earliest a second after this one, the time-skipping server would lose the activity.
      for (const before = s.of(name).length; s.of(name).length === before;) await s.env.sleep(100);
      await s.env.sleep(450);
      await report(name, 20);
      await s.env.sleep(2500);
      const before = s.of(name).length;
      s.answer = () => undefined;
      await s.env.sleep('35s');
      const after = s.of(name).slice(before);
      expect(after.length).toBeGreaterThan(0);
      expect(after.filter(isFirst)).toEqual([]);
    },
  );

  it('keeps to the time that Migration Hub has asked to wait', async () => {
    const busy: NotifyFailure = { type: 'ThrottlingException', message: 'Rate exceeded', retry: 'backoff' };
    s.answer = (notification) => (isFirst(notification) ? { ...busy, retryAfterSeconds: 20 } : undefined);
    await report('patient', 10);
    for (; s.of('patient').length === 0;) await s.env.sleep(100);
    await report('patient', 20);
    await s.env.sleep('40s');
    const [first, second] = s.of('patient');
    expect(second).toMatchObject({ progressPercent: 20 });
    expect((second?.at ?? 0) - (first?.at ?? 0)).toBeGreaterThanOrEqual(20);
  });
});
