import { describe, expect, it } from 'vitest';
import { startEmulator, SWITCHES, type Switches } from '../../src/emulator';
import { model } from '../../src/emulator/generated/schemas';
import { switchesOf } from '../../src/emulator/hub/switches';
import { emulatorAndClient, importTask, json, post, STREAM } from './support';

const key = { ProgressUpdateStream: STREAM, MigrationTaskName: 'server-1' };
const AT = 1_760_000_000;

async function withSwitches(switches: Partial<Switches>) {
  const { hub, client } = await emulatorAndClient({ switches, clock: () => AT * 1000 });
  await importTask(client);
  const call = async (operation: string, input: object = key) => json(await post(hub, operation, input));
  const notify = (over: object = {}) =>
    call('NotifyMigrationTaskState', {
      ...key,
      Task: { Status: 'IN_PROGRESS', ProgressPercent: 10 },
      UpdateDateTime: AT,
      NextUpdateSeconds: 60,
      ...over,
    });
  const done = { Task: { Status: 'COMPLETED' } };
  return { hub, call, notify, done, task: () => hub.tasks()[0] };
}
const invalid = { __type: 'InvalidInputException' };
const ok = {};
type Setup = Awaited<ReturnType<typeof withSwitches>>;

/** What a switch changes: the same steps under each of its values, and what is seen then. */
const EFFECTS: Partial<Record<keyof Switches, [(setup: Setup) => Promise<unknown>, Record<string, unknown>]>> = {
  lateNotification: [
    async ({ notify, task }) => {
      await notify();
      await notify({ UpdateDateTime: AT - 5, Task: { Status: 'FAILED' } });
      return task()?.status;
    },
    { 'last-write': 'FAILED', 'newest-time': 'IN_PROGRESS' },
  ],
  afterTerminal: [
    async ({ notify, done, task }) => {
      await notify(done);
      const answer = await notify();
      return [answer.__type, task()?.status];
    },
    {
      accept: [undefined, 'IN_PROGRESS'],
      ignore: [undefined, 'COMPLETED'],
      reject: ['InvalidInputException', 'COMPLETED'],
    },
  ],
  terminalStaleness: [
    async ({ notify, done, task }) => {
      await notify({ ...done, UpdateDateTime: AT - 100 });
      return task()?.stale;
    },
    { 'never-stale': false, counts: true },
  ],
  nextUpdateSecondsZero: [
    async ({ notify, task }) => {
      const answer = await notify({ NextUpdateSeconds: 0, UpdateDateTime: AT - 1 });
      return [answer.__type, task()?.stale];
    },
    { 'stale-at-once': [undefined, true], 'never-stale': [undefined, false], reject: ['InvalidInputException', false] },
  ],
  nextUpdateSecondsAboveInt32: [
    async ({ notify }) => (await notify({ NextUpdateSeconds: Number.MAX_SAFE_INTEGER })).__type,
    { reject: 'InvalidInputException', accept: undefined },
  ],
  multiLineStatusDetail: [
    async ({ notify }) => (await notify({ Task: { Status: 'FAILED', StatusDetail: 'a\nb' } })).__type,
    { reject: 'InvalidInputException', accept: undefined },
  ],
  futureUpdateDateTime: [
    async ({ notify }) => (await notify({ UpdateDateTime: AT + 901 })).__type,
    { accept: undefined, reject: 'InvalidInputException' },
  ],
  reimport: [
    async ({ notify, call, task }) => {
      await notify();
      await call('ImportMigrationTask');
      return task()?.status;
    },
    { keep: 'IN_PROGRESS', reset: null },
  ],
  neverNotified: [
    async ({ call }) => ((await call('DescribeMigrationTask')).MigrationTask as { Task?: object }).Task,
    { 'no-task': undefined, 'not-started': { Status: 'NOT_STARTED' } },
  ],
  repeatedNotification: [
    async ({ notify, call }) => {
      await notify();
      await notify();
      return ((await call('ListMigrationTaskUpdates')).MigrationTaskUpdateList as object[]).length;
    },
    { 'history-row': 2, 'no-row': 1 },
  ],
  updatesOrder: [
    async ({ notify, call }) => {
      for (const i of [0, 1, 2]) await notify({ UpdateDateTime: AT + i });
      const pages: number[] = [];
      for (let NextToken: unknown = ''; NextToken !== undefined;) {
        const page = await call('ListMigrationTaskUpdates', { ...key, MaxResults: 2, NextToken });
        pages.push(...(page.MigrationTaskUpdateList as { UpdateDateTime: number }[]).map((u) => u.UpdateDateTime - AT));
        NextToken = page.NextToken;
      }
      return pages;
    },
    { 'oldest-first': [0, 1, 2], 'newest-first': [2, 1, 0] },
  ],
  disassociateUnknown: [
    async ({ call }) => (await call('DisassociateDiscoveredResource', { ...key, ConfigurationId: 'd-1' })).__type,
    { success: undefined, 'not-found': 'ResourceNotFoundException' },
  ],
  unknownApplication: [
    async ({ call }) => (await call('NotifyApplicationState', { ApplicationId: 'a', Status: 'IN_PROGRESS' })).__type,
    { accept: undefined, 'not-found': 'ResourceNotFoundException', 'policy-error': 'PolicyErrorException' },
  ],
  homeRegionNotSetOnReads: [
    async ({ hub, call }) => {
      await removeHomeRegion(hub);
      // The last has no such error in the model.
      const inputs = { ListMigrationTasks: {}, ImportMigrationTask: key, ListSourceResources: key };
      return Promise.all(Object.entries(inputs).map(async ([name, input]) => (await call(name, input)).__type));
    },
    {
      reject: ['HomeRegionNotSetException', 'HomeRegionNotSetException', undefined],
      allow: [undefined, 'HomeRegionNotSetException', undefined],
    },
  ],
  writesElsewhere: [
    async ({ hub }) => {
      const inputs = {
        ImportMigrationTask: key,
        AssociateSourceResource: { ...key, SourceResource: { Name: 'rack 7' } },
        DisassociateSourceResource: { ...key, SourceResourceName: 'rack 7' },
      };
      const types: unknown[] = [];
      for (const [name, input] of Object.entries(inputs))
        types.push((await json(await post(hub, name, input, signedFor('eu-west-1')))).__type);
      return types;
    },
    { reject: Array(3).fill('InvalidInputException'), accept: Array(3).fill(undefined) },
  ],
  readsElsewhere: [
    async ({ hub }) => {
      const names = ['DescribeMigrationTask', 'ListSourceResources', 'ListMigrationTaskUpdates'];
      const answers = names.map(async (name) => json(await post(hub, name, key, signedFor('eu-west-1'))));
      return (await Promise.all(answers)).map((answer) => answer.__type ?? Object.keys(answer).join());
    },
    {
      'home-data': ['MigrationTask', 'SourceResourceList', 'MigrationTaskUpdateList'],
      nothing: Array(3).fill('ResourceNotFoundException'),
      reject: Array(3).fill('InvalidInputException'),
    },
  ],
  changeHomeRegion: [
    async ({ hub }) => {
      const body = { HomeRegion: 'eu-west-1', Target: { Type: 'ACCOUNT' } };
      return (await json(await post(hub, 'AWSMigrationHubMultiAccountService.CreateHomeRegionControl', body))).__type;
    },
    { reject: 'InvalidInputException', replace: undefined },
  ],
  homeRegionCheck: [
    async ({ hub, call }) => {
      await removeHomeRegion(hub);
      return (await call('ImportMigrationTask', {})).__type;
    },
    { 'after-input': 'InvalidInputException', 'before-input': 'HomeRegionNotSetException' },
  ],
  dryRunAfter: [
    async ({ hub, call }) => {
      const unknown = { ...key, MigrationTaskName: 'unknown', ConfigurationId: 'd-1', DryRun: true };
      const first = (await call('DisassociateDiscoveredResource', unknown)).__type;
      await removeHomeRegion(hub);
      return [first, (await call('DisassociateDiscoveredResource', unknown)).__type];
    },
    {
      'home-region': ['DryRunOperation', 'HomeRegionNotSetException'],
      input: ['DryRunOperation', 'DryRunOperation'],
      existence: ['ResourceNotFoundException', 'HomeRegionNotSetException'],
    },
  ],
  unknownMembers: [
    async ({ notify }) => (await notify({ Task: { Status: 'FAILED', Percent: 1 } })).__type,
    { ignore: undefined, reject: 'InvalidInputException' },
  ],
  foreignToken: [
    async ({ call }) => (await call('ListMigrationTasks', { NextToken: 'AAAA' })).__type,
    { InvalidInputException: 'InvalidInputException', InvalidToken: 'InvalidToken' },
  ],
  successBody: [
    async ({ hub }) => (await post(hub, 'ImportMigrationTask', key)).text(),
    { 'empty-object': '{}', nothing: '' },
  ],
  vmAttributesWithoutManager: [
    async ({ call, task }) => {
      const ResourceAttributeList = [
        { Type: 'VM_NAME', Value: 'a' },
        { Type: 'FQDN', Value: 'b.example.com' },
      ];
      await call('PutResourceAttributes', { ...key, ResourceAttributeList });
      return task()?.attributes.map(({ type }) => type);
    },
    { drop: ['FQDN'], keep: ['VM_NAME', 'FQDN'] },
  ],
};

