/**
 * `npm run crossread`: what our worker and client tell Migration Hub (the emulator) of a task and an application, boto3 reads; what
 * boto3 adds, `status --resources` shows. Both must see the same.
 */
import { isDeepStrictEqual } from 'node:util';
import { join } from 'node:path';
import { DefaultLogger, Runtime } from '@temporalio/worker';
import { startDevServer } from '../dev/servers';
import { MigrationHubClient } from '../src/client';
import { startEmulator } from '../src/emulator';
import { createMigrationHubWorkers } from '../src/worker/workers';
import { runChild } from './driver/children';
import { pythonWith } from './driver/clients';

const STREAM = 'Cross-read';
const TASK = 'web-01';
const ARTIFACT = 'arn:aws:ec2:us-west-2:123456789012:image/ami-0123456789abcdef0';
const SERVER = 'd-server-0123456789abcdef0';
const APPLICATION = 'd-application-0123456789abcdef0';

/** What was read of the task and of all applications. */
interface Seen {
  status?: string;
  resourceAttributes?: unknown[];
  createdArtifacts?: unknown[];
  discoveredResources?: unknown[];
  applicationStates?: unknown[];
}

/** The one value that a program prints as JSON. */
async function jsonOf<T>(command: string[], env: Record<string, string>): Promise<T> {
  let text = '';
  await runChild(command, { env, onLine: (line) => (text += `${line}\n`) });
  return JSON.parse(text) as T;
}

async function byCommand(args: string[], env: Record<string, string>): Promise<Seen> {
  const cli = [process.execPath, require.resolve('tsx/cli'), join(__dirname, '../src/cli.ts')];
  type Task = { lastDelivered?: { status: string }; resources: Seen };
  const { tasks, applicationStates } = await jsonOf<{ tasks: Task[]; applicationStates: unknown[] }>(
    [...cli, 'status', STREAM, '--resources', '-o', 'json', ...args],
    env,
  );
  const [{ lastDelivered, resources } = { resources: {} as Seen }] = tasks as [Task?];
  const { resourceAttributes, createdArtifacts, discoveredResources } = resources;
  return {
    status: lastDelivered?.status,
    ...{ resourceAttributes, createdArtifacts, discoveredResources, applicationStates },
  };
}

async function tellMigrationHub(hub: MigrationHubClient): Promise<void> {
  const accepted = await hub.report({
    ...{ progressUpdateStream: STREAM, migrationTaskName: TASK, status: 'COMPLETED', progressPercent: 100 },
    labels: { application: 'payroll' },
    resourceAttributes: [{ type: 'FQDN', value: 'web-01.example.com' }],
  });
  await hub.waitForDelivery(accepted);
  const application = { applicationId: APPLICATION, progressUpdateStream: STREAM, application: 'payroll' };
  const { status, sent } = await hub.notifyApplicationState(application);
  if (status !== 'COMPLETED' || !sent) throw new Error(`the application is ${status}, sent: ${sent}`);
}

async function main(): Promise<number> {
  process.env['AWS_ACCESS_KEY_ID'] ??= 'test';
  process.env['AWS_SECRET_ACCESS_KEY'] ??= 'test';
  Runtime.install({ logger: new DefaultLogger('ERROR') });
  const python = await pythonWith('requirements-boto3.txt');
  const temporal = await startDevServer();
  const emulator = await startEmulator();
  const { client, nativeConnection: connection, namespace = 'default' } = temporal.env;
  const options = { region: 'us-west-2', endpoint: emulator.url };
  const workers = await createMigrationHubWorkers({ connection, namespace }, options);
  const running = workers.run();
  try {
    await tellMigrationHub(new MigrationHubClient({ client }));
    const script = join(__dirname, 'python/cross_read.py');
    const env = { MGH_ENDPOINT: emulator.url };
    const theirs = await jsonOf<Seen>([python, script, STREAM, TASK, ARTIFACT, SERVER], env);
    const flags = ['--address', temporal.address, '--namespace', namespace];
    const ours = await byCommand([...flags, '--region', 'us-west-2', '--endpoint', emulator.url], {});
    for (const part of Object.keys(theirs) as (keyof Seen)[]) {
      const isSame = isDeepStrictEqual(ours[part], theirs[part]);
      console.log(`${isSame ? 'same' : 'OTHER'}  ${part}: ${JSON.stringify(theirs[part])}`);
      if (!isSame) console.log(`       status --resources: ${JSON.stringify(ours[part])}`);
    }
    const isGood = isDeepStrictEqual(ours, theirs);
    console.log(isGood ? 'boto3 and status --resources see the same' : 'boto3 and status --resources differ');
    return isGood ? 0 : 1;
  } finally {
    workers.shutdown();
    await running;
    await emulator.close();
    await temporal.close();
  }
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
  },
);
