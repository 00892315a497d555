import { expect, test } from 'vitest';
import { Journal } from '../../src/emulator/journal/journal';
import { emulatorAndClient, entryAt, failure, importTask, notify, STREAM } from './support';

const START = 1_800_000_000;

async function taskWithClock() {
  let now = START;
  const { hub, client } = await emulatorAndClient({ clock: () => now * 1000 });
  await importTask(client);
  return {
    hub,
    client,
    at: (seconds: number) => {
      now = START + seconds;
    },
    send: (
      updated: number,
      nextUpdateSeconds: number,
      status: 'IN_PROGRESS' | 'COMPLETED' | 'FAILED' = 'IN_PROGRESS',
    ) =>
      notify(client, {
        UpdateDateTime: new Date((START + updated) * 1000),
        NextUpdateSeconds: nextUpdateSeconds,
        Task: { Status: status },
      }),
    ledger: () => {
      const task = hub.tasks()[0];
      return [task?.stale, task?.staleSeconds];
    },
  };
}

test('a task is fresh up to its deadline and every second after it counts', async () => {
  const { at, send, ledger } = await taskWithClock();
  await send(0, 60);
  at(60);
  expect(ledger()).toEqual([false, 0]);
  at(60.25);
  expect(ledger()).toEqual([true, 0.25]);
  at(100);
  await send(100, 60);
  expect(ledger()).toEqual([false, 40]);
  at(170);
  expect(ledger()).toEqual([true, 50]);
});

test('a notification that is already past its deadline on arrival leaves the task stale', async () => {
  const { hub, at, send, ledger } = await taskWithClock();
  at(500);
  await send(0, 60); // 440 s late: what was before its arrival is not counted
  expect(ledger()).toEqual([true, 0]);
  at(510);
  await send(400, 60); // newer, and late again
  at(520);
  expect(ledger()).toEqual([true, 20]);
  expect(hub.tasks()[0]?.staleIntervals).toEqual([{ from: START + 500, to: null }]);
  await send(515, 60);
  at(580);
  expect(ledger()).toEqual([true, 25]);
  expect(hub.tasks()[0]?.staleIntervals).toEqual([
    { from: START + 500, to: START + 520 },
    { from: START + 575, to: null },
  ]);
});

test.each(['COMPLETED', 'FAILED'] as const)('a %s task is never stale, and can be reopened', async (status) => {
  const { at, send, ledger } = await taskWithClock();
  await send(0, 10);
  at(15);
  await send(15, 0, status);
  at(10_000);
  expect(ledger()).toEqual([false, 5]);
  await send(10_000, 10);
  at(10_020);
  expect(ledger()).toEqual([true, 15]);
});

test('NextUpdateSeconds 0 is stale at once', async () => {
  const { at, send, ledger } = await taskWithClock();
  await send(0, 0);
  at(3);
  expect(ledger()).toEqual([true, 3]);
});

test('a refused notification does not make a task fresh', async () => {
  const { client, at, send, ledger } = await taskWithClock();
  await send(0, 10);
  at(30);
  await failure(notify(client, { NextUpdateSeconds: -1 }));
  expect(ledger()).toEqual([true, 20]);
});

test('the journal tells who asked what, when and with which outcome, and can be filtered', async () => {
  const { hub, client } = await emulatorAndClient({ clock: () => 1_800_000_000_500 });
  await importTask(client);
  await notify(client);
  await failure(notify(client, { MigrationTaskName: 'server-2' }));

  expect(hub.requests().map((r) => r.operation)).toEqual([
    'CreateProgressUpdateStream',
    'ImportMigrationTask',
    'NotifyMigrationTaskState',
    'NotifyMigrationTaskState',
  ]);
  const query = '?operation=NotifyMigrationTaskState&task=server-2';
  const filtered: unknown = await (await fetch(`${hub.url}/_mgh/requests${query}`)).json();
  expect(filtered).toEqual([
    {
      at: 1_800_000_000.5,
      operation: 'NotifyMigrationTaskState',
      progressUpdateStream: STREAM,
      migrationTaskName: 'server-2',
      httpStatus: 400,
      error: 'ResourceNotFoundException',
      fault: null,
      body: {
        ProgressUpdateStream: STREAM,
        MigrationTaskName: 'server-2',
        Task: { Status: 'IN_PROGRESS', StatusDetail: 'Replicating', ProgressPercent: 10 },
        UpdateDateTime: 1767225600,
        NextUpdateSeconds: 60,
      },
      bodyCut: false,
      requestId: expect.stringMatching(/^[0-9a-f-]{36}$/) as string,
    },
  ]);
  expect(hub.requests({ task: 'server-1' })).toHaveLength(2);
});

test('a full journal drops the oldest requests and counts them', () => {
  const journal = new Journal(3);
  for (let at = 1; at <= 8; at++) journal.add(entryAt(at), '');
  expect(journal.entries().map((e) => e.at)).toEqual([6, 7, 8]);
  expect(journal.dropped).toBe(5);
});
