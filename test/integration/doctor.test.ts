import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { connect, createServer as createSilentServer } from 'node:net';
import { join } from 'node:path';
import { createServer as createTlsServer } from 'node:tls';
import { MigrationHubClient as AwsClient, NotifyMigrationTaskStateCommand } from '@aws-sdk/client-migration-hub';
import { Client } from '@temporalio/client';
import { Worker } from '@temporalio/worker';
import { afterAll, afterEach, beforeAll, expect, it, onTestFinished } from 'vitest';
import { MigrationHubClient } from '../../src';
import { startEmulator } from '../../src/emulator';
import type { FaultAction, FaultMatch } from '../../src/emulator/faults/types';
import type { TaskReport } from '../../src/report';
import { LOADED_MACHINE } from '../../src/worker/loaded-machine';
import { createMigrationHubWorkers } from '../../src/worker/workers';
import { bundleOf } from '../bundles';
import { closedPort, examine, listening, withoutCredentials } from './doctoring';
import { encrypted } from './encrypting-codec';
import { registerNamespace, startHarness, until, type Harness } from './harness';

const TLS = join(__dirname, '../fixtures/tls');
const BROKEN_HEARTBEAT = join(__dirname, '../fixtures/broken-heartbeat.ts');
/** Without a worker; with one of the two; with workers that lack a codec; with ones that have a bug. */
const NAMESPACES = ['idle', 'half', 'encrypted', 'buggy'];

let h: Harness;
let hub: MigrationHubClient;
const running: { worker: { shutdown(): void }; ended: Promise<void> }[] = [];
const runUntilTheEnd = (worker: { run(): Promise<void>; shutdown(): void }) =>
  running.push({ worker, ended: worker.run() });

beforeAll(async () => {
  h = await startHarness({}, {});
  hub = new MigrationHubClient({ client: h.server.env.client });
  for (const namespace of NAMESPACES) await registerNamespace(h.server.env.connection, namespace);
  const connection = h.server.env.nativeConnection;
  const options = { region: 'us-west-2', endpoint: h.emulator.url };
  runUntilTheEnd(await createMigrationHubWorkers({ connection }, options));
  runUntilTheEnd(await createMigrationHubWorkers({ connection, namespace: 'encrypted' }, options));
  const workflowBundle = await bundleOf(BROKEN_HEARTBEAT);
  const taskQueue = 'migration-hub';
  for (const namespace of ['half', 'buggy'])
    runUntilTheEnd(
      await Worker.create({
        ...{ connection, namespace, taskQueue, workflowBundle, ...LOADED_MACHINE },
        activities: { reportTaskState: () => Promise.resolve() },
      }),
    );
  const activities = { notifyTaskStates: () => Promise.resolve() };
  const notify = { connection, namespace: 'buggy', taskQueue: 'migration-hub-notify', activities };
  runUntilTheEnd(await Worker.create(notify));
  // What is wrong with these shows after a while: when their turn comes.
  const secret = new MigrationHubClient({ client: clientOf('encrypted', { payloadCodecs: [encrypted] }) });
  await secret.report(report('Secret', 'vm-1'));
  const start = { taskQueue: 'migration-hub', workflowId: "mgh:Stuck:Bob's vm" };
  await clientOf('buggy').workflow.start('migrationHeartbeat', start);
  await deliver('Stale', 'vm-1', { nextUpdateSeconds: 45, silenceLimitSeconds: 1 });
});
afterEach(() => h.emulator.clearFaults());
afterAll(async () => {
  for (const { worker } of running) worker.shutdown();
  await Promise.all(running.map(({ ended }) => ended));
  await h?.close();
});

const clientOf = (namespace: string, dataConverter = {}) =>
  new Client({ connection: h.server.env.connection, namespace, dataConverter });
const FQDN = [{ type: 'FQDN' as const, value: 'vm-1.example.com' }];
const report = (
  progressUpdateStream: string,
  migrationTaskName: string,
  more: Partial<TaskReport> = {},
): TaskReport => ({
  ...{ progressUpdateStream, migrationTaskName, status: 'IN_PROGRESS', progressPercent: 40 },
  resourceAttributes: FQDN,
  ...more,
});
const deliver = async (...given: Parameters<typeof report>) => hub.waitForDelivery(await hub.report(report(...given)));
const fault = (type: FaultAction['type'], match: FaultMatch = {}, more = {}) =>
  h.emulator.setFaults([{ match, action: { type, ...more } as FaultAction }]);
