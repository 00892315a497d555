import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PutResourceAttributesCommand } from '@aws-sdk/client-migration-hub';
import { expect, test } from 'vitest';
import { admin, emulatorAndClient, importTask, json, notify, post, STREAM } from './support';

const START = 1_800_000_000;

/** Two tasks, one of them stale for a while, at a time that stands still. */
async function withHistory() {
  const { hub, client } = await emulatorAndClient();
  hub.clock.freeze();
  hub.clock.set(START);
  await importTask(client, 'server-1');
  await importTask(client, 'server-2', 'Other');
  const ResourceAttributeList = [{ Type: 'FQDN' as const, Value: 'server-1.example.com' }];
  const key = { ProgressUpdateStream: STREAM, MigrationTaskName: 'server-1' };
  await client.send(new PutResourceAttributesCommand({ ...key, ResourceAttributeList }));
  const send = () => notify(client, { UpdateDateTime: new Date(hub.clock.now() * 1000), NextUpdateSeconds: 60 });
  await send();
  hub.clock.advance(70);
  await send();
  hub.clock.advance(65);
  return { hub, client };
}

test('the staleness route shows each period of each task, and the totals', async () => {
  const { hub } = await withHistory();
  const expected = {
    now: START + 135,
    staleTasks: 1,
    everStaleTasks: 1,
    seconds: 15,
    tasks: [
      {
        account: '123456789012',
        progressUpdateStream: STREAM,
        migrationTaskName: 'server-1',
        stale: true,
        seconds: 15,
        intervals: [
          { from: START + 60, to: START + 70 },
          { from: START + 130, to: null },
        ],
      },
      {
        account: '123456789012',
        progressUpdateStream: 'Other',
        migrationTaskName: 'server-2',
        stale: false,
        seconds: 0,
        intervals: [],
      },
    ],
  };
  expect(await admin(hub, 'GET', 'staleness')).toEqual([200, expected]);
  expect(hub.staleness()).toEqual(expected);
});

test('the state that one emulator returns can be seeded into another: tasks, staleness and page tokens are the same', async () => {
  const { hub } = await withHistory();
  const [, state] = await admin(hub, 'GET', 'state');
  expect(await admin(hub, 'POST', 'snapshot')).toEqual([200, state]);
  const { NextToken } = await json(await post(hub, 'ListMigrationTasks', { MaxResults: 1 }));

  const { hub: other, client } = await emulatorAndClient();
  await importTask(client, 'gone', 'Gone');
  expect(await admin(other, 'POST', 'seed', state)).toEqual([200, {}]);
  other.clock.freeze();
  other.clock.set(START + 135);
  expect(other.tasks()).toEqual(hub.tasks());
  expect(other.staleness()).toEqual(hub.staleness());
  expect(await admin(other, 'GET', 'state')).toEqual([200, state]);
  expect(await json(await post(other, 'ListMigrationTasks', { NextToken }))).toMatchObject({
    MigrationTaskSummaryList: [{ MigrationTaskName: 'server-2' }],
  });
  await importTask(client, 'server-3');
  expect(other.tasks().map((task) => task.migrationTaskName)).toEqual(['server-1', 'server-2', 'server-3']);
  expect(hub.tasks()).toHaveLength(2);
});

const task = {
  stream: 'S',
  name: 'a',
  seq: 2,
  last: null,
  attributes: [],
  notifications: 0,
  ledger: { deadline: null, arrivedAt: 0, closed: [] },
};
const streams = [{ name: 'S', seq: 1 }];
const id = '123456789012';
const held = (account: object) => ({ accounts: [{ id, ...account }] });
const last = { status: 'DONE', updateDateTime: 1, nextUpdateSeconds: 1 };
const thing = (seq: number, name = 'arn:aws:ec2:::i-1') => ({ seq, name });
const update = (seq: number) => ({ seq, status: 'IN_PROGRESS', updateDateTime: START + seq, nextUpdateSeconds: 60 });
const application = (seq: number, name = 'a') => ({ seq, id: name, status: 'COMPLETED', lastUpdatedTime: START });

