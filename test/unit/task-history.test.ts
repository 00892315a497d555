import { defaultDataConverter } from '@temporalio/common';
import type { Client } from '@temporalio/client';
import { expect, it } from 'vitest';
import { currentVersion, readHistory, storedHistories } from '../../dev/histories/files';
import { fromJson } from '../../dev/histories/json';
import { readTaskHistory } from '../../src/client/history/task-history';

const runs = ['continue-as-new.1', 'continue-as-new.2'].map((name) => {
  const { events } = readHistory(storedHistories(currentVersion()).find((each) => each.name === name) as never);
  return fromJson({ events });
});
const [first, second] = runs;
const startOf = (run: typeof first) => run?.events?.[0]?.workflowExecutionStartedEventAttributes;
const ids = [startOf(second)?.continuedExecutionRunId as string, startOf(second)?.originalExecutionRunId as string];

/** A heartbeat workflow of two runs. */
const client = {
  options: { loadedDataConverter: defaultDataConverter, namespace: 'default' },
  workflow: {
    getHandle: (_id: string, runId?: string) => ({
      describe: () => Promise.resolve({ runId: ids[1] }),
      fetchHistory: () => Promise.resolve(runId === ids[0] ? first : second),
    }),
    list: async function* () {
      // Of a group of one there is nothing else.
    },
  },
  withAbortSignal: <T>(_signal: AbortSignal, work: () => Promise<T>) => work(),
} as unknown as Client;
const read = (bounds: Parameters<typeof readTaskHistory>[3]) =>
  readTaskHistory(client, ['recorded'], 'continue-as-new', bounds);

it('all runs that Temporal keeps are read; fewer runs or events are said to be a part', async () => {
  const all = await read({ limit: 1000 });
  expect(all.isCut).toBe(false);
  expect(all.events[0]?.what).toBe('report');
  const newest = await read({ limit: 1000, runs: 1 });
  expect(newest).toEqual({ isCut: true, events: all.events.slice(-newest.events.length) });
  expect(newest.events.length).toBeLessThan(all.events.length);
  expect(await read({ limit: 1000, runs: 2 })).toEqual(all);
  expect(await read({ limit: 2 })).toEqual({ isCut: true, events: all.events.slice(-2) });
  expect(await read({ limit: all.events.length })).toEqual(all);
});