const stateOf = async (stream: string, task: string) => (await hub.lastReportedState(stream, task))?.freshness;

/** How `doctor` is called in a broken set-up. */
interface Call {
  args?: string[];
  env?: NodeJS.ProcessEnv;
}
interface Broken {
  what: string;
  /** Breaks it. */
  set(): Call | Promise<Call>;
  /** The one check that finds it. */
  check: string;
  /** Cause and mend, in their order. */
  says: RegExp;
  /** What is said meanwhile, where it takes its time. */
  meanwhile?: string;
}

const BROKEN: Broken[] = [
  {
    what: 'the Temporal server is down',
    set: async () => ({ args: ['--address', await closedPort()] }),
    check: 'Temporal server',
    says: /^127\.0\.0\.1:\d+ \(--address\): nothing listens there; start the server, or correct the port$/,
  },
  {
    what: 'the address names a host that does not exist',
    set: () => ({ env: { TEMPORAL_ADDRESS: 'no-such-host.invalid:7233' } }),
    check: 'Temporal server',
    says: /^no-such-host\.invalid:7233 \(TEMPORAL_ADDRESS\): no such host; check --address and DNS$/,
  },
  {
    what: 'the namespace does not exist',
    set: () => ({ args: ['--namespace', 'nowhere'] }),
    check: 'namespace',
    says: /^the server has no namespace nowhere \(--namespace\); name another with --namespace, or create it$/,
  },
  {
    what: 'TLS is spoken to a server without it',
    set: () => ({ args: ['--tls-ca-path', join(TLS, 'ca.pem')] }),
    check: 'Temporal server',
    says: /it does not use TLS; remove the TLS settings and the API key$/,
  },
  {
    what: 'the server wants TLS',
    set: async () => {
      const pem = readFileSync(join(TLS, 'server.pem'));
      const proxy = createTlsServer({ key: pem, cert: pem, ALPNProtocols: ['h2'] }, (socket) => {
        const [host, port] = h.server.address.split(':');
        const server = connect({ host, port: Number(port) });
        socket.on('error', () => server.destroy()).pipe(server);
        server.on('error', () => socket.destroy()).pipe(socket);
      });
      return { args: ['--address', await listening(proxy)] };
    },
    check: 'Temporal server',
    says: /it closed the connection; it may need TLS, an API key or a client certificate$/,
  },
  {
    what: 'the address is that of a web page, such as the UI',
    async set() {
      return { args: ['--address', await listening(createServer((_, answer) => answer.end('<html>')))] };
    },
    check: 'Temporal server',
    says: /a web server answers there, not Temporal; use the gRPC port, usually 7233, not that of the UI$/,
  },
  {
    what: 'what listens at the address never answers',
    set: async () => ({ args: ['--address', await listening(createSilentServer())] }),
    check: 'Temporal server',
    says: /it does not answer; check --address, proxy and firewall/,
  },
  {
    what: 'Migration Hub never answers',
    set() {
      fault('hang');
      return {};
    },
    check: 'Migration Hub',
    says: /cannot be reached \(.*\); check the network between the worker and the endpoint/,
  },
  {
    what: 'no worker runs',
    set: () => ({ args: ['--namespace', 'idle'] }),
    check: 'workers',
    says: /^no worker polls migration-hub and migration-hub-notify of namespace idle; start one: temporal-migration-hub worker/,
  },
  {
    what: 'one of the two task queues has no worker',
    set: () => ({ args: ['--namespace', 'half'] }),
    check: 'workers',
    says: /^no worker polls migration-hub-notify of namespace half; a worker polls migration-hub: .+@.+ ago\); restart that worker/,
  },
  {
    what: 'the workers lack the codec of who reports',
    set: () => ({ args: ['--namespace', 'encrypted'] }),
    check: 'heartbeat workflows',
    says: /mgh:Secret:vm-1; attempt \d+: .*Unknown encoding: binary\/encrypted; give the workers the codec of the reporting programs/,
  },
  {
    what: 'the workflow task of a heartbeat workflow fails again and again',
    set: () => ({ args: ['--namespace', 'buggy'] }),
    check: 'heartbeat workflows',
    says: /a bug of this version; .*temporal workflow reset --type FirstWorkflowTask --address \S+ --namespace buggy --reason stuck -w 'mgh:Stuck:Bob'\\''s vm'$/,
  },
  {
    what: 'the search attribute that workers are told to keep does not exist',
    set: () => ({ args: ['--deadline-search-attribute'] }),
    check: 'search attribute',
    says: /^--deadline-search-attribute is set, but the search attribute MigrationHubDeadline is not in the namespace default; temporal operator search-attribute create --address \S+ --namespace default --name MigrationHubDeadline --type Datetime$/,
  },
  {
    what: 'the same, told by the variable of the workers',
    set: () => ({ env: { TEMPORAL_MIGRATION_HUB_DEADLINE_SEARCH_ATTRIBUTE: 'true' } }),
    check: 'search attribute',
    says: /^TEMPORAL_MIGRATION_HUB_DEADLINE_SEARCH_ATTRIBUTE is set, but the search attribute MigrationHubDeadline is not/,
  },
  {
    what: 'the region has no Migration Hub',
    set: () => ({ env: { AWS_REGION: 'sa-east-1', AWS_ENDPOINT_URL_MIGRATION_HUB: '' } }),
    check: 'AWS settings',
    says: /^the region is sa-east-1, which has no Migration Hub; set AWS_REGION/,
  },
  {
    what: 'a token has the line break of its file',
    set: () => ({ env: { AWS_SESSION_TOKEN: 'secret\n' } }),
    check: 'AWS settings',
    says: /^AWS_SESSION_TOKEN ends with a line break; remove it$/,
  },
  {
    what: 'there are no credentials',
    set: async () => ({ env: await withoutCredentials() }),
    check: 'AWS credentials',
    says: /^none found: not in variables, not in the AWS profile "default", not from a role of this machine; set AWS_PROFILE/,
  },
  {
    what: 'the process that should give credentials hangs',
    async set() {
      const env = await withoutCredentials();
      await writeFile(env['AWS_CONFIG_FILE'] ?? '', '[default]\ncredential_process = /bin/sleep 300\n');
      return { env };
    },
    check: 'AWS credentials',
    says: /^none: credential_process \/bin\/sleep has not ended: no answer within 8 s; check this source/,
    meanwhile: 'checking: AWS credentials …\n',
  },
  {
    what: 'the credentials say that they have expired',
    set: () => ({ env: { AWS_CREDENTIAL_EXPIRATION: new Date(Date.now() - 7_200_000).toISOString() } }),
    check: 'AWS credentials',
    says: /^key test from the variables AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY expired 2h ago; get new ones/,
  },
  {
    what: 'AWS says that they have expired',
    set() {
      fault('expired-token');
      return {};
    },
    check: 'AWS sign-in',
    says: /^the credentials have expired \(ExpiredTokenException\); they come from the variables .*; get new ones/,
  },
  {
    what: 'nothing listens at the endpoint',
    set: async () => ({ args: ['--endpoint', `http://${await closedPort()}`] }),
    check: 'Migration Hub',
    says: /^http:\/\/127\.0\.0\.1:\d+ cannot be reached \(ECONNREFUSED\); nothing listens there: check the endpoint/,
  },
  {
    what: 'the endpoint is a web page',
    async set() {
      const site = createServer((_, answer) => answer.setHeader('content-type', 'text/html').end('<html>hello</html>'));
      return { args: ['--endpoint', `http://${await listening(site)}`] };
    },
    check: 'Migration Hub',
    says: /^what answers at http:\S+ is not Migration Hub: it sends a page; check --endpoint, AWS_ENDPOINT_URL_MIGRATION_HUB/,
  },
  {
    what: 'the clock of this machine is wrong',
    set() {
      fault('invalid-signature', {}, { skewSeconds: 900 });
      return {};
    },
    check: 'clock',
    says: /^this machine is 1[45]m.* behind the clock of AWS, which refuses more than 5 minutes; set the clock/,
  },
  {
    what: 'the account has no home region',
    async set() {
      const emulator = await startEmulator({ homeRegion: null });
      onTestFinished(() => emulator.close());
      return { args: ['--endpoint', emulator.url] };
    },
    check: 'home region',
    says: /^the account has no home region, so Migration Hub accepts nothing; set it once, .*create-home-region-control/,
  },
  {
    what: 'the region is not the home region',
    set: () => ({ args: ['--region', 'eu-central-1'] }),
    check: 'home region',
    says: /^calls go to eu-central-1, but the home region of the account is us-west-2; give --region us-west-2$/,
  },
  {
    what: 'no region is set, and the policy does not let ask for the home region',
    async set() {
      fault('access-denied', { operation: 'GetHomeRegion' });
      const { AWS_CONFIG_FILE, AWS_SHARED_CREDENTIALS_FILE } = await withoutCredentials();
      return {
        env: { AWS_REGION: undefined, AWS_DEFAULT_REGION: undefined, AWS_CONFIG_FILE, AWS_SHARED_CREDENTIALS_FILE },
      };
    },
    check: 'home region',
    says: /^no region is set, and the home region cannot be asked for \(AccessDeniedException: .*\); allow mgh:GetHomeRegion, or set AWS_REGION/,
  },
  {
    what: 'the policy lacks one operation',
    set() {
      fault('access-denied', { operation: 'NotifyMigrationTaskState' });
      return { args: ['Healthy'] };
    },
    check: 'permissions',
    says: /^denied: mgh:NotifyMigrationTaskState; allow it on arn:aws:mgh:us-west-2:ACCOUNT:progressUpdateStream\/Healthy\/migrationTask\/\*$/,
  },
  {
    what: 'the policy lacks the operation that is asked first',
    set() {
      fault('access-denied', { operation: 'CreateProgressUpdateStream' });
      return {};
    },
    check: 'permissions',
    says: /^denied: mgh:CreateProgressUpdateStream; allow it on arn:aws:mgh:us-west-2:ACCOUNT:progressUpdateStream\/\*$/,
  },
  {
    what: 'the stream is misspelt',
    set: () => ({ args: ['Helthy'] }),
    check: 'stream',
    says: /^nobody has reported a task of Helthy to namespace default, within its retention; did you mean Healthy\?$/,
  },
  {
    what: 'the task is misspelt',
    set: () => ({ args: ['Healthy', 'VM1'] }),
    check: 'task',
    says: /^nobody has reported a task VM1 of stream Healthy to namespace default; did you mean vm-1\?$/,
  },
  {
    what: 'the heartbeat workflow was terminated',
    async set() {
      await deliver('LeftAlone', 'vm-1');
      await h.server.env.client.workflow.getHandle('mgh:LeftAlone:vm-1').terminate();
      await until('its end', async () => (await stateOf('LeftAlone', 'vm-1')) === 'unattended');
      return { args: ['LeftAlone', 'vm-1'] };
    },
    check: 'task',
    says: /^unattended: IN_PROGRESS 40 % delivered; .*; report the task again: that starts a new one$/,
  },
  {
    what: 'somebody else writes the task',
    async set() {
      await deliver('Shared', 'vm-1');
      const aws = new AwsClient({ region: 'us-west-2', endpoint: h.emulator.url });
      onTestFinished(() => aws.destroy());
      await aws.send(
        new NotifyMigrationTaskStateCommand({
          ...{ ProgressUpdateStream: 'Shared', MigrationTaskName: 'vm-1', NextUpdateSeconds: 3600 },
          ...{ Task: { Status: 'FAILED' }, UpdateDateTime: new Date() },
        }),
      );
      return { args: ['Shared', 'vm-1'] };
    },
    check: 'task at Migration Hub',
    says: /^holds FAILED of \S+, but IN_PROGRESS 40 % of \S+ was delivered: somebody else writes it; find the other writer in CloudTrail/,
  },
  {
    what: 'nobody goes on with a task',
    async set() {
      await deliver('Stale', 'vm-2');
      await until('it is stale', async () => (await stateOf('Stale', 'vm-1')) === 'stale');
      return { args: ['Stale'] };
    },
    check: 'tasks',
    says: /^2 read: 1 \w+, 1 \w+; stale: vm-1; no more heartbeats: .*; report its end, COMPLETED or FAILED/,
  },
];

