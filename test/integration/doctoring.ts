import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished, vi } from 'vitest';
import { run } from '../../src/cli/program';
import type { CheckFinding } from '../../src/doctor/run-checks';
import type { Harness } from './harness';

/** What the command said. */
export interface Examined {
  code: number;
  findings: CheckFinding[];
  out: string;
  err: string;
}

/** Runs `doctor` in this process, against the servers of the harness unless `args` say otherwise. */
export async function examine(h: Harness, args: string[] = [], env: NodeJS.ProcessEnv = {}): Promise<Examined> {
  const all = { AWS_REGION: 'us-west-2', TEMPORAL_ADDRESS: h.server.address, ...env };
  for (const [name, value] of Object.entries(all)) vi.stubEnv(name, value);
  const written = { out: '', err: '' };
  const to = (which: 'out' | 'err') => (text: unknown) => {
    written[which] += String(text);
    return true;
  };
  const spies = [
    vi.spyOn(process.stdout, 'write').mockImplementation(to('out')),
    vi.spyOn(process.stderr, 'write').mockImplementation(to('err')),
  ];
  const endpoint = args.includes('--endpoint') || env['AWS_ENDPOINT_URL_MIGRATION_HUB'] !== undefined;
  try {
    const code = await run(['doctor', ...(endpoint ? [] : ['--endpoint', h.emulator.url]), '-o', 'jsonl', ...args]);
    return { code, findings: parsed(written.out), ...written };
  } finally {
    for (const spy of spies) spy.mockRestore();
    vi.unstubAllEnvs();
  }
}

function parsed(out: string): CheckFinding[] {
  const lines = out.split('\n').filter((line) => line.startsWith('{"'));
  return lines.map((line) => JSON.parse(line) as CheckFinding);
}

/** Variables for an AWS that has no credentials: neither variables nor files, and no role of the machine. */
export async function withoutCredentials(): Promise<NodeJS.ProcessEnv> {
  const dir = await mkdtemp(join(tmpdir(), 'aws-files-'));
  onTestFinished(() => rm(dir, { recursive: true }));
  return {
    AWS_ACCESS_KEY_ID: undefined,
    AWS_SECRET_ACCESS_KEY: undefined,
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_CONFIG_FILE: join(dir, 'config'),
    AWS_SHARED_CREDENTIALS_FILE: join(dir, 'credentials'),
  };
}

/** Listens until the test ends; gives `host:port`. */
export async function listening(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** A port on which nothing listens. */
export async function closedPort(): Promise<string> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return `127.0.0.1:${port}`;
}
