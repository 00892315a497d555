import {
  CreateProgressUpdateStreamCommand,
  ImportMigrationTaskCommand,
  MigrationHubClient,
  NotifyMigrationTaskStateCommand,
  type NotifyMigrationTaskStateCommandInput,
} from '@aws-sdk/client-migration-hub';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach } from 'vitest';
import { type Emulator, type EmulatorOptions, startEmulator } from '../../src/emulator/index';
import type { NewEntry } from '../../src/emulator/journal/journal';

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

/** An emulator and the real SDK client in front of it; both end with the test. */
export async function emulatorAndClient(
  options?: EmulatorOptions,
): Promise<{ hub: Emulator; client: MigrationHubClient }> {
  const hub = await startEmulator(options);
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  const client = new MigrationHubClient({ endpoint: hub.url, region: 'us-west-2', maxAttempts: 1, credentials });
  closers.push(
    () => hub.close(),
    () => client.destroy(),
  );
  return { hub, client };
}

/** The path of a state file that is not there yet, in a folder that ends with the test. */
export function newStatePath(): string {
  const directory = mkdtempSync(join(tmpdir(), 'mgh-state-'));
  closers.unshift(() => rmSync(directory, { recursive: true }));
  return join(directory, 'hub.jsonl');
}

export const STREAM = 'DatacenterExit';

export async function importTask(client: MigrationHubClient, task = 'server-1', stream = STREAM): Promise<void> {
  await client.send(new CreateProgressUpdateStreamCommand({ ProgressUpdateStreamName: stream }));
  await client.send(new ImportMigrationTaskCommand({ ProgressUpdateStream: stream, MigrationTaskName: task }));
}

export const notification = (
  over: Partial<NotifyMigrationTaskStateCommandInput> = {},
): NotifyMigrationTaskStateCommandInput => ({
  ProgressUpdateStream: STREAM,
  MigrationTaskName: 'server-1',
  Task: { Status: 'IN_PROGRESS', StatusDetail: 'Replicating', ProgressPercent: 10 },
  UpdateDateTime: new Date('2026-01-01T00:00:00Z'),
  NextUpdateSeconds: 60,
  ...over,
});

export const notify = (client: MigrationHubClient, over?: Partial<NotifyMigrationTaskStateCommandInput>) =>
  client.send(new NotifyMigrationTaskStateCommand(notification(over)));

/** What a rejected call rejects with. */
export const failure = (call: Promise<unknown>) =>
  call.then(
    () => Promise.reject(new Error('The call was expected to fail.')),
    (error: Error & { RetryAfterSeconds?: number; code?: string; $metadata?: { httpStatusCode?: number } }) => error,
  );

/** A plain HTTP call, for what no SDK would send. */
export function post(hub: { url: string }, operation: string, body: unknown, headers: Record<string, string> = {}) {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const target = operation.includes('.') ? operation : `AWSMigrationHub.${operation}`;
  const all = { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': target, ...headers };
  return fetch(hub.url, { method: 'POST', headers: all, body: text });
}

export const json = async (response: Response): Promise<Record<string, unknown>> =>
  (await response.json()) as Record<string, unknown>;

/** A journal entry of no call in particular. */
export const entryAt = (at: number): NewEntry => ({
  at,
  operation: null,
  progressUpdateStream: null,
  migrationTaskName: null,
  httpStatus: null,
  error: null,
  fault: null,
  requestId: '',
});

/** A call to the admin API: its status, and its JSON. */
export async function admin(hub: { url: string }, method: string, path: string, body?: unknown) {
  const sent = body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body);
  const response = await fetch(`${hub.url}/_mgh/${path}`, { method, body: sent });
  return [response.status, (await response.json()) as unknown] as const;
}
