import { join } from 'node:path';
import {
  ListCreatedArtifactsCommand,
  DeleteProgressUpdateStreamCommand,
  ListDiscoveredResourcesCommand,
  MigrationHubClient as AwsClient,
} from '@aws-sdk/client-migration-hub';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { MigrationHubClient } from '../../src/client/migration-hub-client';
import type { HeartbeatOptions } from '../../src/client/settings';
import { MAX_ATTACHMENTS } from '../../src/report';
import type { ReportedState } from '../../src/task-state';
import { cli } from '../cli/run-cli';
import type { CallOutcome } from '../fixtures/calls-by-name';
import { logged, startHarness, until, type Harness } from './harness';

const FIXTURE = join(__dirname, '../fixtures/attaching.ts');
const STREAM = 'Attached';
const AMI = 'arn:aws:ec2:us-west-2:123456789012:image/ami-0123456789abcdef0';

let h: Harness;
let aws: AwsClient;
beforeAll(async () => {
  h = await startHarness({ streamDeletionSeconds: 15 });
  aws = new AwsClient({ region: 'us-west-2', endpoint: h.emulator.url });
});
afterEach(async () => {
  h.emulator.clearFaults();
  await h.stopAll();
});
afterAll(async () => {
  aws?.destroy();
  await h?.close();
});

const hubClient = (heartbeat: HeartbeatOptions = {}, groups?: number) =>
  new MigrationHubClient({ client: h.server.env.client, heartbeat, groups });
const taskOf = (migrationTaskName: string, progressUpdateStream = STREAM) => ({
  progressUpdateStream,
  migrationTaskName,
});
const artifactOf = (task: string, name = AMI, more = {}) => ({ ...taskOf(task), name, ...more });
const workflowOf = (task: string) => h.server.env.client.workflow.getHandle(`mgh:${STREAM}:${task}`);
const hubTask = (task: string) => h.emulator.tasks().find(({ migrationTaskName }) => migrationTaskName === task);
/** The calls that Migration Hub got of a task, answered or not. */
const callsOf = (task: string, operations = /sociate|Notify/) =>
  h.emulator
    .requests({ task })
    .map(({ operation }) => operation)
    .filter((operation) => operations.test(operation ?? ''));

async function artifactsAt(task: string, stream = STREAM): Promise<(string | undefined)[]> {
  const keys = { ProgressUpdateStream: stream, MigrationTaskName: task };
  const { CreatedArtifactList = [] } = await aws.send(new ListCreatedArtifactsCommand(keys));
  return CreatedArtifactList.map(({ Name, Description }) =>
    Description === undefined ? Name : `${Name} ${Description}`,
  );
}

const stateOf = (task: string, hub = hubClient()) => hub.lastReportedState(STREAM, task);
async function untilAttached(task: string, isSo: (attached: ReportedState['attachments']) => boolean): Promise<void> {
  await until(`the attachments of ${task}`, async () => isSo((await stateOf(task))?.attachments));
}
const isAssociated = (name: string) => (attached: ReportedState['attachments']) =>
  attached?.some((each) => each.name === name && each.state === 'associated') ?? false;

it('an artifact that comes before the first report registers its task, and no status is claimed', async () => {
  await h.startHub();
  const hub = hubClient();
  await hub.associateArtifact(artifactOf('early', AMI, { description: 'AMI of early' }));
  await untilAttached('early', isAssociated(AMI));
  expect(await artifactsAt('early')).toEqual([`${AMI} AMI of early`]);
  expect(hubTask('early')).toMatchObject({ status: null, notifications: 0 });
  expect(await stateOf('early')).toMatchObject({ freshness: 'never-delivered', counters: { reports: 0 } });
  await hub.waitForDelivery(await hub.report({ ...taskOf('early'), status: 'IN_PROGRESS', progressPercent: 10 }));
  expect(hubTask('early')).toMatchObject({ status: 'IN_PROGRESS', notifications: 1 });
  // Once, also where it is given again.
  await hub.associateArtifact(artifactOf('early', AMI, { description: 'AMI of early' }));
  await hub.disassociateArtifact(artifactOf('early'));
  await untilAttached('early', (attached) => attached?.[0]?.state === 'disassociated');
  expect(await artifactsAt('early')).toEqual([]);
  expect(callsOf('early', /sociateCreated/)).toEqual(['AssociateCreatedArtifact', 'DisassociateCreatedArtifact']);
});

