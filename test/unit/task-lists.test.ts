import type { Client } from '@temporalio/client';
import { defaultDataConverter, defaultPayloadConverter } from '@temporalio/common';
import { describe, expect, it, vi } from 'vitest';
import { heartbeatWorkflowId } from '../../src/client/heartbeat-workflow-id';
import { rememberLabels, StateReader } from '../../src/client/state-reader';
import { UnreadableHistoryError } from '../../src/client/history/group-from-history';
import { listTasks, looksAt } from '../../src/client/task-lists';
import { usableSettings } from '../../src/task-state';

interface Listed {
  id: string;
  run?: string;
  status?: string;
  /** Whether its run has ended. */
  ended?: boolean;
  /** Encrypted, by a codec that this client lacks. */
  encrypted?: boolean;
  report?: { migrationTaskName: string; progressPercent?: number; labels?: Record<string, string> };
  at?: number;
}

/** As much of a Temporal server as lists ask for: rows, the newest run of each first, and the history of each run. */
function fakeServer(rows: Listed[]) {
  const fetchHistory = vi.fn(async (id: string, runId?: string) => {
    await Promise.resolve();
    const {
      report,
      ended,
      at = 1,
      encrypted,
    } = rows.find((row) => row.id === id && (runId === undefined || (row.run ?? '1') === runId)) ?? {};
    if (!report) throw Object.assign(new Error('not found'), { name: 'WorkflowNotFoundError' });
    const [, progressUpdateStream] = id.split(':');
    const given = { settings: usableSettings({}), report: { progressUpdateStream, status: 'IN_PROGRESS', ...report } };
    const payload = defaultPayloadConverter.toPayload(given);
    if (encrypted) payload.metadata = { encoding: new TextEncoder().encode('binary/encrypted') };
    const input = { payloads: [payload] };
    const started = { eventTime: { seconds: at }, workflowExecutionStartedEventAttributes: { input } };
    return { events: [started, ...(ended ? [{ workflowExecutionTerminatedEventAttributes: {} }] : [])] };
  });
  const list = vi.fn(async function* (_options: { query: string }) {
    await Promise.resolve();
    for (const { id, run = '1', status = 'RUNNING' } of rows)
      yield { workflowId: id, runId: run, startTime: new Date(0), status: { name: status } };
  });
  const describeRun = () => Promise.resolve({ runId: '1', status: { name: 'RUNNING' } });
  const getHandle = (id: string, runId?: string) => ({
    fetchHistory: () => fetchHistory(id, runId),
    describe: describeRun,
  });
  const client = {
    workflow: { list, getHandle },
    options: { loadedDataConverter: defaultDataConverter, namespace: 'default' },
    withAbortSignal: <T>(_signal: AbortSignal, work: () => Promise<T>) => work(),
  } as unknown as Client;
  return { client, list, fetchHistory, rows };
}

const own = (name: string, more: Partial<Listed> = {}): Listed => ({
  id: `mgh:S:${name}`,
  report: { migrationTaskName: name },
  ...more,
});
async function namesOf(states: AsyncIterable<{ migrationTaskName: string }>): Promise<string[]> {
  const names: string[] = [];
  for await (const { migrationTaskName } of states) names.push(migrationTaskName);
  return names;
}

describe('a list', () => {
  it('reads one history for each group of one, and gives the first tasks before it has read all', async () => {
    const rows = Array.from({ length: 1000 }, (_, i) => own(`vm-${i}`));
    const server = fakeServer(rows);
    for await (const _state of listTasks(server.client, 'S')) break;
    expect(server.fetchHistory.mock.calls.length).toBeLessThan(500);
    server.fetchHistory.mockClear();
    expect(new Set(await namesOf(listTasks(server.client, 'S'))).size).toBe(1000);
    expect(server.fetchHistory).toHaveBeenCalledTimes(1000);
  });

  it('leaves out what is not a heartbeat workflow of the stream, and one that Temporal has forgotten since', async () => {
    const others = ['mgh:S-2:vm-1', 'mgh-stream:S', 'mine', 'mgh-group:S:x:0', 'mgh:vm-2'];
    const server = fakeServer([
      own('vm-1'),
      own('gone', { report: undefined }),
      ...others.map((id) => own('x', { id })),
    ]);
    expect(await namesOf(listTasks(server.client, 'S'))).toEqual(['vm-1']);
  });

  it('gives a task that two numbers of groups have known once, as it was reported last', async () => {
    const task = { progressUpdateStream: 'S', migrationTaskName: 'vm-1' };
    const report = (progressPercent: number) => ({ migrationTaskName: 'vm-1', progressPercent });
    const server = fakeServer([
      own('vm-1', { report: report(10), at: 100 }),
      own('vm-1', { id: heartbeatWorkflowId(task, 3), report: report(20), at: 200 }),
      own('vm-1', { id: heartbeatWorkflowId(task, 5), report: report(15), at: 150 }),
    ]);
    const states = [];
    for await (const state of listTasks(server.client)) states.push(state.pending?.progressPercent);
    expect(states).toEqual([20]);
  });

  it('fails where one cannot be read: nothing is left out silently', async () => {
    const server = fakeServer([own('vm-1')]);
    server.fetchHistory.mockRejectedValueOnce(Object.assign(new Error('denied'), { name: 'ServiceError' }));
    await expect(namesOf(listTasks(server.client, 'S'))).rejects.toThrow('denied');
  });
});

