import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, it, onTestFinished, vi } from 'vitest';
import { MigrationHubClient, MigrationHubPlugin } from '../../src';
import { startEmulator } from '../../src/emulator';
import { logged, startHarness, until, type Harness } from './harness';
import { startWorkerProcess } from './worker-process';

let h: Harness;
let client: MigrationHubClient;
beforeAll(async () => {
  h = await startHarness();
  client = new MigrationHubClient({ client: h.server.env.client });
});
afterEach(async () => {
  await h.stopAll();
  h.emulator.setFaults([]);
  vi.unstubAllEnvs();
});
afterAll(() => h?.close());

const INFO = 30;
const WARN = 40;

const report = (progressUpdateStream: string, migrationTaskName: string, by = client) =>
  by.report({ progressUpdateStream, migrationTaskName, status: 'IN_PROGRESS', nextUpdateSeconds: 45 });

const startProcess = (variables?: NodeJS.ProcessEnv, flags?: string[]) => startWorkerProcess(h, variables, flags);

/** Files of AWS alone: no variables, no role of the machine. */
async function filesOfAws(
  config: string,
): Promise<{ dir: string; variables: NodeJS.ProcessEnv; writeKeys(key: string): Promise<void> }> {
  const dir = await mkdtemp(join(tmpdir(), 'aws-files-'));
  onTestFinished(() => rm(dir, { recursive: true }));
  await writeFile(join(dir, 'config'), config);
  return {
    dir,
    variables: {
      AWS_CONFIG_FILE: join(dir, 'config'),
      AWS_SHARED_CREDENTIALS_FILE: join(dir, 'credentials'),
      AWS_ACCESS_KEY_ID: undefined,
      AWS_SECRET_ACCESS_KEY: undefined,
      AWS_EC2_METADATA_DISABLED: 'true',
    },
    writeKeys: (key) =>
      writeFile(
        join(dir, 'credentials'),
        `[migration]\naws_access_key_id = ${key}\naws_secret_access_key = of-${key}\n`,
      ),
  };
}
/** A credential process that hangs for an hour; `begun` has the time at which the newest one began. */
async function hangingCredentials() {
  const { dir, variables } = await filesOfAws('');
  const [script, begun] = [join(dir, 'hang.sh'), join(dir, 'begun')];
  await writeFile(script, `echo >> ${begun}\nexec sleep 3600\n`);
  await writeFile(join(dir, 'config'), `[default]\ncredential_process = sh ${script}\n`);
  return { variables, begun };
}
/** That `end` does not wait until a credential process is given up, which is 60 s after it has begun. */
async function expectNotWaitedFor(begun: string, end: () => Promise<unknown>): Promise<void> {
  const newest = async () => (await stat(begun)).mtimeMs;
  await until('one that has just begun', async () => Date.now() - (await newest()) < 15_000);
  const at = await newest();
  await end();
  expect(Date.now() - at).toBeLessThan(55_000);
}
const NAMED = 'credential_process sh has not ended';

it('a worker process whose credential process hangs serves, says so, shows it in the query, and ends when told to', async () => {
  const { variables, begun } = await hangingCredentials();
  const worker = await startProcess(variables);
  await report('Hanging', 'vm-1');
  await until('the worker says what it found', () =>
    worker.lines().some(({ level, msg }) => level === WARN && msg.includes(NAMED)),
  );
  await until('the query shows it', async () =>
    ((await client.lastReportedState('Hanging', 'vm-1'))?.lastFailure?.message ?? '').includes(NAMED),
  );
  await until('the workflow says it', () =>
    worker
      .lines()
      .some(
        ({ level, failure, reason }) =>
          level === WARN && failure === 'CredentialsProviderError' && reason?.includes(NAMED),
      ),
  );
  await expectNotWaitedFor(begun, async () => expect(await worker.stop()).toBe(0));
});

