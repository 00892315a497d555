import { expect, it, vi } from 'vitest';
import { QueryGuard } from '../../src/workflows/query-guard';

type Activation = Parameters<QueryGuard['activate']>[0]['activation'];

interface Step {
  at: number;
  events: number;
  replaying?: boolean;
}
type Query = { queryId: string; ended?: boolean };

/** Lets the activations pass one after the other; gives which of them reached the workflow. */
function pass(...activations: (Step | Query)[]): boolean[] {
  const guard = new QueryGuard();
  return activations.map((each) => {
    const next = vi.fn();
    try {
      guard.activate({ activation: activationOf(each), batchIndex: 0 }, next);
    } catch (error) {
      expect((error as Error).message).toContain('ask again');
    }
    return next.mock.calls.length > 0;
  });
}

function activationOf(each: Step | Query): Activation {
  const activation =
    'queryId' in each
      ? { isReplaying: true, jobs: [{ queryWorkflow: { queryId: each.queryId, arguments: argumentsOf(each) } }] }
      : { isReplaying: each.replaying ?? false, historyLength: each.events, jobs: [{ fireTimer: { seq: 1 } }] };
  const seconds = 'at' in each ? each.at : 0;
  return { timestamp: { seconds, nanos: 0 }, ...activation } as unknown as Activation;
}
const argumentsOf = ({ ended }: Query) =>
  ['null', 'null', String(ended ?? false)].map((json) => ({ data: new TextEncoder().encode(json) }));

const direct = { queryId: 'legacy_query' };
const withTask = { queryId: '1d4e7a52-5c0b-4f0e-9f3b-0c3c5b1f6f7e' };
const replayed = { at: 100, events: 3, replaying: true };

it('a direct query is answered by a run that was replayed only', () => {
  expect(pass(replayed, { at: 110, events: 9, replaying: true }, direct)).toEqual([true, true, true]);
});

it('a direct query is not answered right after the first step that is no replay: it may have been made for the query', () => {
  expect(pass(replayed, { at: 110, events: 9 }, direct)).toEqual([true, true, false]);
});

it('queries are answered again after the next workflow task', () => {
  expect(pass(replayed, { at: 110, events: 9 }, { at: 120, events: 14 }, direct, direct)).toEqual([
    true,
    true,
    true,
    true,
    true,
  ]);
});

it('a run that began in this worker is asked freely', () => {
  expect(pass({ at: 100, events: 3 }, direct, { at: 115, events: 9 }, direct)).toEqual([true, true, true, true]);
});

it('a direct query is not answered after events that still have the time of the step before', () => {
  expect(pass({ at: 100, events: 3 }, { at: 115, events: 9 }, { at: 115, events: 13 }, direct)).toEqual([
    true,
    true,
    true,
    false,
  ]);
});

it('several activations of one workflow task count as one', () => {
  expect(pass({ at: 100, events: 3 }, { at: 100, events: 3 }, direct)).toEqual([true, true, true]);
  expect(pass(replayed, { at: 110, events: 9 }, { at: 110, events: 9 }, direct)).toEqual([true, true, true, false]);
});

it('a query that comes with a workflow task is answered: failing would fail that task again and again', () => {
  expect(pass(replayed, { at: 110, events: 9 }, withTask)).toEqual([true, true, true]);
});

it('a run that has ended answers who knows it has', () => {
  expect(pass(replayed, { at: 110, events: 9 }, { ...direct, ended: true })).toEqual([true, true, true]);
});