test.each([
  ['accounts is required', {}],
  ['accounts.0.streams is required', held({})],
  ['The state must be object', []],
  ['accounts.0.stream is not known: did you mean streams?', held({ streams, tasks: [], stream: [] })],
  ['accounts.1 repeats accounts.0: remove one', { accounts: [0, 1].map(() => ({ id, streams, tasks: [] })) }],
  ['accounts.0.streams.0.name is required', held({ streams: [{ seq: 1 }], tasks: [] })],
  ['accounts.0.tasks.0.stream must be one of streams, not T', held({ streams, tasks: [{ ...task, stream: 'T' }] })],
  ['accounts.0.tasks.1 repeats accounts.0.tasks.0: remove one', held({ streams, tasks: [task, task] })],
  [
    'accounts.0.tasks.0.last.status must be one of NOT_STARTED, IN_PROGRESS, FAILED, COMPLETED',
    held({ streams, tasks: [{ ...task, last }] }),
  ],
  [
    'accounts.0.tasks.1.seq is 2, as in accounts.0.tasks.0: change one',
    held({ streams, tasks: [task, { ...task, name: 'b' }] }),
  ],
  ...(['artifacts', 'discovered', 'sources'] as const).flatMap((kind): [string, object][] => [
    [
      `accounts.0.tasks.0.${kind}.1 repeats accounts.0.tasks.0.${kind}.0: remove one`,
      held({ streams, tasks: [{ ...task, [kind]: [thing(3), thing(4)] }] }),
    ],
    [
      `accounts.0.tasks.0.${kind}.1.seq is 3, as in accounts.0.tasks.0.${kind}.0: change one`,
      held({ streams, tasks: [{ ...task, [kind]: [thing(3), thing(3, 'b')] }] }),
    ],
  ]),
  [
    'accounts.0.tasks.0.updates.1.seq is 3, as in accounts.0.tasks.0.updates.0: change one',
    held({ streams, tasks: [{ ...task, updates: [update(3), update(3)] }] }),
  ],
  [
    'accounts.0.applications.1 repeats accounts.0.applications.0: remove one',
    held({ streams, tasks: [], applications: [application(3), application(4)] }),
  ],
  [
    'accounts.0.applications.1.seq is 3, as in accounts.0.applications.0: change one',
    held({ streams, tasks: [], applications: [application(3), application(3, 'b')] }),
  ],
  ['accounts.0.streams.1.seq is 1, as in', held({ streams: [...streams, { name: 'T', seq: 1 }], tasks: [] })],
  ['accounts.0.tasks.0.notifications must be >= 0', held({ streams, tasks: [{ ...task, notifications: -1 }] })],
  ['The body is not JSON', '{'],
])('a seed that cannot be used is refused (%s), and the old state stays', async (said, state) => {
  const { hub, client } = await emulatorAndClient();
  await importTask(client);
  const [status, answer] = await admin(hub, 'POST', 'seed', state);
  expect(status).toBe(400);
  expect((answer as { error: string }).error.startsWith(said), JSON.stringify(answer)).toBe(true);
  expect(hub.tasks()).toHaveLength(1);
});

/** Every entry of a list, page by page, one on each. */
async function inPages(hub: { url: string }, operation: string, input: object): Promise<unknown[]> {
  const seen: unknown[] = [];
  for (let NextToken: unknown = ''; NextToken !== undefined;) {
    const { NextToken: next, ...output } = await json(
      await post(hub, operation, { ...input, MaxResults: 1, NextToken }),
    );
    seen.push(...(Object.values(output)[0] as object[]));
    NextToken = next;
  }
  return seen;
}

test('a seed may have its lists in any order: pages have each entry once, by seq', async () => {
  const { hub } = await emulatorAndClient();
  const two = [thing(8, 'arn:aws:ec2:::i-2'), thing(7)];
  const first = { ...task, seq: 6, updates: [update(5), update(4)], artifacts: two, discovered: two, sources: two };
  const state = {
    streams: [{ name: 'T', seq: 3 }, ...streams],
    tasks: [first, { ...task, name: 'b' }],
    applications: [application(9), application(2, 'b')],
  };
  expect(await admin(hub, 'POST', 'seed', held(state))).toEqual([200, {}]);
  const key = { ProgressUpdateStream: 'S', MigrationTaskName: 'a' };
  const named = [{ Name: 'arn:aws:ec2:::i-1' }, { Name: 'arn:aws:ec2:::i-2' }];
  expect(await inPages(hub, 'ListProgressUpdateStreams', {})).toEqual(
    ['S', 'T'].map((ProgressUpdateStreamName) => ({ ProgressUpdateStreamName })),
  );
  expect(await inPages(hub, 'ListMigrationTasks', {})).toEqual(
    ['b', 'a'].map((MigrationTaskName) => ({ ...key, MigrationTaskName })),
  );
  expect(await inPages(hub, 'ListApplicationStates', {})).toMatchObject(
    ['b', 'a'].map((ApplicationId) => ({ ApplicationId })),
  );
  expect(await inPages(hub, 'ListMigrationTaskUpdates', key)).toMatchObject(
    [4, 5].map((seq) => ({ UpdateDateTime: START + seq })),
  );
  expect(await inPages(hub, 'ListCreatedArtifacts', key)).toEqual(named);
  expect(await inPages(hub, 'ListSourceResources', key)).toEqual(named);
  expect(await inPages(hub, 'ListDiscoveredResources', key)).toEqual(
    named.map(({ Name }) => ({ ConfigurationId: Name })),
  );
});