it('one that comes after the heartbeat workflow has ended starts it again, and changes nothing of the state', async () => {
  await h.startHub();
  const hub = hubClient({ lingerSeconds: 0 });
  const end = { ...taskOf('ended'), status: 'COMPLETED' as const, progressPercent: 100, labels: { wave: 'w1' } };
  await hub.waitForDelivery(await hub.report(end));
  await workflowOf('ended').result();
  const before = hubTask('ended');
  await hub.associateArtifact(artifactOf('ended'));
  await until('the artifact', async () => (await artifactsAt('ended')).length === 1);
  await until('its end', async () => (await workflowOf('ended').describe()).status.name === 'COMPLETED');
  expect(hubTask('ended')).toEqual(before);
  expect(callsOf('ended')).toEqual(['NotifyMigrationTaskState', 'AssociateCreatedArtifact']);
  const expected = {
    freshness: 'terminal',
    labels: { wave: 'w1' },
    lastDelivered: { status: 'COMPLETED', progressPercent: 100 },
    counters: { reports: 1, notifications: 1 },
    attachments: [{ kind: 'createdArtifact', name: AMI, state: 'associated' }],
  };
  expect(await stateOf('ended')).toMatchObject(expected);
  await until('the list to know both runs', async () => {
    const listed: ReportedState[] = [];
    for await (const state of hub.list({ progressUpdateStream: STREAM, labels: { wave: 'w1' } })) listed.push(state);
    return listed.some((state) => state.migrationTaskName === 'ended' && state.attachments !== undefined);
  });
});

it('a task that is mapped to another server is mapped to that first, and then no more to the one before', async () => {
  await h.startHub();
  const hub = hubClient();
  const report = { ...taskOf('mapped'), status: 'IN_PROGRESS' as const };
  await hub.waitForDelivery(await hub.report({ ...report, discoveredResource: 'd-server-1' }));
  await untilAttached('mapped', isAssociated('d-server-1'));
  await hub.waitForDelivery(await hub.report({ ...report, discoveredResource: 'd-server-1' }));
  await hub.report({ ...report, discoveredResource: 'd-server-2' });
  await untilAttached('mapped', (attached) => attached?.some(({ state }) => state === 'disassociated') ?? false);
  expect(callsOf('mapped', /sociateDiscovered/)).toEqual([
    ...['AssociateDiscoveredResource', 'AssociateDiscoveredResource', 'DisassociateDiscoveredResource'],
  ]);
  const keys = { ProgressUpdateStream: STREAM, MigrationTaskName: 'mapped' };
  const { DiscoveredResourceList } = await aws.send(new ListDiscoveredResourcesCommand(keys));
  expect(DiscoveredResourceList).toMatchObject([{ ConfigurationId: 'd-server-2' }]);
});

it('a throttled artifact holds no status back, is shown with its next try, and arrives, over continue-as-new', async () => {
  h.emulator.setFaults([
    { match: { operation: 'AssociateCreatedArtifact', task: 'throttled' }, action: { type: 'throttle' }, times: 1 },
  ]);
  await h.startHub();
  const hub = hubClient({ maxHistoryEvents: 50 });
  await hub.associateArtifact(artifactOf('throttled'));
  await untilAttached('throttled', (attached) => attached?.[0]?.failure?.type === 'ThrottlingException');
  const { runId } = await workflowOf('throttled').describe();
  const { attachments } = (await stateOf('throttled')) ?? {};
  expect(attachments).toMatchObject([{ state: 'pending', nextTryAt: expect.any(Number) as number }]);
  for (let percent = 1; (await workflowOf('throttled').describe()).runId === runId; percent = (percent % 100) + 1) {
    const report = {
      ...taskOf('throttled'),
      status: 'IN_PROGRESS' as const,
      progressPercent: percent,
      allowDecrease: true,
    };
    await hub.waitForDelivery(await hub.report(report));
  }
  await untilAttached('throttled', isAssociated(AMI));
  expect(callsOf('throttled', /sociateCreated/)).toHaveLength(2);
});