it('a healthy set-up: all is well, with a stream and a task, too', async () => {
  await deliver('Healthy', 'vm-1');
  for (const args of [[], ['Healthy'], ['Healthy', 'vm-1']]) {
    const { code, findings, err } = await examine(h, args);
    expect(findings.filter(({ result }) => result !== 'ok')).toEqual([]);
    expect(findings.length).toBeGreaterThanOrEqual(11 + 3 * args.length);
    // What takes long on a busy machine is said meanwhile.
    expect({ code, err: err.replace(/^checking: .*\n/gm, '') }).toEqual({ code: 0, err: 'no problem found\n' });
  }
  const said = (await examine(h, ['Healthy', 'vm-1'])).findings
    .map(({ check, found }) => `${check}: ${found}`)
    .join('\n');
  expect(said).toContain('a worker polls migration-hub and migration-hub-notify');
  expect(said).toContain('home region: us-west-2');
  expect(said).toContain('permissions: all 9 operations are allowed on stream Healthy; so are application states');
  expect((await examine(h)).findings).toContainEqual({
    check: 'permissions',
    result: 'ok',
    found:
      'all 9 operations are allowed on stream temporal-migration-hub-check, a name for this test only; doctor STREAM tests yours; so are application states',
  });
  expect(said).toContain('task at Migration Hub: holds what was delivered last: IN_PROGRESS 40 %');
  expect(said).toContain('server: it has the attributes FQDN vm-1.example.com; no server is associated');
  // Nothing is there but what the worker wrote.
  const names = h.emulator.tasks().map((task) => `${task.progressUpdateStream}/${task.migrationTaskName}`);
  expect(names.sort()).toEqual(['Healthy/vm-1', 'Stale/vm-1']);
});

