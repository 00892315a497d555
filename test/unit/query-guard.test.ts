import { expect, it, vi } from 'vitest';
import { QueryGuard } from '../../src/workflows/query-guard';

type Activation = Parameters<QueryGuard['activate']>[0]['activation'];

/** Lets the activations pass one after the other; gives which of them reached the workflow. */
function pass(...activations: { at: number; events: number; replaying?: boolean; query?: boolean }[]): boolean[] {
  const guard = new QueryGuard();
  return activations.map(({ at, events, replaying = false, query = false }) => {
    const next = vi.fn();
    const activation = {
      timestamp: { seconds: at, nanos: 0 },
      historyLength: events,
      isReplaying: replaying || query,
      jobs: [query ? { queryWorkflow: { queryId: 'legacy_query' } } : { fireTimer: { seq: 1 } }],
    };
    try {
      guard.activate({ activation: activation as unknown as Activation, batchIndex: 0 }, next);
    } catch (error) {
      expect((error as Error).message).toContain('ask again');
    }
    return next.mock.calls.length > 0;
  });
}
const query = { at: 0, events: 0, query: true };

it('a query is answered after steps that were taken at their own time', () => {
  expect(pass({ at: 100, events: 3 }, query, { at: 115, events: 9 }, query)).toEqual([true, true, true, true]);
});

it('a query is not answered after events that still have the time of the step before', () => {
  expect(pass({ at: 100, events: 3, replaying: true }, { at: 100, events: 7 }, query)).toEqual([true, true, false]);
});

it('several activations of one workflow task, or a step replayed at the time it had, are no reason to refuse', () => {
  expect(pass({ at: 100, events: 3 }, { at: 100, events: 3 }, query)).toEqual([true, true, true]);
  expect(pass({ at: 100, events: 3, replaying: true }, { at: 100, events: 7, replaying: true }, query)).toEqual([
    true,
    true,
    true,
  ]);
});
