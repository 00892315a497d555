import {
  AssociateCreatedArtifactCommand,
  AssociateDiscoveredResourceCommand,
  ListApplicationStatesCommand,
  MigrationHubClient as AwsClient,
} from '@aws-sdk/client-migration-hub';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { MigrationHubClient } from '../../src';
import type { ApplicationOutcome, ApplicationReport, TaskReport } from '../../src/report';
import { cli } from '../cli/run-cli';
import { served, startHarness, until, type Harness } from './harness';
import { allOf, tasksOf } from './listed';

const NOTIFY = 'NotifyApplicationState';
let h: Harness;
let hub: MigrationHubClient;
let aws: AwsClient;

beforeAll(async () => {
  h = await startHarness();
  hub = new MigrationHubClient({ client: h.server.env.client });
  aws = new AwsClient({ region: 'us-west-2', endpoint: h.emulator.url });
});
afterEach(() => h.emulator.clearFaults());
afterAll(async () => {
  aws?.destroy();
  await h?.close();
});

const report = (stream: string, name: string, status: TaskReport['status'], more: Partial<TaskReport> = {}) =>
  hub.report({
    progressUpdateStream: stream,
    migrationTaskName: name,
    status,
    labels: { application: 'payroll' },
    ...more,
  });
const isListed = (stream: string, count: number) =>
  until(`${count} tasks to be listed`, async () => (await tasksOf(hub, stream)).length === count);
const told = (id: string) =>
  h.emulator
    .requests({ operation: NOTIFY })
    .filter(({ body }) => (body as { ApplicationId: string }).ApplicationId === id);
const statusesTold = (id: string) =>
  told(id).flatMap(({ body, error }) => (error ? [] : [(body as { Status: string }).Status]));
const fault = (operation: string, action: object, times?: number) =>
  h.emulator.setFaults([{ match: { operation }, action: action as never, ...(times && { times }) }]);

let workflows = 0;
const fromWorkflow = (application: ApplicationReport, options = {}): Promise<ApplicationOutcome | string> =>
  h.server.env.client.workflow.execute('tellApplication', {
    taskQueue: 'migrations',
    workflowId: `tells-${++workflows}`,
    args: [application, options],
  });

it('without a worker a client is told so, after its time', async () => {
  const asked = hub.notifyApplicationState({ applicationId: 'd-early', status: 'COMPLETED' }, { timeoutSeconds: 1 });
  await expect(asked).rejects.toMatchObject({ name: 'ApplicationStateError', type: 'Unanswered' });
});

