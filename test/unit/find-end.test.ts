import type { Client } from '@temporalio/client';
import { defaultDataConverter } from '@temporalio/common';
import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { currentVersion, readHistory, storedHistories } from '../../dev/histories/files';
import { fromJson } from '../../dev/histories/json';
import { endFinder, type FindEnd } from '../../src/activities/find-end';
import { TaskCalls } from '../../src/activities/task-calls';
import { Registration } from '../../src/activities/registration';
import { UndeliveredReports } from '../../src/activities/undelivered-reports';
import type { History } from '../../src/client/history/event-values';
import { followHistory } from '../../src/client/history/follow-history';
import type { MigrationHubApi } from '../../src/migration-hub/api';
import type { NotifyItem, ReadBack, TaskStateView } from '../../src/task-state';
import { itemOf } from './activities';

/** An id of no known form: the reports of any task are taken. */
const WORKFLOW = 'recorded';
const TASK = 'terminal';
const [NOT_FOUND, PERMISSION_DENIED, UNAVAILABLE] = [5, 7, 14];
const refusal = (code: number) =>
  Object.assign(new Error(`refused with ${code}`), { code, details: 'refused', metadata: {} });

const historyOf = (name: string): History => {
  const stored = storedHistories(currentVersion()).find((each) => each.name === name);
  if (!stored) throw new Error(`no history ${name} is stored`);
  return fromJson(readHistory(stored));
};
const options = { loadedDataConverter: defaultDataConverter, namespace: 'default' };

let found: ReadBack;
beforeAll(async () => {
  const group = await followHistory(historyOf(TASK), options, WORKFLOW);
  found = (group.view(TASK, 0) as TaskStateView).lastDelivered as ReadBack;
});

/** A server with these runs before the one that asks, the newest first: a history, or what it answers instead. */
function serverWith(runs: (string | number)[], list?: number) {
  const fetchHistory = vi.fn((runId: string) => {
    const run = runs[Number(runId)] as string | number;
    return typeof run === 'number' ? Promise.reject(refusal(run)) : Promise.resolve(historyOf(run));
  });
  const workflow = {
    async *list() {
      await Promise.resolve();
      if (list !== undefined) throw refusal(list);
      const status = { name: 'COMPLETED' };
      for (let i = 0; i < runs.length; i++)
        yield { workflowId: WORKFLOW, runId: `${i}`, startTime: new Date(1e9 - i), status };
      yield { workflowId: WORKFLOW, runId: 'own', startTime: new Date(1e9 + 1), status: { name: 'RUNNING' } };
    },
    getHandle: (_id: string, runId: string) => ({
      fetchHistory: () => fetchHistory(runId),
      describe: () =>
        Promise.reject(
          list === undefined ? Object.assign(new Error('none'), { name: 'WorkflowNotFoundError' }) : refusal(list),
        ),
    }),
  };
  const withAbortSignal = <T>(_signal: AbortSignal, work: () => Promise<T>) => work();
  const client = { workflow, options, withAbortSignal } as unknown as Client;
  const warnings: string[] = [];
  const logger = new DefaultLogger('WARN', ({ message }) => void warnings.push(message));
  const workflowExecution = { workflowId: WORKFLOW, runId: 'own' };
  const env = new MockActivityEnvironment({ workflowExecution }, { client, logger });
  return { run: <T>(work: () => Promise<T>) => env.run(work), fetchHistory, warnings };
}

const item = { ...itemOf(TASK), register: { ownerId: 'b', runId: 'b', attempt: 'b/1' } };
/** What the earlier runs of such a server tell of the end. */
const findIn = (...given: Parameters<typeof serverWith>) => {
  const { run } = serverWith(...given);
  return run(() => endFinder()(item, found));
};
const END = { startedAt: expect.any(Number) as number };

describe('who ended a task', () => {
  it.each<[string, ...(string | number)[]]>([
    ['the run before knows', TASK],
    ['is found also where an older run cannot be read', TASK, UNAVAILABLE],
    ['is asked of an older run where the newer ones do not know', 'left-carried.1', 'left-carried.1', TASK],
    ['is asked of an older run where a newer one is gone', NOT_FOUND, TASK],
    ['is asked of an older run where a newer one may not be read', PERMISSION_DENIED, TASK],
  ])('%s', async (_what, ...runs) => {
    expect(await findIn(runs)).toEqual(END);
  });

  it.each<[string, (string | number)[]]>([
    ['no run knows', ['left-carried.1']],
    ['there is none', []],
    ['none is left', [NOT_FOUND]],
  ])('is not known where %s', async (_what, runs) => {
    expect(await findIn(runs)).toBeUndefined();
  });

  it('is not told while a run that may know it cannot be read, or the runs cannot be listed', async () => {
    await expect(findIn([UNAVAILABLE, TASK])).rejects.toThrow('Failed to read the history');
    await expect(findIn([TASK], UNAVAILABLE)).rejects.toThrow('refused with 14');
  });

  it('is never known where the account may not list, which is logged', async () => {
    const { run, warnings } = serverWith([TASK], PERMISSION_DENIED);
    expect(await run(() => endFinder()(item, found))).toBeUndefined();
    expect(warnings).toEqual([expect.stringContaining('may not read earlier runs')]);
  });

  it('costs one look at each run for all tasks of a round', async () => {
    const { run, fetchHistory } = serverWith([TASK, TASK]);
    const find = endFinder();
    const finds = () =>
      Promise.all([find(item, found), find(item, found), find({ ...item, migrationTaskName: 'x' }, found)]);
    expect(await run(finds)).toEqual([END, END, undefined]);
    expect(fetchHistory.mock.calls).toEqual([['0'], ['1']]);
  });
});

describe('a report that may come too late', () => {
  const hub = {
    createProgressUpdateStream: () => Promise.resolve(),
    importMigrationTask: () => Promise.resolve(),
    describeMigrationTask: () => Promise.resolve(found),
  } as unknown as MigrationHubApi;
  const register = (find: FindEnd, by: NotifyItem['register']) => {
    const calls = new TaskCalls(hub, new Registration(hub), new UndeliveredReports(), undefined, find);
    return calls.register(itemOf(TASK, { updateDateTime: (found.updateDateTime ?? 0) + 90 }, { register: by }), {});
  };

  it('waits where that cannot be told: the task is registered again', async () => {
    const find = () => Promise.reject(new Error('no answer within 5 s'));
    expect(await register(find, item.register)).toMatchObject({
      unregistered: true,
      failure: { type: 'EarlierRunsNotRead', retry: 'backoff', message: expect.stringMatching(/within 5 s/) as string },
    });
  });

  it('is asked about also where its reporter names neither a run nor a start, but not where it reopens the task', async () => {
    const find = vi.fn(() => Promise.resolve({ startedAt: 1, mayFollow: true as const }));
    expect(await register(find, { ownerId: 'b' })).toBeUndefined();
    expect(find).toHaveBeenCalledTimes(1);
    expect(await register(find, { ownerId: 'b', reopen: true })).toBeUndefined();
    expect(find).toHaveBeenCalledTimes(1);
  });
});
