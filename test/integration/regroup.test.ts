import type { Client } from '@temporalio/client';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { MigrationHubClient, MigrationHubPlugin, regroup, type RegroupProgress } from '../../src';
import { journalOf } from './journal';
import { startHarness, until, type Harness } from './harness';

let h: Harness;
beforeAll(async () => {
  h = await startHarness();
});
afterEach(() => h.stopAll());
afterAll(() => h?.close());

const temporal = (): Client => h.server.env.client;
const clientOf = (groups: number) => new MigrationHubClient({ client: temporal(), groups });
const inProgress = (progressUpdateStream: string, migrationTaskName: string, progressPercent = 0) => ({
  progressUpdateStream,
  migrationTaskName,
  status: 'IN_PROGRESS' as const,
  progressPercent,
  nextUpdateSeconds: 45,
});
const openIds = async (stream: string) => {
  const ids: string[] = [];
  const query = `ExecutionStatus = 'Running' AND WorkflowId STARTS_WITH 'mgh:${stream}:'`;
  for await (const { workflowId } of temporal().workflow.list({ query })) ids.push(workflowId);
  return ids;
};

describe('changing the number of groups', () => {
  /** The streams of the tests below, each with the number that it has and the one that it gets. */
  const MOVES = [
    { stream: 'Apart', from: 0, to: 3 },
    { stream: 'Together', from: 3, to: 0 },
    { stream: 'Fewer', from: 3, to: 2 },
  ];
  const names = Array.from({ length: 30 }, (_, i) => `vm-${i}`);
  const numbers = (of: 'from' | 'to') => Object.fromEntries(MOVES.map((move) => [move.stream, move[of]]));

  it('is refused at the start of workers, and done by regroup while migrations go on reporting: nothing is lost, doubled or stale', async () => {
    const old = await h.startHub({ groups: numbers('from') });
    for (const { stream, from } of MOVES) {
      const client = clientOf(from);
      const first = await Promise.all(names.map((name) => client.report(inProgress(stream, name, 1))));
      // One that is at its end stays readable, and moves with the others.
      first.push(await client.report({ ...inProgress(stream, 'ended', 100), status: 'COMPLETED' }));
      await Promise.all(first.map((report) => client.waitForDelivery(report)));
    }
    await until('all to be listed', async () => (await openIds('Apart')).length === 31);
    const refusal =
      /^groups is 3 for the stream Apart, but 31 open heartbeat workflows of it \(such as mgh:Apart:[^ ]+\) have groups 0.*start with groups 0.*call regroup\(client, {"progressUpdateStream":"Apart","groups":3}\)/;
    await expect(h.startHub({ groups: { ...numbers('from'), Apart: 3 } })).rejects.toMatchObject({
      name: 'ConfigurationError',
      message: expect.stringMatching(refusal),
    });
    const options = { region: 'us-west-2', endpoint: h.emulator.url };
    const plugin = new MigrationHubPlugin({ ...options, groups: { ...numbers('from'), Apart: 3 } });
    const user = await h.startUserWorker([plugin] as never[]);
    await expect(user.ended).rejects.toMatchObject({
      name: 'ConfigurationError',
      message: expect.stringMatching(refusal),
    });

    let moving = true;
    const keepReporting = MOVES.map(async ({ stream, from }) => {
      const client = clientOf(from);
      let progressPercent = 1;
      let last: Awaited<ReturnType<typeof client.report>>[] = [];
      while (moving && progressPercent < 98) {
        progressPercent++;
        last = await Promise.all(names.map((name) => client.report(inProgress(stream, name, progressPercent))));
        await new Promise((resolve) => setTimeout(resolve, 1500));
      }
      return { stream, client, last, progressPercent };
    });
    const progress: RegroupProgress[] = [];
    const moved = await Promise.all(
      MOVES.map(({ stream, to }) =>
        regroup(temporal(), {
          progressUpdateStream: stream,
          groups: to,
          timeoutSeconds: 60,
          onProgress: (each) => progress.push(each),
        }),
      ),
    );
    for (const { workflows, moved: done, tasks } of moved) {
      expect(done).toBe(workflows);
      expect(tasks).toBe(31);
    }
    expect(progress).toEqual(expect.arrayContaining(moved));
    moving = false;
    for (const { client, last } of await Promise.all(keepReporting))
      await Promise.all(last.map((report) => client.waitForDelivery(report, { timeoutSeconds: 30 })));
    await old.stop();

    await h.startHub({ groups: numbers('to') });
    for (const [i, { stream, from, to }] of MOVES.entries()) {
      const { progressPercent } = await (keepReporting[i] as (typeof keepReporting)[number]);
      const right = clientOf(to);
      const end = await right.report({ ...inProgress(stream, 'vm-0', 100), status: 'COMPLETED' });
      await right.waitForDelivery(end, { timeoutSeconds: 30 });
      for (const name of names.slice(1)) {
        const [view, seenByOld] = await Promise.all(
          [to, from].map((groups) => clientOf(groups).lastReportedState(stream, name)),
        );
        expect(view).toMatchObject({ lastDelivered: { progressPercent }, counters: { missedDeadlines: 0 } });
        expect(seenByOld).toMatchObject({ freshness: 'fresh', lastDelivered: { progressPercent } });
      }
      expect(await right.lastReportedState(stream, 'ended')).toMatchObject({ freshness: 'terminal' });
      for (const name of names)
        journalOf(h.emulator, stream, name).expectOneWriter(name === 'vm-0' ? 100 : progressPercent);
      const all = await right.lastReportedStates(stream);
      expect(all.map(({ migrationTaskName }) => migrationTaskName).sort()).toEqual([...names, 'ended'].sort());
      // Once more does no harm: what it finds are old workflows that still pass reports on.
      const again = await regroup(temporal(), { progressUpdateStream: stream, groups: to, timeoutSeconds: 60 });
      expect(again.moved).toBe(again.workflows);
      for (const name of names)
        journalOf(h.emulator, stream, name).expectOneWriter(name === 'vm-0' ? 100 : progressPercent);
    }
  });
});