it('what Migration Hub does not take, or the AWS client has no operation for, is told; nothing else is held up', async () => {
  h.emulator.setFaults([
    { match: { operation: 'AssociateCreatedArtifact', task: 'refused' }, action: { type: 'access-denied' } },
  ]);
  await h.startHub();
  const hub = hubClient();
  await hub.associateSourceResource({ ...taskOf('refused'), name: 'web-01', statusDetail: 'a\nb' });
  await hub.associateArtifact(artifactOf('refused'));
  await hub.waitForDelivery(await hub.report({ ...taskOf('refused'), status: 'COMPLETED' }));
  await untilAttached('refused', (attached) => attached?.every(({ failure }) => failure) ?? false);
  const told = (await stateOf('refused'))?.attachments?.sort((a, b) => a.kind.localeCompare(b.kind));
  expect(told).toMatchObject([
    { kind: 'createdArtifact', state: 'pending', failure: { type: 'AccessDeniedException', retry: 'operator' } },
    {
      kind: 'sourceResource',
      name: 'web-01',
      statusDetail: 'a b',
      state: 'pending',
      failure: { type: 'OperationNotInClient', retry: 'operator' },
    },
  ]);
  expect(told?.[0]?.failure?.message).toContain('mgh:Associate*');
  expect(told?.[1]?.failure?.message).toContain('npm install @aws-sdk/client-migration-hub@latest');
  expect(callsOf('refused', /SourceResource/)).toEqual([]);
  const flags = ['--address', h.server.address, '--namespace', h.namespace];
  const { stdout } = await cli('status', STREAM, 'refused', ...flags);
  expect(stdout).toMatch(/^attached +source resource web-01: pending: OperationNotInClient: the installed/m);
});

it('while a stream is deleted an artifact waits, and then it brings the end of its task back, too', async () => {
  await h.startHub();
  const hub = hubClient();
  const task = taskOf('deleted', 'Deleted');
  const attachedOf = async () => (await hub.lastReportedState('Deleted', 'deleted'))?.attachments?.[0];
  await hub.waitForDelivery(await hub.report({ ...task, status: 'COMPLETED', progressPercent: 100 }));
  const { updateDateTime } = hubTask('deleted') ?? {};
  await aws.send(new DeleteProgressUpdateStreamCommand({ ProgressUpdateStreamName: 'Deleted' }));
  await hub.associateArtifact({ ...task, name: AMI });
  await until('its failure', async () => (await attachedOf())?.failure !== undefined);
  expect(await attachedOf()).toMatchObject({
    state: 'pending',
    failure: {
      type: 'InvalidInputException',
      message: expect.stringContaining('AWS is deleting the stream') as string,
    },
    nextTryAt: expect.any(Number) as number,
  });
  await until('the artifact', async () => (await attachedOf())?.state === 'associated');
  expect(await artifactsAt('deleted', 'Deleted')).toEqual([AMI]);
  // Of the task that was registered anew: it has no state at first.
  await until('the end', () => hubTask('deleted')?.status === 'COMPLETED');
  expect(hubTask('deleted')).toMatchObject({ progressPercent: 100, updateDateTime, notifications: 1 });
  await until('it to be known', async () => !(await hub.lastReportedState('Deleted', 'deleted'))?.pending);
});

it('tasks of a group have artifacts of their own', async () => {
  await h.startHub({ groups: { Grouped: 1 } });
  const hub = hubClient({}, 1);
  const tasks = ['a', 'b', 'c'].map((name) => taskOf(name, 'Grouped'));
  await Promise.all(tasks.map((task) => hub.report({ ...task, status: 'IN_PROGRESS' })));
  await Promise.all(tasks.map((task, i) => hub.associateArtifact({ ...task, name: `${AMI}${i}` })));
  await until('the artifacts', async () => {
    const states = await Promise.all(
      tasks.map(({ migrationTaskName: task }) => hub.lastReportedState('Grouped', task)),
    );
    return states.every((state) => state?.attachments?.[0]?.state === 'associated');
  });
  for (const [i, { migrationTaskName }] of tasks.entries())
    expect(await artifactsAt(migrationTaskName, 'Grouped')).toEqual([`${AMI}${i}`]);
  const { status } = await h.server.env.client.workflow.getHandle('mgh-group:Grouped:1:0').describe();
  expect(status.name).toBe('RUNNING');
});

