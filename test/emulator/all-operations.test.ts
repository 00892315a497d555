import { describe, expect, it } from 'vitest';
import { model } from '../../src/emulator/generated/schemas';
import { emulatorAndClient, importTask, json, post, STREAM } from './support';

const key = { ProgressUpdateStream: STREAM, MigrationTaskName: 'server-1' };
type Emulator = Awaited<ReturnType<typeof emulatorAndClient>>['hub'];

async function ready(options?: Parameters<typeof emulatorAndClient>[0]) {
  const { hub, client } = await emulatorAndClient(options);
  await importTask(client);
  return { hub, call: caller(hub) };
}
const caller = (hub: Emulator) => async (operation: string, input: object) => json(await post(hub, operation, input));
const config = (operation: string) => `AWSMigrationHubMultiAccountService.${operation}`;
const notify = (over: object = {}) => ({
  ...key,
  Task: { Status: 'IN_PROGRESS', ProgressPercent: 10 },
  UpdateDateTime: 1_760_000_000,
  NextUpdateSeconds: 60,
  ...over,
});

it('every operation of both models is there', async () => {
  const { hub } = await ready();
  for (const [service, operations] of Object.entries(model))
    for (const operation of Object.keys(operations)) {
      const { __type } = await json(await post(hub, `${service}.${operation}`, {}));
      expect([undefined, 'InvalidInputException'], operation).toContain(__type);
    }
});

describe.each([
  ['CreatedArtifact', 'CreatedArtifactList', 'CreatedArtifactName', (i: number) => ({ Name: `arn:aws:ec2:::i-${i}` })],
  [
    'DiscoveredResource',
    'DiscoveredResourceList',
    'ConfigurationId',
    (i: number) => ({ ConfigurationId: `d-server-${i}` }),
  ],
  [
    'SourceResource',
    'SourceResourceList',
    'SourceResourceName',
    (i: number) => ({ Name: `rack ${i}`, StatusDetail: 'on' }),
  ],
])('%s', (thing, list, nameMember, make) => {
  const nameOf = (each: object) => Object.values(each)[0] as string;
  const listed = async (call: ReturnType<typeof caller>, more = {}) => call(`List${thing}s`, { ...key, ...more });

  it('is associated once, described anew in its place, and disassociated', async () => {
    const { call } = await ready();
    for (const i of [1, 2, 1])
      await call(`Associate${thing}`, { ...key, [thing]: { ...make(i), Description: `no ${i}` } });
    await call(`Associate${thing}`, { ...key, [thing]: { ...make(1), Description: 'again' } });
    expect((await listed(call))[list]).toEqual([
      { ...make(1), Description: 'again' },
      { ...make(2), Description: 'no 2' },
    ]);
    expect(await call(`Disassociate${thing}`, { ...key, [nameMember]: nameOf(make(1)) })).toEqual({});
    expect(await call(`Disassociate${thing}`, { ...key, [nameMember]: nameOf(make(1)) })).toEqual({});
    expect((await listed(call))[list]).toEqual([{ ...make(2), Description: 'no 2' }]);
  });

  it('is listed in pages of at most 10', async () => {
    const { call } = await ready();
    for (let i = 0; i < 23; i++) await call(`Associate${thing}`, { ...key, [thing]: make(i) });
    const seen: string[] = [];
    for (let NextToken: unknown = ''; NextToken !== undefined;) {
      const page = await listed(call, { NextToken });
      seen.push(...(page[list] as object[]).map(nameOf));
      expect((page[list] as object[]).length).toBeLessThanOrEqual(10);
      NextToken = page.NextToken;
    }
    expect(new Set(seen).size).toBe(23);
    expect(await listed(call, { MaxResults: 11 })).toMatchObject({ __type: 'InvalidInputException' });
    expect(await listed(call, { NextToken: 'garbage' })).toMatchObject({ __type: 'InvalidInputException' });
  });
});