it.each(BROKEN)('$what: that is the one problem', async ({ set, check, says, meanwhile = '' }) => {
  const { args, env } = await set();
  const began = performance.now();
  let examined = await examine(h, args, env);
  expect(performance.now() - began).toBeLessThan(30_000);
  // What is wrong may show only after a while: a workflow task must have failed some times.
  await until(
    `a problem of ${check}`,
    async () => {
      if (examined.findings.some((each) => each.check === check && each.result === 'problem')) return true;
      examined = await examine(h, args, env);
      return false;
    },
    60,
  ).catch(() => undefined);
  const { code, findings, err } = examined;
  const problems = findings.filter(({ result }) => result === 'problem');
  expect(problems.map((each) => each.check)).toEqual([check]);
  const [{ found, mend } = { found: '' }] = problems;
  expect(mend ? `${found}; ${mend}` : found).toMatch(says);
  expect(code).toBe(1);
  expect(err).toContain(`1 problem: ${check}`);
  expect(err).toContain(meanwhile);
});

it('a Migration Hub that throttles is no problem: the doctor waits its turn', async () => {
  await deliver('Throttled', 'vm-1');
  h.emulator.setThrottle({ ratePerSecond: 5, burst: 5 });
  onTestFinished(() => h.emulator.clearThrottle());
  for (const args of [['Throttled'], ['Throttled', 'vm-1']]) {
    const { code, findings } = await examine(h, args);
    expect(findings.filter(({ result }) => result === 'problem')).toEqual([]);
    expect(code).toBe(0);
  }
});

