import { expect } from 'vitest';
import type { MigrationHubClient } from '../../src';
import { until } from './harness';

/** Heartbeats after some four seconds. */
export const hasty = { heartbeat: { heartbeatFraction: 0.1 } };

/** Whether heartbeats of a task of the stream go on. */
export function aliveIn(progressUpdateStream: string, client: () => MigrationHubClient) {
  const viewOf = (name: string) => client().lastReportedState(progressUpdateStream, name);
  const heartbeatsOf = async (name: string) => (await viewOf(name))?.counters.heartbeats ?? 0;
  return {
    viewOf,
    /** So many come. */
    async expectAlive(name: string, further = 2) {
      const before = await heartbeatsOf(name);
      await until(`further heartbeats of ${name}`, async () => {
        expect((await viewOf(name))?.abandoned).toBeUndefined();
        return (await heartbeatsOf(name)) >= before + further;
      });
      expect(await viewOf(name)).toMatchObject({ lastDelivered: { status: 'IN_PROGRESS' }, freshness: 'fresh' });
    },
    untilGivenUp: (name: string) =>
      until('heartbeats to end', async () => (await viewOf(name))?.abandoned !== undefined),
  };
}
