import type { Client } from '@temporalio/client';
import { expect, it, vi } from 'vitest';
import { register, type RegisterFlags } from '../../src/cli/import/register';
import type { MigrationHubClient } from '../../src/client';
import type { InventoryServer } from '../../src/inventory';
import type { ReportedState } from '../../src/task-state';

const servers: InventoryServer[] = ['attached', 'refused', 'reported', 'unknown'].map((migrationTaskName) => ({
  migrationTaskName,
  resourceAttributes: [],
  from: [],
}));
const stateOf = (migrationTaskName: string, reports: number, refused = 0, labels: Record<string, string> = {}) =>
  ({ migrationTaskName, labels, counters: { reports, refused } }) as ReportedState;
const STATES = [stateOf('attached', 0), stateOf('refused', 0, 1), stateOf('reported', 1)];

/** Registers servers in a stream whose list of tasks is this; gives what was reported and written. */
async function registering(
  list: () => AsyncIterable<ReportedState>,
  { signal = new AbortController().signal, given = servers, skipInvalid = false } = {},
) {
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
  const flags: RegisterFlags = { stream: 'S', output: 'jsonl', timeFormat: 'iso', ...(skipInvalid && { skipInvalid }) };
  try {
    const error: unknown = await register({ client, hub }, given, flags, signal).catch((reason: unknown) => reason);
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
  const { reported, text, error } = await registering(
    async function* () {
      yield stateOf('reported', 1);
      setTimeout(() => ending.abort(), 10);
      // The next page does not come.
      await new Promise(() => undefined);
    },
    { signal: ending.signal },
  );
  expect(reported).toEqual([]);
  expect(text).toContain('servers: 4 (1 reported before: left alone, attributes included, 3 not done)\n');
  expect(error).toMatchObject({ message: 'interrupted: nothing was registered; run import again' });
});

const listOf = (...states: ReportedState[]) =>
  async function* () {
    await Promise.resolve();
    yield* states;
  };
const serverOf = (migrationTaskName: string, line: number, more: Partial<InventoryServer> = {}): InventoryServer => ({
  ...{ migrationTaskName, resourceAttributes: [], from: [{ file: 'w.csv', line }] },
  ...more,
});

it.each(['WEB-01', 'web-01\u200B'])(
  'a server whose task has another spelling, %j, gets no second one',
  async (name) => {
    const given = [serverOf('web-01', 2), serverOf('unknown', 3)];
    const { reported, text, error } = await registering(listOf(stateOf(name, 1)), { given });
    expect(reported).toEqual([]);
    expect(text).toContain(
      `w.csv:2: the stream has the task ${JSON.stringify(name).replace('\u200B', ' ')}, and "web-01" is another`,
    );
    expect(error).toMatchObject({
      message: 'one error: nothing is registered; --skip-invalid leaves out only these rows',
      exitCode: 2,
    });
    const rest = await registering(listOf(stateOf(name, 1)), { given, skipInvalid: true });
    expect([rest.reported, rest.error]).toEqual([['unknown'], undefined]);
    expect(rest.text).toContain('servers: 2 (1 registered, 1 left out: known in another spelling)\n');
    expect(rest.text).toContain('"outcome":"refused"');
  },
);

it('of a task that has the spelling of the file, too, another one is none of its business', async () => {
  const states = [stateOf('WEB-01', 1), stateOf('web-01', 1)];
  const { text, error } = await registering(listOf(...states), { given: [serverOf('web-01', 2)] });
  expect(error).toBeUndefined();
  expect(text).toContain('servers: 1 (1 reported before: left alone, attributes included)\n');
});

it('a known task with another wave or application is warned of; one without is not', async () => {
  const labels = { wave: 'Wave 1', application: 'shop' };
  const states = ['a', 'b', 'c'].map((name) => stateOf(name, 1, 0, name === 'c' ? {} : labels));
  const given = [
    serverOf('a', 2, { wave: 'Wave 2', application: 'crm' }),
    serverOf('b', 3, { wave: 'Wave 1' }),
    serverOf('c', 4, { wave: 'Wave 2' }),
  ];
  const { text, error } = await registering(listOf(...states), { given });
  expect(error).toBeUndefined();
  expect(text.match(/^.*warning.*$/gm)).toEqual([
    'w.csv:2: warning: the task "a" was reported before with wave "Wave 1", not "Wave 2", and with application "shop", not "crm": it is left alone. If this is another server, give it another name.',
  ]);
});