async function removeHomeRegion(hub: Setup['hub']): Promise<void> {
  const config = (operation: string, input: object) =>
    post(hub, `AWSMigrationHubMultiAccountService.${operation}`, input).then(json);
  const { HomeRegionControls } = await config('DescribeHomeRegionControls', {});
  const [{ ControlId }] = HomeRegionControls as [{ ControlId: string }];
  await config('DeleteHomeRegionControl', { ControlId });
}
const signedFor = (region: string) => ({
  authorization: `AWS4-HMAC-SHA256 Credential=test/20260101/${region}/mgh/aws4_request, SignedHeaders=host, Signature=0`,
});

describe('each value of each switch', () => {
  const cases = Object.entries(SWITCHES).flatMap(([name, { values }]) => values.map((value) => [name, value] as const));
  it.each(cases)('%s: %s', async (name, value) => {
    const effect = EFFECTS[name as keyof Switches];
    if (!effect) throw new Error('this switch has no test');
    const [steps, expected] = effect;
    expect(Object.keys(expected)).toContain(value);
    expect(await steps(await withSwitches({ [name]: value }))).toEqual(expected[value]);
  });
});

const SENT = { ...key, Task: { Status: 'IN_PROGRESS' }, UpdateDateTime: AT, NextUpdateSeconds: 60 };
const notified = (over: object) => ['NotifyMigrationTaskState', { ...SENT, ...over }] as const;
/** What a switch that is `accept` lets in; and a text that the reads return, and how often. */
const ACCEPTED: Partial<
  Record<keyof Switches, { calls: (readonly [string, object, object?])[]; read: string; times: number }>