it('tasks are found by the discovered resource that they are associated with', async () => {
  const { call } = await ready();
  await call('ImportMigrationTask', { ...key, MigrationTaskName: 'server-2' });
  await call('AssociateDiscoveredResource', { ...key, DiscoveredResource: { ConfigurationId: 'd-server-7' } });
  expect(await call('ListMigrationTasks', { ResourceName: 'd-server-7' })).toEqual({ MigrationTaskSummaryList: [key] });
  expect(await call('ListMigrationTasks', { ResourceName: 'd-server-8' })).toEqual({ MigrationTaskSummaryList: [] });
});

it('all updates of a task are listed in their order, the oldest go first when there are too many', async () => {
  const { call } = await ready({ historyPerTask: 3 });
  for (const percent of [1, 2, 3, 4])
    await call('NotifyMigrationTaskState', notify({ Task: { Status: 'IN_PROGRESS', ProgressPercent: percent } }));
  const { MigrationTaskUpdateList } = await call('ListMigrationTaskUpdates', key);
  expect(MigrationTaskUpdateList).toEqual(
    [2, 3, 4].map((ProgressPercent) => ({
      UpdateDateTime: 1_760_000_000,
      UpdateType: 'MIGRATION_TASK_STATE_UPDATED',
      MigrationTaskState: { Status: 'IN_PROGRESS', ProgressPercent },
    })),
  );
});

it('an application has the state that it was last notified of', async () => {
  const { call } = await ready();
  const ApplicationId = 'd-application-1';
  expect(await call('DescribeApplicationState', { ApplicationId })).toMatchObject({
    __type: 'ResourceNotFoundException',
  });
  await call('NotifyApplicationState', { ApplicationId, Status: 'IN_PROGRESS', UpdateDateTime: 1_760_000_000.5 });
  await call('NotifyApplicationState', { ApplicationId: 'other', Status: 'COMPLETED' });
  const state = { ApplicationStatus: 'IN_PROGRESS', LastUpdatedTime: 1_760_000_000.5 };
  expect(await call('DescribeApplicationState', { ApplicationId })).toEqual(state);
  expect(await call('ListApplicationStates', { ApplicationIds: [ApplicationId, 'unknown'] })).toEqual({
    ApplicationStateList: [{ ApplicationId, ...state }],
  });
});

it('a stream that is deleted can be read for a while and takes no reports, then its name is a new one', async () => {
  let seconds = 1_760_000_000;
  const { call } = await ready({ streamDeletionSeconds: 30, clock: () => seconds * 1000 });
  const ProgressUpdateStreamName = STREAM;
  await call('NotifyMigrationTaskState', notify());
  expect(await call('DeleteProgressUpdateStream', { ProgressUpdateStreamName })).toEqual({});
  const refused = { __type: 'InvalidInputException', Message: expect.stringContaining('is being deleted') };
  expect(await call('CreateProgressUpdateStream', { ProgressUpdateStreamName })).toMatchObject(refused);
  expect(await call('ImportMigrationTask', { ...key, MigrationTaskName: 'new' })).toMatchObject(refused);
  expect(await call('NotifyMigrationTaskState', notify())).toMatchObject(refused);
  for (const [operation, input] of [
    ['AssociateCreatedArtifact', { CreatedArtifact: { Name: 'arn:aws:ec2:::i-1' } }],
    ['AssociateDiscoveredResource', { DiscoveredResource: { ConfigurationId: 'd-server-1' } }],
    ['AssociateSourceResource', { SourceResource: { Name: 'rack 1' } }],
  ] as const)
    expect(await call(operation, { ...key, ...input }), operation).toMatchObject(refused);
  // The API reference does not name these.
  for (const [operation, input] of [
    ['PutResourceAttributes', { ResourceAttributeList: [{ Type: 'FQDN', Value: 'server-1.example.com' }] }],
    ['DisassociateCreatedArtifact', { CreatedArtifactName: 'arn:aws:ec2:::i-1' }],
    ['DisassociateDiscoveredResource', { ConfigurationId: 'd-server-1' }],
    ['DisassociateSourceResource', { SourceResourceName: 'rack 1' }],
  ] as const)
    expect(await call(operation, { ...key, ...input }), operation).toEqual({});
  expect(await call('DescribeMigrationTask', key)).toMatchObject({ MigrationTask: key });
  seconds += 30;
  expect(await call('ListProgressUpdateStreams', {})).toEqual({ ProgressUpdateStreamSummaryList: [] });
  expect(await call('DescribeMigrationTask', key)).toMatchObject({ __type: 'ResourceNotFoundException' });
  expect(await call('DeleteProgressUpdateStream', { ProgressUpdateStreamName })).toMatchObject({
    __type: 'ResourceNotFoundException',
  });
  expect(await call('CreateProgressUpdateStream', { ProgressUpdateStreamName })).toEqual({});
});