it('nor is one that throttles all the time, and asks for long pauses: what was not asked is said', async () => {
  await deliver('Throttled', 'vm-2');
  fault('throttle', {}, { retryAfterSeconds: 5 });
  const { code, findings } = await examine(h, ['Throttled']);
  expect(findings.filter(({ result }) => result === 'problem')).toEqual([]);
  expect(findings).toContainEqual(expect.objectContaining({ check: 'permissions', result: 'not checked' }));
  expect(code).toBe(0);
});

it('a report that a found problem keeps back is no further problem', async () => {
  await deliver('Follows', 'vm-1');
  fault('access-denied', { operation: 'NotifyMigrationTaskState' });
  await hub.report(report('Follows', 'vm-1', { progressPercent: 50 }));
  await until('a failure', async () => (await stateOf('Follows', 'vm-1')) === 'at-risk');
  for (const args of [['Follows'], ['Follows', 'vm-1']]) {
    const { findings } = await examine(h, args);
    const found = findings.filter(({ result }) => result === 'problem' || result === 'warning');
    expect(found.map(({ check, result }) => `${check}: ${result}`)).toEqual([
      'permissions: problem',
      expect.stringMatching(/^tasks?: warning$/),
    ]);
    expect(found[1]?.mend).toBe('fix the problem above first');
  }
});

