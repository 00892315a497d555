import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, onTestFailed, onTestFinished } from 'vitest';
import { CLI } from '../built';
import { until, type Harness } from './harness';

/** What it logs. */
interface Line {
  level: number;
  msg: string;
  reason?: string;
  failure?: string;
  tasks?: number;
  migrationTaskNames?: string[];
  progressUpdateStream?: string;
  sdkComponent?: string;
  settings?: Record<string, { value: unknown; from: string }>;
}

function spawnWorker(h: Harness, variables: NodeJS.ProcessEnv, flags: string[]) {
  const child = spawn(process.execPath, [CLI, 'worker', ...flags], {
    env: {
      ...process.env,
      TEMPORAL_ADDRESS: h.server.address,
      TEMPORAL_NAMESPACE: h.namespace,
      AWS_REGION: 'us-west-2',
      AWS_ENDPOINT_URL_MIGRATION_HUB: h.emulator.url,
      LOG_LEVEL: undefined,
      TEMPORAL_DEBUG: undefined,
      ...variables,
    },
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  return child;
}

/** What it says on stderr where it does not start because of a setting. */
export async function refusalOf(h: Harness, variables: NodeJS.ProcessEnv, flags: string[]): Promise<string> {
  const child = spawnWorker(h, variables, flags);
  let said = '';
  child.stderr.on('data', (data: Buffer) => (said += data.toString()));
  const [code] = (await once(child, 'close')) as [number];
  expect(code).toBe(2);
  return said;
}

/** The worker process, as `npm start` runs it. */
export async function startWorkerProcess(h: Harness, variables: NodeJS.ProcessEnv = {}, flags: string[] = []) {
  const child = spawnWorker(h, variables, flags);
  let out = '';
  let err = '';
  child.stdout.on('data', (data: Buffer) => (out += data.toString()));
  child.stderr.on('data', (data: Buffer) => (err += data.toString()));
  onTestFailed(() => console.error(`the worker said last:\n${err.slice(-4_000)}`));
  const exit = once(child, 'exit');
  await until('the worker serves', () => {
    if (child.exitCode !== null) throw new Error(`it ended: ${err}`);
    return out.includes('serving');
  });
  const lines = () =>
    err
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line) as Line);
  return {
    /** Whole lines only; each must be JSON. */
    lines,
    /** Those about the tasks of a stream. */
    linesOf: (stream: string) => lines().filter(({ progressUpdateStream }) => progressUpdateStream === stream),
    async stop() {
      child.kill('SIGTERM');
      return (await exit)[0] as number | null;
    },
  };
}
