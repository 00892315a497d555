import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { until, type Harness } from './harness';
import { scrapeOf } from './scrapes';

/** A worker process that serves its metrics. */
export async function startMetricsProcess(h: Harness, variables: NodeJS.ProcessEnv = {}) {
  const child = spawn(process.execPath, ['--import', 'tsx', join(__dirname, '../fixtures/metrics-process.ts')], {
    env: {
      ...process.env,
      TEMPORAL_ADDRESS: h.server.address,
      TEMPORAL_NAMESPACE: h.server.env.namespace ?? 'default',
      AWS_REGION: 'us-west-2',
      AWS_ENDPOINT_URL_MIGRATION_HUB: h.emulator.url,
      ...variables,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const exit = once(child, 'exit');
  let out = '';
  let err = '';
  child.stdout.on('data', (data: Buffer) => (out += data.toString()));
  child.stderr.on('data', (data: Buffer) => (err += data.toString()));
  await until('it serves', () => {
    if (child.exitCode !== null) throw new Error(`it ended: ${err}`);
    return out.endsWith('\n');
  });
  const url = out.trim();
  const get = async () => (await fetch(url)).text();
  return {
    url,
    text: get,
    scrape: async () => scrapeOf(await get()),
    async stop() {
      child.kill('SIGTERM');
      return (await exit)[0] as number | null;
    },
  };
}