it('many that are read at once with one signal are not taken for a leak by Node', async () => {
  const warned = vi.spyOn(process, 'emitWarning').mockReturnValue();
  const server = fakeServer(Array.from({ length: 50 }, (_, i) => own(`vm-${i}`)));
  await namesOf(listTasks(server.client, 'S', { signal: new AbortController().signal }));
  expect(warned).not.toHaveBeenCalled();
  warned.mockRestore();
});

describe('a history that cannot be read', () => {
  const lost = (i: number) => own(`lost-${i}`, { encrypted: true });
  const told = () => {
    const ids: string[] = [];
    return { ids, onUnreadable: (id: string, why: string) => void ids.push(`${id}: ${why}`) };
  };
  const WHY = (name: string) =>
    `mgh:S:${name}: the history of mgh:S:${name} cannot be followed: Unknown encoding: binary/encrypted (does this client lack a codec of the workers, or a key of it?)`;

  it('ends the list of who does not want to be told', async () => {
    const server = fakeServer([own('vm-1'), lost(1)]);
    await expect(namesOf(listTasks(server.client, 'S'))).rejects.toThrow(UnreadableHistoryError);
  });

  it('is left out for who is told, and the others are given', async () => {
    const { ids, onUnreadable } = told();
    const server = fakeServer([lost(1), own('vm-1'), lost(2), own('vm-2')]);
    expect(await namesOf(listTasks(server.client, 'S', { onUnreadable }))).toEqual(['vm-1', 'vm-2']);
    expect(ids.sort()).toEqual([WHY('lost-1'), WHY('lost-2')]);
  });

  it.each([1, 1000])(
    'ends the list all the same where it is like this with all %i: a codec is missing',
    async (all) => {
      const { ids, onUnreadable } = told();
      const server = fakeServer(Array.from({ length: all }, (_, i) => lost(i)));
      await expect(namesOf(listTasks(server.client, 'S', { onUnreadable }))).rejects.toThrow('Unknown encoding');
      expect(ids).toEqual([]);
      expect(server.fetchHistory.mock.calls.length).toBeLessThan(250);
    },
  );

  it('is left out also where the others have ended, and are not read again', async () => {
    const { ids, onUnreadable } = told();
    const server = fakeServer([own('vm-1', { status: 'COMPLETED', ended: true }), lost(1)]);
    const look = looksAt(server.client, 'S');
    for (const names of [['vm-1'], []])
      expect(await namesOf(look(new AbortController().signal, onUnreadable))).toEqual(names);
    expect(ids).toEqual(Array(2).fill(WHY('lost-1')));
  });

  it('of the first 20 does not hide the others', async () => {
    const { onUnreadable } = told();
    const server = fakeServer([...Array.from({ length: 20 }, (_, i) => lost(i)), own('vm-1')]);
    expect(await namesOf(listTasks(server.client, 'S', { onUnreadable }))).toEqual(['vm-1']);
  });

  it('is not what the Temporal server does not give: that ends the list', async () => {
    const { onUnreadable } = told();
    const server = fakeServer([own('vm-1'), own('vm-2')]);
    server.fetchHistory.mockRejectedValueOnce(Object.assign(new Error('denied'), { name: 'ServiceError' }));
    await expect(namesOf(listTasks(server.client, 'S', { onUnreadable }))).rejects.toThrow('denied');
  });

  it('is tried again at the next look, though its run has ended', async () => {
    const { ids, onUnreadable } = told();
    const row = own('vm-1', { status: 'TERMINATED', ended: true, encrypted: true });
    const server = fakeServer([row, own('vm-2')]);
    const look = looksAt(server.client, 'S');
    const names = () => namesOf(look(new AbortController().signal, onUnreadable));
    expect(await names()).toEqual(['vm-2']);
    row.encrypted = false;
    expect(await names()).toEqual(['vm-1', 'vm-2']);
    expect(ids).toEqual([WHY('vm-1')]);
  });
});

