import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import { afterEach, expect, it, vi } from 'vitest';
import { waitForDelivery } from '../../src/client/delivery';
import { MigrationHubClient } from '../../src/client/migration-hub-client';
import type { Reading } from '../../src/client/state-reader';
import type { ReportedState } from '../../src/task-state';

afterEach(() => void vi.useRealTimers());

const silence = () => new Promise<never>(() => undefined);
const silentList = () => ({ [Symbol.asyncIterator]: () => ({ next: silence }) });
/** A server, or a proxy before it, that takes calls and answers none. */
const silent = {
  options: { namespace: 'default' },
  workflow: { getHandle: () => ({ describe: silence }), start: silence, signalWithStart: silence, list: silentList },
  withAbortSignal: <T>(_signal: AbortSignal, work: () => Promise<T>) => work(),
} as unknown as Client;
const task = { progressUpdateStream: 'S', migrationTaskName: 'vm-1' };

it.each<[string, (hub: MigrationHubClient) => Promise<unknown>, seconds?: number]>([
  ['lastReportedState', (hub) => hub.lastReportedState('S', 'vm-1')],
  ['report', (hub) => hub.report({ ...task, status: 'IN_PROGRESS' })],
  ['reopen', (hub) => hub.reopen(task)],
  ['history', (hub) => hub.history('S', 'vm-1')],
  ['associateArtifact', (hub) => hub.associateArtifact({ ...task, name: 'arn:aws:ec2:us-west-2::image/ami-1' })],
  ['notifyApplicationState', (hub) => hub.notifyApplicationState({ applicationId: 'd-1', status: 'COMPLETED' })],
  // Whole lists may take longer.
  ['list', (hub) => hub.list()[Symbol.asyncIterator]().next(), 600],
  ['listStreams', (hub) => hub.listStreams(), 600],
])('%s ends in its time where the Temporal server does not answer', async (_, call, seconds = 60) => {
  vi.useFakeTimers();
  const failed = call(new MigrationHubClient({ client: silent })).catch(({ message }: Error) => message);
  await vi.advanceTimersByTimeAsync(seconds * 1000);
  expect(await Promise.race([failed, 'it still waits'])).toMatch(/no answer within \d+ s/);
});

it('notifyApplicationState says by its type that nobody answered, and that it was the Temporal server', async () => {
  vi.useFakeTimers();
  const telling = new MigrationHubClient({ client: silent }).notifyApplicationState(
    { applicationId: 'd-1', status: 'COMPLETED' },
    { timeoutSeconds: 20 },
  );
  const failure = telling.catch((error: unknown) => error);
  await vi.advanceTimersByTimeAsync(20_000);
  expect(await failure).toMatchObject({
    name: 'ApplicationStateError',
    type: 'Unanswered',
    message: 'd-1: the Temporal server gave no answer within 20 s: check that it can be reached',
  });
});

it('a wait that takes many calls is not taken for a leak by Node', async () => {
  const warned = vi.spyOn(process, 'emitWarning').mockReturnValue();
  let signal: AbortSignal | undefined;
  // As the client of the SDK: each call leaves its listener at the signal.
  const result = () => {
    for (let i = 0; i < 30; i++) signal?.addEventListener('abort', () => i);
    return Promise.resolve({ status: 'COMPLETED', sent: true });
  };
  const client = {
    options: { namespace: 'default' },
    workflow: { start: () => Promise.resolve({ result }) },
    withAbortSignal: <T>(given: AbortSignal, work: () => Promise<T>) => {
      signal = given;
      return work();
    },
  } as unknown as Client;
  await new MigrationHubClient({ client }).notifyApplicationState({ applicationId: 'd-1', status: 'COMPLETED' });
  expect(signal).toBeDefined();
  expect(warned).not.toHaveBeenCalled();
  warned.mockRestore();
});

it('however short a wait for delivery is, it looks once, and has the time for an answer', async () => {
  const reporters = { me: { accepted: 1, delivered: 1 } };
  const read = async (_task: unknown, end: number): Promise<Reading> => {
    expect(end).toBeGreaterThan(Date.now());
    await sleep(20);
    return { states: [{ ...task, reporters } as unknown as ReportedState] };
  };
  const report = { ...task, ownerId: 'me', sequence: 1 };
  expect(await waitForDelivery(report, { timeoutSeconds: 0 }, read)).toMatchObject(task);
});