it('a worker process with nothing but an AWS profile starts in its region, and goes on with keys that are rotated while it runs', async () => {
  const emulator = await startEmulator({ homeRegion: 'eu-west-1', signatures: { verify: { NEWKEY: 'of-NEWKEY' } } });
  onTestFinished(() => emulator.close());
  const { variables, writeKeys } = await filesOfAws('[profile migration]\nregion = eu-west-1\n');
  await writeKeys('OLDKEY');
  const worker = await startProcess({
    ...variables,
    AWS_PROFILE: 'migration',
    AWS_REGION: undefined,
    AWS_DEFAULT_REGION: undefined,
    AWS_ENDPOINT_URL_MIGRATION_HUB: emulator.url,
  });
  const reported = await report('Rotated', 'vm-1');
  const of = () => worker.linesOf('Rotated');
  await until('it is refused, and said so', () =>
    of().some(({ failure }) => failure === 'UnrecognizedClientException'),
  );
  await writeKeys('NEWKEY');
  await client.waitForDelivery(reported);
  const held = emulator.tasks().find(({ progressUpdateStream }) => progressUpdateStream === 'Rotated');
  expect(held).toMatchObject({ migrationTaskName: 'vm-1', status: 'IN_PROGRESS', staleSeconds: 0 });
  expect((await client.lastReportedState('Rotated', 'vm-1'))?.counters.missedDeadlines).toBe(0);
  await until('it is said to be over', () => of().at(-1)?.level === INFO);
  expect(await worker.stop()).toBe(0);
});

it("the plugin says the same, and the user's worker ends", async () => {
  const { variables, begun } = await hangingCredentials();
  for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value);
  logged.length = 0;
  const plugin = new MigrationHubPlugin({ region: 'us-west-2', endpoint: h.emulator.url });
  const worker = await h.startUserWorker([plugin] as never[]);
  await report('HangingPlugin', 'vm-1');
  await until('the worker says what it found', () => logged.some((line) => line.includes(NAMED)));
  await until('the workflow says it', () =>
    logged.some((line) => line.startsWith('reports do not reach Migration Hub')),
  );
  await expectNotWaitedFor(begun, () => worker.stop());
});

it('a worker process says that Migration Hub answers, once that reports do not reach it, and once that they do again', async () => {
  const worker = await startProcess();
  await until('the worker says what it found', () =>
    worker.lines().some(({ level, msg }) => level === INFO && msg.includes(`${h.emulator.url} answers`)),
  );
  h.emulator.setFaults([{ match: { stream: 'Aloud' }, action: { type: 'service-unavailable' } }]);
  await report('Aloud', 'vm-1');
  const failures = async () => (await client.lastReportedState('Aloud', 'vm-1'))?.pending?.attempts ?? 0;
  await until('it was tried three times', async () => (await failures()) >= 3);
  h.emulator.setFaults([]);
  const of = () => worker.linesOf('Aloud');
  await until('it is said to be over', () => of().some(({ level }) => level === INFO));
  expect(of()).toMatchObject([
    { level: WARN, tasks: 1, migrationTaskNames: ['vm-1'], failure: 'ServiceUnavailableException' },
    { level: INFO, tasks: 1, migrationTaskNames: ['vm-1'] },
  ]);
  expect(await worker.stop()).toBe(0);
});

const wrongAtStart: [string, NodeJS.ProcessEnv, RegExp][] = [
  [
    'no credentials at all',
    {
      AWS_ACCESS_KEY_ID: '',
      AWS_SECRET_ACCESS_KEY: '',
      AWS_CONFIG_FILE: '/dev/null',
      AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
      AWS_EC2_METADATA_DISABLED: 'true',
    },
    /no credentials: .*; give the worker valid credentials/,
  ],
  [
    'another region than the home region',
    { AWS_REGION: 'eu-west-1' },
    /InvalidInputException: .*; the calls go to eu-west-1, but the home region of the account is us-west-2: set AWS_REGION=us-west-2/,
  ],
  [
    'a host that is not found',
    { AWS_ENDPOINT_URL_MIGRATION_HUB: 'http://mgh.invalid' },
    /NetworkError: .*mgh\.invalid/,
  ],
  [
    'an endpoint where nobody listens',
    { AWS_ENDPOINT_URL_MIGRATION_HUB: 'http://127.0.0.1:1' },
    /NetworkError: ECONNREFUSED.*nothing listens there/,
  ],
];
it.each(wrongAtStart)(
  'a worker process that starts with %s says so at once, and serves',
  async (_, variables, message) => {
    const worker = await startProcess(variables);
    await until('it says so', () => worker.lines().some(({ level, msg }) => level === WARN && message.test(msg)));
    expect(await worker.stop()).toBe(0);
  },
);