it('what the workers make of a task whose reporters have ended is said, and what to do', async () => {
  const start = (workflowId: string) =>
    h.server.env.client.workflow.start('migrate', { workflowId, taskQueue: 'nobody-serves-it' });
  const by = (workflowId: string) => ({
    owner: { ownerId: workflowId, workflowId, sequence: 1, reportedAt: Date.now() / 1000 },
  });
  await start('migrate-open');
  await (await start('migrate-ended')).terminate();
  for (const owner of ['migrate-open', 'migrate-ended', 'migrate-forgotten']) await deliver('Owned', owner, by(owner));
  await deliver('Owned', 'migrate-open', by('migrate-ended'));
  const ownersOf = async (task: string) => {
    const { code, findings } = await examine(h, ['Owned', task]);
    expect(code).toBe(0);
    return findings.find(({ check }) => check === 'owners');
  };
  expect(await ownersOf('migrate-open')).toEqual({
    check: 'owners',
    result: 'ok',
    found: 'migrate-open (open), migrate-ended (terminated)',
  });
  expect(await ownersOf('migrate-ended')).toEqual({
    check: 'owners',
    result: 'warning',
    found: 'no workflow that reported it is open: migrate-ended (terminated)',
    mend: expect.stringMatching(
      /^at the next heartbeat, in (1[789]|20)m.*, the workers report FAILED; to prevent that, start the migration again before$/,
    ),
  });
  const replaced = { ownerId: 'replaced', workflowId: 'migrate-replaced', workflowType: 'migrate', sequence: 1 };
  await (await start('migrate-replaced')).terminate();
  await deliver('Owned', 'migrate-replaced', { owner: replaced });
  const another = { workflowId: 'migrate-replaced', taskQueue: 'nobody-serves-it', args: [] };
  await h.server.env.client.workflow.start('cutOver', another);
  expect(await ownersOf('migrate-replaced')).toMatchObject({
    result: 'warning',
    found: 'no workflow that reported it is open: migrate-replaced (terminated)',
    mend: expect.stringMatching(/, the workers report FAILED; to prevent that, start/) as string,
  });
  expect(await ownersOf('migrate-forgotten')).toEqual({
    check: 'owners',
    result: 'warning',
    found: 'no workflow that reported it is open: migrate-forgotten (not there any more)',
    mend: expect.stringMatching(
      /^report its end \(the command close\), or start the migration again: at the next heartbeat, in (1[789]|20)m.*, its heartbeats stop/,
    ),
  });
});

it('an artifact before the first report is no problem, of its task and of its stream', async () => {
  const artifact = { progressUpdateStream: 'Early', migrationTaskName: 'vm-1' };
  await hub.associateArtifact({ ...artifact, name: 'arn:aws:ec2:us-west-2:123456789012:image/ami-1' });
  await until('its registration', async () => (await hub.lastReportedState('Early', 'vm-1'))?.registered ?? false);
  const findingOf = async (check: string, ...args: string[]) => {
    const { code, findings } = await examine(h, ['Early', ...args]);
    return { code, ...findings.find((each) => each.check === check) };
  };
  // A list may know the heartbeat workflow a little later.
  await until('the stream to be known', async () => (await findingOf('stream')).result === 'ok');
  expect(await findingOf('task', 'vm-1')).toMatchObject({
    ...{ code: 0, result: 'ok' },
    found: expect.stringMatching(/^not reported yet: it has only artifacts/) as string,
  });
  expect(await findingOf('tasks')).toMatchObject({ code: 0, result: 'ok', found: '1 read: 1 not reported yet' });
});