describe('with workers', () => {
  served(() => h);

  it('an application is NOT_STARTED, IN_PROGRESS from its first task on, COMPLETED with its last; each is sent once', async () => {
    const stream = 'Payroll';
    const application = { applicationId: 'd-application-1', progressUpdateStream: stream, application: 'payroll' };
    const ask = () => hub.notifyApplicationState(application);
    const tasks = (total: number, begun: number, completed: number, failed: number) => ({
      tasks: { total, begun, completed, failed },
    });
    for (const name of ['web', 'db']) await report(stream, name, 'NOT_STARTED');
    // Of another application.
    await report(stream, 'mail', 'COMPLETED', { labels: { application: 'mail' } });
    await isListed(stream, 3);
    expect(await ask()).toEqual({ status: 'NOT_STARTED', sent: true, ...tasks(2, 0, 0, 0) });
    await report(stream, 'web', 'IN_PROGRESS');
    expect(await fromWorkflow(application)).toEqual({ status: 'IN_PROGRESS', sent: true, ...tasks(2, 1, 0, 0) });
    expect(await ask()).toMatchObject({ status: 'IN_PROGRESS', sent: false });
    await report(stream, 'web', 'COMPLETED');
    await report(stream, 'db', 'FAILED');
    expect(await ask()).toEqual({ status: 'IN_PROGRESS', sent: false, ...tasks(2, 2, 1, 1) });
    await hub.reopen({ progressUpdateStream: stream, migrationTaskName: 'db' });
    await report(stream, 'db', 'COMPLETED');
    const ofThree = { ...application, tasks: 3 };
    const fewer = { status: 'IN_PROGRESS', sent: false, tasks: { ...tasks(2, 2, 2, 0).tasks, expected: 3 } };
    expect(await hub.notifyApplicationState(ofThree)).toEqual(fewer);
    expect(await fromWorkflow(ofThree)).toEqual(fewer);
    expect(await ask()).toEqual({ status: 'COMPLETED', sent: true, ...tasks(2, 2, 2, 0) });
    // One more server: what is COMPLETED is taken back only by hand.
    await report(stream, 'batch', 'IN_PROGRESS');
    await isListed(stream, 4);
    expect(await ask()).toEqual({ status: 'COMPLETED', sent: false, ...tasks(3, 3, 2, 0) });
    expect(await fromWorkflow({ ...application, status: 'IN_PROGRESS' })).toEqual({
      status: 'IN_PROGRESS',
      sent: true,
    });
    expect(statusesTold('d-application-1')).toEqual(['NOT_STARTED', 'IN_PROGRESS', 'COMPLETED', 'IN_PROGRESS']);
    const { ApplicationStateList: held } = await aws.send(new ListApplicationStatesCommand({}));
    // "d-early" is there where its workflow was started late.
    const others = held?.filter(({ ApplicationId }) => ApplicationId !== 'd-early');
    expect(others).toMatchObject([{ ApplicationId: 'd-application-1', ApplicationStatus: 'IN_PROGRESS' }]);
  });

  it('a task counts with the labels that it had before it was started again', async () => {
    const hasty = new MigrationHubClient({ client: h.server.env.client, heartbeat: { lingerSeconds: 0 } });
    const task = { progressUpdateStream: 'Again', migrationTaskName: 'web' };
    const labels = { application: 'mail, payroll' };
    await hasty.waitForDelivery(await hasty.report({ ...task, status: 'FAILED', labels }));
    await h.server.env.client.workflow.getHandle('mgh:Again:web').result();
    await report('Again', 'db', 'COMPLETED');
    await hub.waitForDelivery(await hub.report({ ...task, status: 'IN_PROGRESS', reopen: true }));
    expect((await hub.lastReportedState('Again', 'web'))?.labels).toEqual(labels);
    await isListed('Again', 2);
    await until('both runs to be listed', async () => {
      const found = await allOf(hub.list({ progressUpdateStream: 'Again', labels, freshness: 'fresh' }));
      return found.length === 1;
    });
    const application = { applicationId: 'd-again', progressUpdateStream: 'Again', application: 'payroll' };
    const counts = { total: 2, begun: 2, completed: 1, failed: 0 };
    expect(await hub.notifyApplicationState(application)).toEqual({ status: 'IN_PROGRESS', sent: true, tasks: counts });
  });

  it('calls at once about one application are one notification', async () => {
    const application = { applicationId: 'd-at-once', status: 'IN_PROGRESS' } as const;
    const outcomes = await Promise.all(Array.from({ length: 4 }, () => hub.notifyApplicationState(application)));
    expect(outcomes.map(({ sent }) => sent).sort()).toEqual([false, false, false, true]);
    expect(told('d-at-once')).toHaveLength(1);
  });

  it('what is throttled is sent again, the same to the byte', async () => {
    fault(NOTIFY, { type: 'throttle', retryAfterSeconds: 0 }, 2);
    const outcome = await fromWorkflow({ applicationId: 'd-throttled', status: 'COMPLETED' });
    expect(outcome).toEqual({ status: 'COMPLETED', sent: true });
    const bodies = told('d-throttled').map(({ body }) => JSON.stringify(body));
    expect([bodies.length, new Set(bodies).size]).toEqual([3, 1]);
  });

  it('a label that no task has, a wrong id and a call that is denied are told to the caller', async () => {
    const application = { applicationId: 'd-nobody', progressUpdateStream: 'Payroll', application: 'payrol' };
    await expect(hub.notifyApplicationState(application)).rejects.toMatchObject({ type: 'NoTasks' });
    expect(await fromWorkflow(application)).toMatch(
      /^NoTasks: no task of stream Payroll has the label application=payrol:/,
    );
    await expect(hub.notifyApplicationState({ ...application, applicationId: '' })).rejects.toMatchObject({
      name: 'InvalidReport',
    });
    expect(await fromWorkflow({ ...application, applicationId: 'two\nlines' })).toMatch(
      /^InvalidReport: applicationId is/,
    );
    fault('DescribeApplicationState', { type: 'access-denied' });
    await expect(hub.notifyApplicationState({ ...application, status: 'COMPLETED' })).rejects.toMatchObject({
      type: 'AccessDeniedException',
      message: expect.stringMatching(/mgh:NotifyApplicationState on Resource "\*"$/),
    });
    expect(told('d-nobody')).toEqual([]);
  });

  describe('the command line', () => {
    const hubCli = (...args: string[]) => cli(...args, '--address', h.server.address, '--namespace', h.namespace);
    const resources = (...args: string[]) =>
      hubCli('status', ...args, '--resources', '--region', 'us-west-2', '--endpoint', h.emulator.url);

    it('application: derives, sends by hand, and says where nothing was sent', async () => {
      await report('Cli', 'web', 'COMPLETED');
      await isListed('Cli', 1);
      const derived = await hubCli('application', 'Cli', 'payroll', '--id', 'd-cli', '-o', 'json');
      expect({ ...derived, stdout: JSON.parse(derived.stdout) as unknown }).toEqual({
        code: 0,
        stderr: '',
        stdout: {
          applicationId: 'd-cli',
          status: 'COMPLETED',
          sent: true,
          tasks: { total: 1, begun: 1, completed: 1, failed: 0 },
        },
      });
      const fewer = await hubCli('application', 'Cli', 'payroll', '--id', 'd-fewer', '--tasks', '2');
      expect(fewer.stdout).toMatch(/^status +IN_PROGRESS\nsent +yes\ntasks +1 of 2: 1 begun, 1 completed, 0 failed$/m);
      expect(fewer.stderr).toBe('only 1 of 2 tasks are known, so COMPLETED is not derived\n');
      const byHand = await hubCli('application', '--id', 'd-cli', '--status', 'completed');
      expect(byHand.stdout).toMatch(/^status +COMPLETED\nsent +no: Migration Hub has it already$/m);
      expect(await hubCli('application', 'Cli', 'payrol', '--id', 'd-cli')).toMatchObject({
        code: 1,
        stdout: '',
        stderr: expect.stringMatching(/^d-cli: NoTasks: no task of stream Cli has the label application=payrol: .*\n$/),
      });
      expect(await hubCli('application', '--id', 'd-cli')).toMatchObject({ code: 2, stdout: '' });
      expect(await hubCli('application', 'Cli', '--id', 'd-cli', '--status', 'failed')).toMatchObject({ code: 2 });
    });

    it('status --resources: what Migration Hub holds of each task, and the states of applications', async () => {
      const resourceAttributes = [{ type: 'FQDN', value: 'web.example.com' }];
      await hub.waitForDelivery(await report('Held', 'web', 'IN_PROGRESS', { resourceAttributes }));
      await hub.waitForDelivery(await report('Held', 'db', 'IN_PROGRESS'));
      const keys = { ProgressUpdateStream: 'Held', MigrationTaskName: 'web' };
      const ami = 'arn:aws:ec2:us-west-2:123456789012:image/ami-1';
      await aws.send(new AssociateCreatedArtifactCommand({ ...keys, CreatedArtifact: { Name: ami } }));
      await aws.send(
        new AssociateDiscoveredResourceCommand({ ...keys, DiscoveredResource: { ConfigurationId: 'd-server-1' } }),
      );
      await hub.notifyApplicationState({ applicationId: 'd-held', status: 'IN_PROGRESS' });
      await isListed('Held', 2);
      const { code, stdout, stderr } = await resources('Held', '-o', 'json');
      expect(code).toBe(0);
      expect(stderr).toMatch(/^source resources were not read: .*\n$/);
      const { tasks, applicationStates } = JSON.parse(stdout) as { tasks: object[]; applicationStates: object[] };
      expect(tasks).toMatchObject([
        { migrationTaskName: 'db', resources: { known: true, createdArtifacts: [], resourceAttributes: [] } },
        {
          migrationTaskName: 'web',
          lastDelivered: { status: 'IN_PROGRESS' },
          resources: {
            resourceAttributes,
            discoveredResources: [{ configurationId: 'd-server-1' }],
            createdArtifacts: [{ name: ami }],
          },
        },
      ]);
      expect(applicationStates).toContainEqual(
        expect.objectContaining({ applicationId: 'd-held', status: 'IN_PROGRESS' }),
      );
      const table = (await resources('Held')).stdout;
      expect(table).toMatch(/^Held +web +IN_PROGRESS +fresh +FQDN web\.example\.com +d-server-1 +arn:aws:ec2\S+$/m);
      expect(table).toMatch(/^d-held +IN_PROGRESS +\S+ ago$/m);
      expect((await resources('Held', 'web')).stdout).toMatch(/^held servers +d-server-1$/m);
      const lines = (await resources('Held', '-o', 'jsonl')).stdout.trim().split('\n');
      expect(lines.map((line) => Object.keys(JSON.parse(line) as object)[0])).toEqual(
        expect.arrayContaining(['progressUpdateStream', 'applicationId']),
      );
    });

    it('status --resources: an error of AWS is one line, with 2 where a setting is wrong', async () => {
      fault('DescribeMigrationTask', { type: 'expired-token' });
      const expired = await resources('Held', 'web');
      expect(expired).toMatchObject({ code: 2, stdout: '' });
      expect(expired.stderr).toMatch(
        /^Migration Hub at http:\S+: ExpiredTokenException: [^\n]*; the command doctor says[^\n]*\n$/,
      );
      expect(await hubCli('status', 'Held', '--endpoint', 'http://127.0.0.1:1')).toMatchObject({ code: 2, stdout: '' });
    });
  });
});