describe('a signal from elsewhere', () => {
  const signal = (data: unknown) => workflowOf('foreign').signal('changeAttachment', data);
  const change = { ...taskOf('foreign'), kind: 'createdArtifact', name: AMI };

  const wrong: [string, unknown][] = [
    ['nothing', undefined],
    ['null', null],
    ['a text', 'arn'],
    ['a list', [change]],
    ['no kind', artifactOf('foreign')],
    ['resource attributes', { ...change, kind: 'resourceAttributes' }],
    ['a kind that is none', { ...change, kind: '__proto__' }],
    ['what is no ARN', { ...change, name: 'ami-1' }],
    ['a description that is too long', { ...change, description: 'x'.repeat(501) }],
    ['an id that is too long', { ...change, id: 'x'.repeat(1001) }],
    ['another task', { ...change, migrationTaskName: 'other' }],
    ['a number to disassociate', { ...change, disassociate: 1 }],
  ];

  it('with what is no artifact is refused, and the workflow goes on', async () => {
    await h.startHub();
    const hub = hubClient();
    await hub.report({ ...taskOf('foreign'), status: 'IN_PROGRESS' });
    for (const [what, data] of wrong) {
      const before = logged.length;
      await signal(data);
      await until(`a warning of ${what}`, () =>
        logged.slice(before).includes('an artifact or source resource was refused'),
      );
    }
    await hub.waitForDelivery(await hub.report({ ...taskOf('foreign'), status: 'IN_PROGRESS', progressPercent: 1 }));
    expect((await stateOf('foreign'))?.attachments).toBeUndefined();
    expect(hubTask('other')).toBeUndefined();
    // Who reads the history sees the same.
    await h.stopAll();
    expect(await stateOf('foreign')).toMatchObject({ source: 'history', lastDelivered: { progressPercent: 1 } });
  });
});

describe('a migration workflow', () => {
  const workflow = (type: string, ...args: unknown[]) => ({
    taskQueue: 'attaching',
    workflowId: `${type}-${String(args[0])}-${Math.random()}`,
    args,
  });
  const execute = (type: string, ...args: unknown[]) =>
    h.server.env.client.workflow.execute(type, workflow(type, ...args)) as Promise<unknown>;
  const ARN = 'arn:aws:ec2:us-west-2:123456789012:image/ami-1';

  it.each([
    ['is dropped, with a warning', 'continue', false],
    ['fails', 'fail', true],
  ])('gives artifacts before, within and after its run; a wrong one %s', async (_what, onReportError, isTold) => {
    await h.startHub();
    await h.startUserWorker([], 'attaching', FIXTURE);
    const name = `migrated-${onReportError}`;
    expect(await execute('migrateWithArtifacts', name, onReportError)).toBe(isTold);
    await until('the end', () => hubTask(name)?.status === 'COMPLETED');
    await until('the artifacts', async () => (await artifactsAt(name, 'Attaching')).join() === `${ARN},${ARN}-last`);
    expect(callsOf(name, /sociateDiscovered/)).toEqual(['AssociateDiscoveredResource']);
    const attributes = [{ type: 'FQDN', value: `${name}.example.com` }];
    await until('the attributes', () => JSON.stringify(hubTask(name)?.attributes) === JSON.stringify(attributes));
    expect(
      logged.filter((line) => /an attachment was dropped: name is "ami-1", but it must be an ARN/.test(line)),
    ).not.toEqual([]);
    expect(logged.some((line) => line.endsWith(`artifact is "${ARN}", but it must be an object with a name`))).toBe(
      true,
    );
  });

  it('does not wait for a worker of ours: what it gave and took back arrives in that order', async () => {
    await h.startUserWorker([], 'attaching', FIXTURE);
    const options = workflow('attachUnserved', 'unserved');
    const handle = await h.server.env.client.workflow.start('attachUnserved', options);
    await until('both to wait', () => logged.filter((line) => /an attachment waits for one/.test(line)).length >= 2);
    await h.startHub();
    await until('both', () => callsOf('unserved', /sociateCreated/).at(-1) === 'DisassociateCreatedArtifact');
    expect(await artifactsAt('unserved', 'Attaching')).toEqual([]);
    await handle.signal('goOn');
    await handle.result();
  });

  const timersOf = async (workflowId: string) => {
    const { events } = await h.server.env.client.workflow.getHandle(workflowId).fetchHistory();
    return (events ?? []).flatMap(({ timerStartedEventAttributes: timer }) =>
      timer ? Number(timer.startToFireTimeout?.seconds) : [],
    );
  };

  it('that continues as new without a worker of ours waits for one as long as at its end', async () => {
    await h.startUserWorker([], 'attaching', FIXTURE);
    const options = workflow('attachAndContinue', 'continued', 300);
    const handle = await h.server.env.client.workflow.start('attachAndContinue', options);
    await until('it to wait', async () => (await timersOf(handle.workflowId)).length === 2);
    expect(await timersOf(handle.workflowId)).toEqual([1, 300]);
    await h.startHub();
    await handle.result();
    await until('the end', () => hubTask('continued')?.status === 'COMPLETED');
    await until('the artifact', async () => (await artifactsAt('continued', 'Attaching')).join() === ARN);
  });

  it('that can wait no longer names in the log what is lost', async () => {
    await h.startUserWorker([], 'attaching', FIXTURE);
    const options = workflow('attachAndContinue', 'lost', 1);
    const handle = await h.server.env.client.workflow.start('attachAndContinue', options);
    const lost = `within 1 s; when this run ends, attachments are lost: artifact ${ARN}`;
    await until('the warning', () => logged.some((line) => line.endsWith(lost)));
    await h.startHub();
    await handle.result();
    await until('the end', () => hubTask('lost')?.status === 'COMPLETED');
  });

  it('in another language calls the activities by their names, and is told what is wrong', async () => {
    await h.startHub();
    await h.startUserWorker([], 'attaching', FIXTURE);
    const call = (activity: string, ...args: unknown[]) =>
      execute('callByName', activity, args) as Promise<CallOutcome>;
    const task = taskOf('by-name');
    expect(await call('associateArtifact', { ...task, name: AMI, description: null })).not.toHaveProperty('type');
    await untilAttached('by-name', isAssociated(AMI));
    expect(await call('disassociateArtifact', { ...task, name: AMI })).not.toHaveProperty('type');
    await untilAttached('by-name', (attached) => attached?.[0]?.state === 'disassociated');
    expect(await call('associateArtifact', { ...task, name: 'ami-1' })).toMatchObject({
      type: 'InvalidReport',
      nonRetryable: true,
      message: expect.stringContaining('name is "ami-1", but it must be an ARN') as string,
    });
    expect(await call('disassociateSourceResource', task)).toMatchObject({ type: 'InvalidReport' });
    expect(await call('associateSourceResource', { ...task, Name: 'web-01' })).toMatchObject({
      message: 'Name is "web-01", but there is no such field: did you mean name?',
    });
  });
});

