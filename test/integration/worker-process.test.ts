import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MigrationHubClient } from '../../src';
import { afterAll, afterEach, beforeAll, expect, it, onTestFinished } from 'vitest';
import { eventually, startHarness, until, type Harness } from './harness';
import { refusalOf, startWorkerProcess } from './worker-process';

let h: Harness;
let client: MigrationHubClient;
beforeAll(async () => {
  h = await startHarness();
  client = new MigrationHubClient({ client: h.server.env.client });
});
afterEach(async () => {
  await h.stopAll();
  h.emulator.setFaults([]);
});
afterAll(() => h?.close());

const report = (progressUpdateStream: string, statusDetail: string) =>
  client.report({ progressUpdateStream, migrationTaskName: 'vm-1', status: 'IN_PROGRESS', statusDetail });

it('a process that serves is ready, says what its last call came to, and logs its settings without secrets', async () => {
  const worker = await startWorkerProcess(h, { AWS_SECRET_ACCESS_KEY: 'very-secret' }, ['--http-port', '0']);
  const said = () => worker.lines().map(({ msg }) => msg);
  await until('it says where', () => said().some((msg) => msg.includes('are served at http')));
  const settings = worker.lines().find((line) => line.settings)?.settings;
  expect(settings).toMatchObject({
    address: { value: h.server.address, from: 'TEMPORAL_ADDRESS' },
    httpPort: { value: 0, from: '--http-port' },
    groups: { value: null, from: 'default' },
  });
  expect(worker.lines().some((line) => JSON.stringify(line).includes('very-secret'))).toBe(false);
  const url = /http:\S+(?=\/healthz)/.exec(said().join('\n'))?.[0];
  const ready = async () => {
    const answer = await fetch(`${url}/readyz`);
    return { status: answer.status, ...((await answer.json()) as object) };
  };
  expect(await (await fetch(`${url}/healthz`)).json()).toEqual({ status: 'ok' });
  expect(await ready()).toMatchObject({
    status: 'ready',
    temporal: { isReachable: true },
    taskQueues: [
      { taskQueue: 'migration-hub', isPolled: true },
      { taskQueue: 'migration-hub-notify', isPolled: true },
    ],
  });
  await client.waitForDelivery(await report('Ready', 'first'));
  expect(await ready()).toMatchObject({ lastMigrationHubCall: { outcome: 'ok' } });
  h.emulator.setFaults([{ match: { stream: 'Ready' }, action: { type: 'access-denied' } }]);
  await report('Ready', 'second');
  await until('readiness tells the failure, and stays', async () => {
    const said = JSON.stringify(await ready());
    expect(said).toContain('"status":"ready"');
    return said.includes('"outcome":"AccessDeniedException","message":"AccessDeniedException: ');
  });
  expect(await worker.stop()).toBe(0);
  await expect(fetch(`${url}/healthz`)).rejects.toThrow();
});

it('without any region it finds the home region, and delivers there', async () => {
  const none = { AWS_REGION: undefined, AWS_DEFAULT_REGION: undefined, AWS_CONFIG_FILE: '/dev/null' };
  const worker = await startWorkerProcess(h, none);
  await client.waitForDelivery(await report('Found', 'somewhere'));
  expect(await worker.stop()).toBe(0);
});

it('a variable that is set to nothing does not hide the region of the AWS profile', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'aws-profile-'));
  onTestFinished(() => rm(dir, { recursive: true }));
  await writeFile(join(dir, 'config'), '[default]\nregion = us-west-2\n');
  const nothing = { AWS_REGION: '', AWS_DEFAULT_REGION: '', AWS_PROFILE: '', AWS_CONFIG_FILE: join(dir, 'config') };
  const worker = await startWorkerProcess(h, nothing);
  await until('its settings', () => worker.lines().some(({ settings }) => settings));
  const settings = worker.lines().find((line) => line.settings)?.settings;
  expect(settings?.['region']).toEqual({ value: 'us-west-2', from: 'AWS profile default' });
  expect(await worker.stop()).toBe(0);
});

it('a namespace that is not there is refused in one line, with what to do', async () => {
  expect(await refusalOf(h, {}, ['--namespace', 'no-such-namespace'])).toBe(
    `Temporal at ${h.server.address} has no namespace no-such-namespace (--namespace): name another with --namespace, or create it\n`,
  );
});

it('a deployment name that Temporal does not take is refused in one line: its polls would be, and nobody told', async () => {
  expect(await refusalOf(h, {}, ['--deployment-name', 'a:b', '--build-id', '1'])).toBe(
    `the deployment name is "a:b" (--deployment-name, workerDeploymentVersion), but Temporal says: worker deployment name cannot contain ':'\n`,
  );
});

it('with Worker Versioning a heartbeat workflow goes on with the build that is current, and the old one may end', async () => {
  const { connection } = h.server.env;
  const { namespace } = h;
  const deploymentName = 'hub';
  const start = async (buildId: string) => {
    const worker = await startWorkerProcess(h, {}, ['--deployment-name', deploymentName, '--build-id', buildId]);
    const wanted = `build ${buildId} of the Worker Deployment hub is not the current version`;
    await until('it says so', () => worker.lines().some(({ level, msg }) => level === 40 && msg.startsWith(wanted)));
    // Temporal refuses it until both queues of the build are polled.
    await eventually('it to be the current build', () =>
      connection.workflowService.setWorkerDeploymentCurrentVersion({ namespace, deploymentName, buildId }),
    );
    return worker;
  };
  const versionOf = async (workflowId: string) => {
    const execution = { workflowId };
    const { workflowExecutionInfo } = await connection.workflowService.describeWorkflowExecution({
      namespace,
      execution,
    });
    return workflowExecutionInfo?.versioningInfo?.deploymentVersion?.buildId;
  };
  const first = await start('1');
  await client.waitForDelivery(await report('Versions', 'first'));
  expect(await versionOf('mgh:Versions:vm-1')).toBe('1');
  const second = await start('2');
  expect(await first.stop()).toBe(0);
  await client.waitForDelivery(await report('Versions', 'second'));
  expect(await versionOf('mgh:Versions:vm-1')).toBe('2');
  expect(await second.stop()).toBe(0);
});