it('without a region the calls go to the home region', async () => {
  const { AWS_CONFIG_FILE, AWS_SHARED_CREDENTIALS_FILE } = await withoutCredentials();
  const env = { AWS_REGION: undefined, AWS_DEFAULT_REGION: undefined, AWS_CONFIG_FILE, AWS_SHARED_CREDENTIALS_FILE };
  const { code, findings } = await examine(h, [], env);
  expect({ code, ok: findings.every(({ result }) => result === 'ok') }).toEqual({ code: 0, ok: true });
  const found = (name: string) => findings.find(({ check }) => check === name)?.found;
  expect(found('AWS settings')).toBe('no region is set, so calls go to the home region of the account');
  expect(found('home region')).toBe('us-west-2: calls go there, since no region is set');
});

it('a policy that names its streams denies all for another stream: that is no problem', async () => {
  fault('access-denied', { stream: 'temporal-migration-hub-check' });
  const { code, findings, err } = await examine(h);
  expect(findings.filter(({ result }) => result !== 'ok')).toEqual([
    {
      check: 'permissions',
      result: 'warning',
      found: 'the credentials may call nothing on temporal-migration-hub-check',
      mend: 'expected if the policy is limited to named streams: check one of them with doctor STREAM',
    },
  ]);
  expect({ code, err }).toEqual({ code: 0, err: 'no problem found; 1 warning: permissions\n' });
});

it('a policy without artifacts holds no status back: that is a warning that says what is lost', async () => {
  fault('access-denied', { operation: 'AssociateCreatedArtifact' });
  const { code, findings } = await examine(h, ['Healthy']);
  const arn = 'arn:aws:mgh:us-west-2:ACCOUNT:progressUpdateStream/Healthy/migrationTask/*';
  expect(findings.filter(({ result }) => result !== 'ok')).toEqual([
    {
      check: 'permissions',
      result: 'warning',
      found: 'denied: mgh:AssociateCreatedArtifact; without it tasks get no artifacts',
      mend: `allow it on ${arn}`,
    },
  ]);
  expect(code).toBe(0);
});

it('what is encrypted is read with the codec of the workers; without it that is said, not a stack', async () => {
  const args = ['Secret', 'vm-1', '--namespace', 'encrypted'];
  const without = await examine(h, args);
  const unread = without.findings.filter(({ found }) => found.includes('is encrypted'));
  expect(unread.map(({ check, result }) => [check, result])).toEqual([['stream', 'not checked']]);
  expect(without.findings.filter(({ result }) => result === 'problem').map(({ check }) => check)).toEqual([
    'heartbeat workflows',
  ]);
  const withCodec = await examine(h, [...args, '--plugins', join(__dirname, '../fixtures/our-plugins.cjs')]);
  expect(withCodec.findings.find(({ check }) => check === 'task')).toMatchObject({
    found: 'never-delivered: nothing delivered yet',
  });
});

it('a table has a line for each check, JSON is one list, and what is wrong in the command ends with 2', async () => {
  const table = await examine(h, ['-o', 'table', '--namespace', 'idle']);
  const lines = table.out.trimEnd().split('\n');
  expect(lines[0]).toBe('RESULT       CHECK                    FOUND');
  expect(lines).toContainEqual(
    expect.stringMatching(/^problem {6}workers {18}no worker polls migration-hub and migration-hub-notify /),
  );
  expect(lines).toContain('not checked  backlog                  first fix "workers"');
  expect(table.err).toBe('1 problem: workers\n');
  const json = await examine(h, ['-o', 'json']);
  expect(JSON.parse(json.out)).toHaveLength(lines.length - 1);
  const hostile = await examine(h, ['-o', 'json', '--address', 'no\u009b2J.invalid:1']);
  expect(hostile.out).toContain('no\\u009b2J.invalid:1');
  expect(hostile.out).not.toContain('\u009b');
  const wrong = [
    ['a/b'],
    [''],
    ['A', 'b:c'],
    ['A', 'b', 'c'],
    ['--profile', 'nobody'],
    ['--plugins', 'none'],
    ['-o', 'xml'],
  ];
  for (const args of wrong) {
    const { code, out, err } = await examine(h, args);
    expect({ args, code, out }).toEqual({ args, code: 2, out: '' });
    expect(err.trimEnd().split('\n').length).toBeLessThanOrEqual(2);
  }
});