> = {
  afterTerminal: {
    calls: [notified({ Task: { Status: 'FAILED' } }), notified({})],
    read: '"Status":"IN_PROGRESS"',
    times: 3,
  },
  nextUpdateSecondsAboveInt32: {
    calls: [notified({ NextUpdateSeconds: Number.MAX_SAFE_INTEGER })],
    read: '"Status":"IN_PROGRESS"',
    times: 3,
  },
  multiLineStatusDetail: {
    calls: [
      notified({ Task: { Status: 'FAILED', StatusDetail: 'a\nb' } }),
      ['AssociateSourceResource', { ...key, SourceResource: { Name: 'rack 7', StatusDetail: 'a\nb' } }],
    ],
    read: '"StatusDetail":"a\\nb"',
    times: 4,
  },
  futureUpdateDateTime: {
    calls: [notified({ UpdateDateTime: AT + 901 })],
    read: `"UpdateDateTime":${AT + 901}`,
    times: 3,
  },
  unknownApplication: {
    calls: [['NotifyApplicationState', { ApplicationId: 'a', Status: 'IN_PROGRESS' }]],
    read: '"ApplicationId":"a"',
    times: 1,
  },
  writesElsewhere: {
    calls: [[...notified({}), signedFor('eu-west-1')]],
    read: '"Status":"IN_PROGRESS"',
    times: 3,
  },
};
/** The reads, and their inputs. */
const READS = {
  DescribeMigrationTask: key,
  ListMigrationTasks: {},
  ListMigrationTaskUpdates: key,
  ListSourceResources: key,
  ListApplicationStates: {},
};