/** Deletes every member of a value, in depth. */
function spoil(value: unknown): void {
  if (typeof value !== 'object' || value === null) return;
  for (const [name, member] of Object.entries(value)) {
    spoil(member);
    Reflect.deleteProperty(value, name);
  }
}

test('in process, state is a copy, and so is what seed takes', async () => {
  const { hub } = await withHistory();
  const key = { ProgressUpdateStream: STREAM, MigrationTaskName: 'server-1' };
  const writes: [string, object][] = [
    ['PutResourceAttributes', { ...key, ResourceAttributeList: [{ Type: 'FQDN', Value: 'again.example.com' }] }],
    ['AssociateCreatedArtifact', { ...key, CreatedArtifact: { Name: 'arn:aws:ec2:::i-1', Description: 'an AMI' } }],
    ['AssociateDiscoveredResource', { ...key, DiscoveredResource: { ConfigurationId: 'd-server-1' } }],
    ['AssociateSourceResource', { ...key, SourceResource: { Name: 'rack 1' } }],
    ['NotifyApplicationState', { ApplicationId: 'a', Status: 'COMPLETED' }],
    [
      'NotifyMigrationTaskState',
      { ...key, Task: { Status: 'FAILED' }, UpdateDateTime: START + 135, NextUpdateSeconds: 60 },
    ],
  ];
  const write = async () => {
    for (const [operation, input] of writes) expect((await post(hub, operation, input)).status, operation).toBe(200);
  };
  await write();
  const state = hub.state();
  const before = structuredClone(state);
  hub.clock.advance(100);
  await write();
  expect(state).toEqual(before);
  hub.seed(state);
  spoil(state);
  expect(hub.state()).toEqual(before);
  spoil(hub.state());
  expect(hub.state()).toEqual(before);
});

test('in process, seed takes what state gave, and neither changes with the other', async () => {
  const { hub, client } = await withHistory();
  await notify(client, { Task: { Status: 'IN_PROGRESS' } });
  const [state, tasks] = [hub.state(), hub.tasks()];
  hub.reset();
  expect(hub.tasks()).toEqual([]);
  hub.seed(state);
  hub.clock.freeze();
  hub.clock.set(START + 135);
  expect(hub.tasks()).toEqual(tasks);
  await notify(client);
  hub.seed(state);
  expect(hub.tasks()).toEqual(tasks);
});

test('a seed of 5 MB is taken', async () => {
  const { hub } = await emulatorAndClient();
  const tasks = Array.from({ length: 40_000 }, (_, i) => ({ ...task, name: `server-${i}`, seq: i + 2 }));
  expect(await admin(hub, 'POST', 'seed', held({ streams, tasks }))).toEqual([200, {}]);
  expect(await admin(hub, 'GET', 'health')).toMatchObject([200, { streams: 1, tasks: 40_000 }]);
});

test('reset forgets tasks, rules and outage', async () => {
  const { hub } = await withHistory();
  hub.setFaults([{ action: { type: 'internal' } }]);
  hub.setOutage({ type: 'refuse' });
  expect(await admin(hub, 'POST', 'reset')).toEqual([200, {}]);
  expect((await post(hub, 'ListMigrationTasks', {})).status).toBe(200);
  expect([hub.tasks(), hub.requests().length]).toEqual([[], 1]);
});

test('a task seeded by hand with what was last notified becomes stale at its deadline', async () => {
  const { hub } = await emulatorAndClient();
  hub.clock.freeze();
  hub.clock.set(START);
  const notified = { status: 'IN_PROGRESS', updateDateTime: START, nextUpdateSeconds: 60 };
  hub.seed(held({ streams, tasks: [{ stream: 'S', name: 'a', seq: 2, last: notified }] }));
  hub.clock.advance(60);
  expect(hub.tasks()).toMatchObject([{ stale: false }]);
  hub.clock.advance(10);
  expect(hub.tasks()).toMatchObject([{ stale: true, staleSeconds: 10 }]);
});

test('the state in docs/emulator.md can be seeded', async () => {
  const { hub } = await emulatorAndClient();
  const page = readFileSync(join(__dirname, '../../docs/emulator.md'), 'utf8');
  const example = page
    .split('```json\n')
    .find((block) => block.includes('"accounts"'))
    ?.split('```')[0] as string;
  expect(await admin(hub, 'POST', 'seed', example)).toEqual([200, {}]);
  expect(hub.tasks().map(({ migrationTaskName }) => migrationTaskName)).toEqual(['web-01', 'web-02']);
});
