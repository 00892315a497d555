import type { Client } from '@temporalio/client';
import { expect, it, vi } from 'vitest';
import { register } from '../../src/cli/import/register';
import type { MigrationHubClient } from '../../src/client';
import type { InventoryServer } from '../../src/inventory';
import type { ReportedState } from '../../src/task-state';

const servers: InventoryServer[] = ['attached', 'refused', 'reported', 'unknown'].map((migrationTaskName) => ({
  migrationTaskName,
  resourceAttributes: [],
  from: [],
}));
const stateOf = (migrationTaskName: string, reports: number, refused = 0) =>
  ({ migrationTaskName, counters: { reports, refused } }) as ReportedState;
const STATES = [stateOf('attached', 0), stateOf('refused', 0, 1), stateOf('reported', 1)];

/** Registers the servers of a stream whose list of tasks is this; gives what was reported and written. */
async function registering(list: () => AsyncIterable<ReportedState>, signal = new AbortController().signal) {
  const reported: string[] = [];
  const hub = {
    list,
    lastReportedState: (_stream: string, name: string) =>
      Promise.resolve(STATES.find(({ migrationTaskName }) => migrationTaskName === name) ?? null),
    report: ({ migrationTaskName }: { migrationTaskName: string }) => {
      reported.push(migrationTaskName);
      return Promise.resolve();
    },
  } as unknown as MigrationHubClient;
  // An attachment starts a heartbeat workflow, too.
  const describe = (id: string) =>
    id.endsWith(':unknown')
      ? Promise.reject(Object.assign(new Error('none'), { name: 'WorkflowNotFoundError' }))
      : Promise.resolve({});
  const client = { workflow: { getHandle: (id: string) => ({ describe: () => describe(id) }) } } as unknown as Client;
  const written: string[] = [];
  const spies = [process.stdout, process.stderr].map((stream) =>
    vi.spyOn(stream, 'write').mockImplementation((text) => written.push(String(text)) > 0),
  );
  const flags = { stream: 'S', output: 'jsonl', timeFormat: 'iso' } as const;
  try {
    const error: unknown = await register({ client, hub }, servers, flags, signal).catch((reason: unknown) => reason);
    return { reported: reported.sort(), text: written.join(''), error };
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
}

it('a task that was only attached something to is registered; one whose report was refused is known', async () => {
  const { reported, text, error } = await registering(async function* () {
    await Promise.resolve();
    yield* STATES;
  });
  expect(error).toBeUndefined();
  expect(reported).toEqual(['attached', 'unknown']);
  expect(text).toContain('servers: 4 (2 registered, 2 reported before: left alone, attributes included)\n');
});

it('Ctrl-C while the stream is read ends it at once, and says that nothing was registered', async () => {
  const ending = new AbortController();
  const { reported, text, error } = await registering(async function* () {
    yield stateOf('reported', 1);
    setTimeout(() => ending.abort(), 10);
    // The next page does not come.
    await new Promise(() => undefined);
  }, ending.signal);
  expect(reported).toEqual([]);
  expect(text).toContain('servers: 4 (1 reported before: left alone, attributes included, 3 not done)\n');
  expect(error).toMatchObject({ message: 'interrupted: nothing was registered; run import again' });
});