it.each(wrongAtStart)(
  'a worker with the plugin that starts with %s says so at once, too',
  async (_, variables, message) => {
    const inAll = { AWS_REGION: 'us-west-2', AWS_ENDPOINT_URL_MIGRATION_HUB: h.emulator.url, ...variables };
    for (const [name, value] of Object.entries(inAll)) vi.stubEnv(name, value);
    logged.length = 0;
    await h.startUserWorker([new MigrationHubPlugin({ drainSeconds: 0 })] as never[]);
    await until('it says so', () => logged.some((line) => message.test(line)));
  },
);

it('a worker process says that a task is stale, with the reason, when its deadline is missed', async () => {
  const worker = await startProcess();
  await client.waitForDelivery(await report('Stale', 'vm-1'));
  h.emulator.setFaults([{ match: { stream: 'Stale' }, action: { type: 'access-denied' } }]);
  // Of this stream: the tasks of earlier tests may be stale, too.
  const of = () => worker.linesOf('Stale');
  const stale = () => of().filter(({ msg }) => msg.startsWith('tasks are stale in Migration Hub'));
  await until('it says so', () => stale().length > 0);
  h.emulator.setFaults([]);
  await until('it is said to be over', () => of().some(({ level }) => level === INFO));
  const told = { level: WARN, tasks: 1, migrationTaskNames: ['vm-1'], failure: 'AccessDeniedException' };
  expect(stale()).toContainEqual(expect.objectContaining(told));
  expect(await worker.stop()).toBe(0);
});

it('of a group of 200 tasks that fail for one reason the log has a few lines, which count them', async () => {
  const worker = await startProcess({}, ['--groups', '1']);
  h.emulator.setFaults([{ match: { stream: 'Many' }, action: { type: 'access-denied' } }]);
  const grouped = new MigrationHubClient({ client: h.server.env.client, groups: 1 });
  await Promise.all(Array.from({ length: 200 }, (_, i) => report('Many', `vm-${i}`, grouped)));
  // On a busy machine a task may meet another failure first, such as a call that took too long: that is told, too.
  const of = () => worker.linesOf('Many').filter(({ failure }) => failure === 'AccessDeniedException');
  // A workflow task that is done again says its lines again.
  const once = () => new Map(of().map((line) => [String(line.migrationTaskNames), line]));
  const counted = () => [...once().values()].reduce((sum, { tasks = 0 }) => sum + tasks, 0);
  await until('all are counted', () => counted() >= 200);
  expect(counted()).toBe(200);
  expect(once().size).toBeLessThan(20);
  expect(await worker.stop()).toBe(0);
});

it.each(['debug', 'trace', 'silent'])(
  'LOG_LEVEL=%s is kept to, and every line is JSON, those of Core, too',
  async (level) => {
    const worker = await startProcess({ LOG_LEVEL: level });
    await report('Levels', `vm-${level}`);
    await until(
      'it is delivered',
      async () => (await client.lastReportedState('Levels', `vm-${level}`))?.lastDelivered !== undefined,
    );
    const levels = () => worker.lines().map((line) => line.level);
    if (level === 'silent') expect(levels()).toEqual([]);
    else {
      await until('it says more', () => Math.min(...levels()) === { debug: 20, trace: 10 }[level]);
      expect(worker.lines().map(({ sdkComponent }) => sdkComponent)).toContain('core');
    }
    expect(await worker.stop()).toBe(0);
  },
);