it('the home region is set, shown, kept and deleted by its control', async () => {
  const { hub } = await emulatorAndClient({ homeRegion: null });
  const call = caller(hub);
  expect(await call(config('GetHomeRegion'), {})).toEqual({});
  expect(await call('ListMigrationTasks', {})).toMatchObject({ __type: 'HomeRegionNotSetException' });
  const create = (HomeRegion: string, more: object = {}) =>
    call(config('CreateHomeRegionControl'), { HomeRegion, Target: { Type: 'ACCOUNT' }, ...more });
  expect(await create('eu-central-1', { DryRun: true })).toMatchObject({ __type: 'DryRunOperation' });
  expect(await create('eu-central-1', { Target: { Type: 'ACCOUNT', Id: '999999999999' } })).toMatchObject({
    __type: 'InvalidInputException',
  });
  const { HomeRegionControl } = (await create('eu-central-1')) as { HomeRegionControl: { ControlId: string } };
  expect(HomeRegionControl).toMatchObject({
    ControlId: expect.stringMatching(/^hrc-[a-z0-9]{12}$/),
    HomeRegion: 'eu-central-1',
    Target: { Type: 'ACCOUNT', Id: '123456789012' },
  });
  expect(await create('eu-central-1')).toEqual({ HomeRegionControl });
  expect(await create('eu-west-1')).toMatchObject({ __type: 'InvalidInputException' });
  expect(await call(config('GetHomeRegion'), {})).toEqual({ HomeRegion: 'eu-central-1' });
  expect(await call(config('DescribeHomeRegionControls'), {})).toEqual({ HomeRegionControls: [HomeRegionControl] });
  expect(await call(config('DescribeHomeRegionControls'), { HomeRegion: 'eu-west-1' })).toEqual({
    HomeRegionControls: [],
  });
  const { ControlId } = HomeRegionControl;
  expect(await call(config('DeleteHomeRegionControl'), { ControlId: 'hrc-000000000000' })).toMatchObject({
    __type: 'InvalidInputException',
  });
  expect(await call(config('DeleteHomeRegionControl'), { ControlId })).toEqual({});
  expect(await call(config('GetHomeRegion'), {})).toEqual({});
});

it('500 notifications at once on 50 tasks are all taken, and the history has them all', async () => {
  const { call } = await ready();
  const names = Array.from({ length: 50 }, (_, i) => `vm-${i}`);
  for (const MigrationTaskName of names) await call('ImportMigrationTask', { ...key, MigrationTaskName });
  const answers = await Promise.all(
    Array.from({ length: 500 }, (_, i) =>
      call(
        'NotifyMigrationTaskState',
        notify({ MigrationTaskName: `vm-${i % 50}`, UpdateDateTime: 1_760_000_000 + i }),
      ),
    ),
  );
  expect(answers).toEqual(Array(500).fill({}));
  for (const MigrationTaskName of names) {
    const { MigrationTaskUpdateList } = await call('ListMigrationTaskUpdates', { ...key, MigrationTaskName });
    const times = (MigrationTaskUpdateList as { UpdateDateTime: number }[]).map((update) => update.UpdateDateTime);
    expect(new Set(times).size).toBe(10);
    const { MigrationTask } = await call('DescribeMigrationTask', { ...key, MigrationTaskName });
    expect((MigrationTask as { UpdateDateTime: number }).UpdateDateTime).toBe(times.at(-1));
  }
});