it.each(
  Object.entries(SWITCHES).flatMap(([name, { values }]) =>
    (values as readonly string[]).includes('accept') ? [name] : [],
  ),
)('what %s: accept lets in can be read', async (name) => {
  const accepted = ACCEPTED[name as keyof Switches];
  if (!accepted) throw new Error('this switch has no test');
  const { hub, call } = await withSwitches({ [name]: 'accept' });
  for (const [operation, input, headers] of accepted.calls)
    expect(await json(await post(hub, operation, input, headers as Record<string, string>))).toEqual({});
  const answers = await Promise.all(Object.entries(READS).map(([operation, input]) => call(operation, input)));
  expect(answers.filter(({ __type }) => __type)).toEqual([]);
  expect(JSON.stringify(answers).split(accepted.read)).toHaveLength(accepted.times + 1);
});

describe('the home region is checked for each operation of Migration Hub', () => {
  const operations = Object.entries(model['AWSMigrationHub'] ?? {});

  it('in another region', async () => {
    const { hub } = await withSwitches({ homeRegionCheck: 'before-input', readsElsewhere: 'reject' });
    for (const [operation] of operations) {
      const answer = await json(await post(hub, operation, {}, signedFor('eu-west-1')));
      expect(answer, operation).toMatchObject({ ...invalid, Message: expect.stringContaining('signed for eu-west-1') });
    }
  });

  it('and while none is set, where the model has an error for that', async () => {
    const { hub, call } = await withSwitches({ homeRegionCheck: 'before-input' });
    await removeHomeRegion(hub);
    const without: string[] = [];
    for (const [operation, { errors }] of operations) {
      const { __type } = await call(operation, {});
      expect(__type === 'HomeRegionNotSetException', operation).toBe(errors.includes('HomeRegionNotSetException'));
      if (__type !== 'HomeRegionNotSetException') without.push(operation);
    }
    expect(without.sort()).toEqual([
      ...['AssociateSourceResource', 'DisassociateSourceResource', 'ListMigrationTaskUpdates', 'ListSourceResources'],
    ]);
  });
});

it('relaxed takes what AWS might take, and a switch given goes before it', () => {
  const relaxed = switchesOf({ unknownMembers: 'reject' }, 'relaxed');
  expect(relaxed).toMatchObject({ nextUpdateSecondsAboveInt32: 'accept', unknownMembers: 'reject', reimport: 'keep' });
  expect(switchesOf().nextUpdateSecondsAboveInt32).toBe('reject');
});

it.each([
  [{ lateNotifications: 'last-write' }, 'there is no switch lateNotifications: the switches are lateNotification, '],
  [{ reimport: 'maybe' }, 'reimport is "maybe", but it must be one of keep, reset'],
])('%j is refused, with what there is', async (switches, message) => {
  await expect(startEmulator({ switches: switches as never })).rejects.toThrow(message);
});

it('what is refused changes nothing', async () => {
  const { notify, done, task, call } = await withSwitches({ afterTerminal: 'reject' });
  await notify(done);
  const before = task();
  expect(await notify()).toMatchObject(invalid);
  expect(task()).toEqual(before);
  expect(await call('ImportMigrationTask')).toEqual(ok);
});