describe('labels of earlier runs', () => {
  const task = { progressUpdateStream: 'S', migrationTaskName: 'vm-1' };
  const run = (id: string, labels?: Record<string, string>, more: Partial<Listed> = {}): Listed =>
    own('vm-1', { run: id, report: { migrationTaskName: 'vm-1', ...(labels && { labels }) }, ...more });
  const ended = { status: 'TERMINATED', ended: true };
  async function labelsOf(states: AsyncIterable<{ labels: object }>): Promise<object[]> {
    const all: object[] = [];
    for await (const { labels } of states) all.push(labels);
    return all;
  }

  it('are those of a task that was started again, where they are asked for; what an ended run had is read once', async () => {
    const server = fakeServer([
      run('3'),
      run('2', { wave: '2' }, ended),
      run('1', { wave: '1', application: 'payroll' }, ended),
    ]);
    expect(await labelsOf(listTasks(server.client, 'S'))).toEqual([{}]);
    expect(server.fetchHistory).toHaveBeenCalledTimes(1);
    const earlierLabels = rememberLabels();
    for (let i = 0; i < 2; i++)
      expect(await labelsOf(listTasks(server.client, 'S', { earlierLabels }))).toEqual([
        { wave: '2', application: 'payroll' },
      ]);
    expect(server.fetchHistory).toHaveBeenCalledTimes(1 + 3 + 1);
  });

  it('are those of a task in a shared group', async () => {
    const shared = { id: heartbeatWorkflowId(task, 3) };
    const server = fakeServer([
      run('1', { wave: '2' }, shared),
      run('0', { application: 'a' }, { ...shared, ...ended }),
    ]);
    expect(await labelsOf(listTasks(server.client, 'S'))).toEqual([{ wave: '2', application: 'a' }]);
  });

  it('are those that another number of groups has held, at each look', async () => {
    const server = fakeServer([
      run('1', undefined, { id: heartbeatWorkflowId(task, 3), at: 200 }),
      run('1', { application: 'a' }, { ...ended, at: 100 }),
    ]);
    const look = looksAt(server.client, 'S');
    for (let i = 0; i < 2; i++)
      expect(await labelsOf(look(new AbortController().signal))).toEqual([{ application: 'a' }]);
  });

  describe('of one task', () => {
    const reading = (client: Client, earlierLabels = rememberLabels()) =>
      new StateReader(client, { byHistory: true, earlierLabels }).readTask(['mgh:S:vm-1'], 'vm-1');

    it('are looked for where the newest run has none, once', async () => {
      const server = fakeServer([run('1'), run('0', { application: 'a' }, ended)]);
      const earlierLabels = rememberLabels();
      for (let i = 0; i < 2; i++)
        expect(await reading(server.client, earlierLabels)).toMatchObject({
          states: [{ labels: { application: 'a' } }],
        });
      expect(server.list).toHaveBeenCalledTimes(1);
    });

    it('cost nothing where it has some, and are left out where Temporal does not list', async () => {
      const labelled = fakeServer([run('1', { wave: '2' }), run('0', { application: 'a' }, ended)]);
      expect(await reading(labelled.client)).toMatchObject({ states: [{ labels: { wave: '2' } }] });
      expect(labelled.list).not.toHaveBeenCalled();
      const server = fakeServer([run('1'), run('0', { application: 'a' }, ended)]);
      server.list.mockImplementation(() => {
        throw new Error('away');
      });
      expect((await reading(server.client)).states).toMatchObject([{ migrationTaskName: 'vm-1', labels: {} }]);
    });
  });
});

describe('the looks of a watch', () => {
  it('read what has ended once, and again only when it was started anew', async () => {
    const server = fakeServer([own('open'), own('ended', { status: 'TERMINATED', ended: true })]);
    const look = looksAt(server.client, 'S');
    const names = () => namesOf(look(new AbortController().signal));
    expect(await names()).toEqual(['open', 'ended']);
    expect(await names()).toEqual(['open']);
    server.rows.push(own('ended', { run: '2' }));
    expect(await names()).toEqual(['open', 'ended']);
  });

  it('read it again where a look has failed before it was told of', async () => {
    const server = fakeServer([own('ended', { status: 'TERMINATED', ended: true })]);
    const look = looksAt(server.client, 'S');
    server.fetchHistory.mockRejectedValueOnce(new Error('away'));
    await expect(namesOf(look(new AbortController().signal))).rejects.toThrow('away');
    expect(await namesOf(look(new AbortController().signal))).toEqual(['ended']);
  });
});