it('the command line ends with 1 where a task has no room for an artifact', async () => {
  await h.startHub();
  const flags = ['--address', h.server.address, '--namespace', h.namespace];
  const hub = hubClient();
  for (let i = 0; i < MAX_ATTACHMENTS; i++) await hub.associateArtifact(artifactOf('full', `${AMI}${i}`));
  const { code, stdout, stderr } = await cli('artifact', 'add', STREAM, 'full', AMI, ...flags);
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  expect(stderr).toBe(`artifact ${AMI} of Attached/full was refused: a task has 50 at most: disassociate one first\n`);
});

it('the command line adds and removes artifacts, of tasks that are known unless it is told otherwise', async () => {
  await h.startHub();
  const flags = ['--address', h.server.address, '--namespace', h.namespace];
  const run = (...args: string[]) => cli(...args, ...flags);
  const unknown = await run('artifact', 'add', STREAM, 'by-hand', AMI);
  expect(unknown).toMatchObject({ code: 1, stdout: '' });
  expect(unknown.stderr).toMatch(/nobody has reported Attached\/by-hand .*, or give --register\n$/);
  expect(await run('artifact', 'add', STREAM, 'by-hand', AMI, '--register', '--description', 'AMI')).toMatchObject({
    code: 0,
    stderr: '',
  });
  await untilAttached('by-hand', isAssociated(AMI));
  const removed = await run('artifact', 'remove', STREAM, 'by-hand', AMI, '--register', '-o', 'json');
  expect(JSON.parse(removed.stdout)).toMatchObject({ ...artifactOf('by-hand'), action: 'remove' });
  await untilAttached('by-hand', (attached) => attached?.[0]?.state === 'disassociated');
  expect(await run('artifact', 'add', STREAM, 'by-hand', 'ami-1')).toMatchObject({ code: 2 });
  expect(await run('artifact', 'take', STREAM, 'by-hand', AMI)).toMatchObject({ code: 2 });
  const wrong = await run('report', STREAM, 'by-hand', 'IN_PROGRESS', '--resource-attribute', 'VM_NAME=web-01');
  expect(wrong).toMatchObject({ code: 2 });
  expect(wrong.stderr).toContain('VM_MANAGER_ID');
  const attributes = ['--resource-attribute', 'fqdn=web-01.example.com', '--discovered-resource', 'd-server-1'];
  expect(await run('report', STREAM, 'by-hand', 'IN_PROGRESS', '--wait', ...attributes)).toMatchObject({ code: 0 });
  await untilAttached('by-hand', isAssociated('d-server-1'));
  expect(hubTask('by-hand')?.attributes).toEqual([{ type: 'FQDN', value: 'web-01.example.com' }]);
});
