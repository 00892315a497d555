import { EventEmitter, once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { MigrationHubClient } from '@aws-sdk/client-migration-hub';
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { createNotifyActivities } from '../../src/activities';
import { UndeliveredReports } from '../../src/activities/undelivered-reports';
import { StandstillWatch, watchStandstills } from '../../src/activities/standstill';
import type { MigrationHubApi } from '../../src/migration-hub/api';
import { environment, failureOf, itemOf, NOTIFY, notification, SETTINGS, useEmulator } from '../unit/activities';

const { emulator, activities, sentTo, operations } = useEmulator({ isAwake: () => true });
const FAILURE = { type: 'WorkerStoodStill', message: expect.stringContaining('nothing was sent'), retry: 'backoff' };

/** What the clocks of this process are ahead. */
let aheadMs = 0;
/** As a process that is stopped and goes on finds its clocks; real stops are those of `npm run chaos -- --only frozen-workers`. */
const standStill = (ms = 3500) => void (aheadMs += ms);
/** What begins from now on is not taken for what was given to the worker before. */
function settle(): void {
  for (let seconds = 0; seconds < 4; seconds++) {
    standStill(1000);
    watchStandstills().check();
  }
}

function shiftClocks(): void {
  const [monotonic, wall] = [performance.now.bind(performance), Date.now];
  vi.spyOn(performance, 'now').mockImplementation(() => monotonic() + aheadMs);
  vi.spyOn(Date, 'now').mockImplementation(() => wall() + aheadMs);
}

/** The user's own client, whose credentials come when they are given. */
function waitingForCredentials() {
  const given = new EventEmitter();
  const asked = vi.fn();
  const client = new MigrationHubClient({
    region: 'us-west-2',
    endpoint: emulator().url,
    credentials: async () => {
      asked();
      await once(given, 'given');
      return { accessKeyId: 'test', secretAccessKey: 'test' };
    },
  });
  onTestFinished(() => client.destroy());
  return { client, asked, give: () => given.emit('given') };
}

describe('an activity attempt in which the worker stood still sends nothing more', () => {
  beforeEach(shiftClocks);
  afterEach(() => void vi.restoreAllMocks());

  it.each(['notifyTaskStates', 'notifyTaskState', 'dry run', 'registration'] as const)(
    'and fails, to be tried again: %s, while its credentials were fetched',
    async (which) => {
      settle();
      const { client, asked, give } = waitingForCredentials();
      const { notifyTaskState, notify } = activities({ client });
      const run =
        which === 'registration'
          ? notify([itemOf('vm-0', {}, { register: {} }), itemOf('vm-1', {}, { register: {} })])
          : which === 'notifyTaskStates'
            ? notify([itemOf('vm-0')])
            : environment().env.run(notifyTaskState, notification('vm-0'), { dryRun: which === 'dry run' });
      run.catch(() => undefined);
      await vi.waitFor(() => expect(asked).toHaveBeenCalled());
      standStill();
      give();
      if (which === 'registration') {
        const unregistered = { failure: FAILURE, unregistered: true };
        expect(await run).toMatchObject({ others: { 0: unregistered, 1: unregistered } });
      } else {
        const failure = await failureOf(run);
        expect(failure).toMatchObject({ type: 'WorkerStoodStill', nonRetryable: false });
      }
      expect(operations()).toEqual([]);
    },
  );

  it('also where its timers come first after it', async () => {
    settle();
    const { client, asked, give } = waitingForCredentials();
    const run = activities({ client }).notify([itemOf('vm-0')]);
    run.catch(() => undefined);
    await vi.waitFor(() => expect(asked).toHaveBeenCalled());
    standStill();
    await sleep(1500);
    give();
    expect(await failureOf(run)).toMatchObject({ type: 'WorkerStoodStill' });
    expect(operations()).toEqual([]);
  });

  it('but what arrived before counts, and the rest of its batch is told as failed', async () => {
    settle();
    const { importTasks, notify } = activities({}, 1);
    await importTasks('vm-0', 'vm-1', 'vm-2');
    emulator().setFaults([{ match: { task: 'vm-1' }, action: { type: 'slow', ms: 200 } }]);
    const run = notify(['vm-0', 'vm-1', 'vm-2'].map((name) => itemOf(name)));
    await vi.waitFor(() => expect(sentTo()).toEqual(['vm-0', 'vm-1']));
    standStill();
    expect((await run).others).toMatchObject({ 2: { failure: FAILURE } });
    expect(sentTo()).toEqual(['vm-0', 'vm-1']);
  });

  it('nor does one that begins right after it: its task may have been given to the worker before', async () => {
    settle();
    const { importTasks, notify } = activities();
    await importTasks('vm-0');
    standStill(5500);
    expect(await failureOf(notify([itemOf('vm-0')]))).toMatchObject({ type: 'WorkerStoodStill' });
    settle();
    expect(await notify([itemOf('vm-0')])).toMatchObject({ others: {} });
    expect(emulator().requests({ operation: NOTIFY })).toHaveLength(1);
  });

  it.each([
    ['a long one and a shorter one', [5500, 3500]],
    ['two that are short', [3500, 3500]],
  ])('nor does one that begins after two standstills with a moment between them: %s', async (_which, standstills) => {
    settle();
    const { importTasks, notify } = activities();
    await importTasks('vm-0');
    for (const ms of standstills) {
      watchStandstills().check();
      standStill(ms);
    }
    expect(await failureOf(notify([itemOf('vm-0')]))).toMatchObject({ type: 'WorkerStoodStill' });
    expect(sentTo()).toEqual([]);
  });

  it("through a hub of the user's own, too", async () => {
    const notifyMigrationTaskState = vi.fn(() => Promise.resolve());
    const { notifyTaskStates } = createNotifyActivities(
      { notifyMigrationTaskState } as Partial<MigrationHubApi> as MigrationHubApi,
      1,
      SETTINGS,
      new UndeliveredReports(),
    );
    standStill(5500);
    const run = environment().env.run(notifyTaskStates, [itemOf('vm-0')]);
    expect(await failureOf(run)).toMatchObject({ type: 'WorkerStoodStill' });
    expect(notifyMigrationTaskState).not.toHaveBeenCalled();
  });
});

describe('what is taken for a standstill', () => {
  /** Whether an attempt that began before it may send after it. */
  function maySendAfter(wallMs: number, monotonicMs: number): boolean {
    vi.useFakeTimers({ toFake: ['setInterval', 'performance', 'Date'] });
    onTestFinished(() => void vi.useRealTimers());
    const check = new StandstillWatch().check();
    const now = Date.now();
    vi.advanceTimersByTime(0);
    vi.spyOn(performance, 'now').mockReturnValue(performance.now() + monotonicMs);
    onTestFinished(() => void vi.restoreAllMocks());
    vi.setSystemTime(now + wallMs);
    try {
      check();
      return true;
    } catch (error) {
      expect(error).toMatchObject({ failure: FAILURE });
      return false;
    }
  }

  it.each([
    ['a process that was stopped for 4 s', 4000, 4000, false],
    ['a busy second', 1500, 1500, true],
    ['a machine that was suspended: only the wall clock went on', 60_000, 5, false],
    ['a clock that was set back is none', -3_600_000, 5, true],
    ['a clock that was set back while the process was stopped', -60_000, 8000, false],
  ])('%s', (_what, wallMs, monotonicMs, expected) => {
    expect(maySendAfter(wallMs, monotonicMs)).toBe(expected);
  });

  it('not a long attempt whose worker runs all the time', () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'performance', 'Date'] });
    onTestFinished(() => void vi.useRealTimers());
    const check = new StandstillWatch().check();
    vi.advanceTimersByTime(600_000);
    expect(check).not.toThrow();
  });
});
