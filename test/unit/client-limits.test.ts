import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import { afterEach, expect, it, vi } from 'vitest';
import { waitForDelivery } from '../../src/client/delivery';
import { MigrationHubClient } from '../../src/client/migration-hub-client';
import type { Reading } from '../../src/client/state-reader';
import type { ReportedState } from '../../src/task-state';

afterEach(() => void vi.useRealTimers());

const silence = () => new Promise<never>(() => undefined);
/** A server, or a proxy before it, that takes calls and answers none. */
const silent = {
  options: { namespace: 'default' },
  workflow: { getHandle: () => ({ describe: silence }), start: silence, signalWithStart: silence },
  withAbortSignal: <T>(_signal: AbortSignal, work: () => Promise<T>) => work(),
} as unknown as Client;
const task = { progressUpdateStream: 'S', migrationTaskName: 'vm-1' };

it.each<[string, (hub: MigrationHubClient) => Promise<unknown>]>([
  ['lastReportedState', (hub) => hub.lastReportedState('S', 'vm-1')],
  ['report', (hub) => hub.report({ ...task, status: 'IN_PROGRESS' })],
  ['reopen', (hub) => hub.reopen(task)],
  ['history', (hub) => hub.history('S', 'vm-1')],
  ['associateArtifact', (hub) => hub.associateArtifact({ ...task, name: 'arn:aws:ec2:us-west-2::image/ami-1' })],
])('%s ends in its time where the Temporal server does not answer', async (_, call) => {
  vi.useFakeTimers();
  const failed = call(new MigrationHubClient({ client: silent })).catch(({ message }: Error) => message);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(await Promise.race([failed, 'it still waits'])).toMatch(/^no answer within \d+ s$/);
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
