import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { devServerExecutable } from '../../dev/servers/executables';
import type { DevAddresses } from '../../src/dev-environment';
import { CLI } from '../built';
import { until } from './harness';

const FREE_PORTS = ['--temporal-port', '0', '--ui-port', '0', '--emulator-port', '0', '--board-port', '0'];
/** Each process has it in its environment, and so have the processes that it starts. */
const MARK = 'TEMPORAL_MIGRATION_HUB_TEST_MARK';

/** What the emulator shows of a task. */
export interface ShownTask {
  migrationTaskName: string;
  status: string | null;
  progressPercent: number | null;
  updateDateTime: number | null;
}

/** `temporal-migration-hub dev`, as a process of its own; what it needs is there, so that only its start is timed. */
export async function startDev(flags: string[] = [], variables: NodeJS.ProcessEnv = {}) {
  const { path } = await devServerExecutable(() => undefined);
  const mark = randomUUID();
  const child = spawn(process.execPath, [CLI, 'dev', ...FREE_PORTS, '-o', 'jsonl', ...flags], {
    env: {
      ...process.env,
      PATH: `${join(path, '..')}:${process.env['PATH']}`,
      TEMPORAL_ADDRESS: undefined,
      TEMPORAL_NAMESPACE: undefined,
      TEMPORAL_DEBUG: undefined,
      ...variables,
      [MARK]: mark,
    },
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  let out = '';
  let err = '';
  child.stdout.on('data', (data: Buffer) => (out += data.toString()));
  child.stderr.on('data', (data: Buffer) => (err += data.toString()));
  const exit = once(child, 'exit') as Promise<[number | null, NodeJS.Signals | null]>;
  return {
    child,
    stdout: () => out,
    stderr: () => err,
    /** Its exit code, or the signal that has ended it. */
    ended: async () => (await exit)[0] ?? (await exit)[1],
    /** When all is ready. */
    async ready(): Promise<DevAddresses> {
      await until('dev is ready', () => {
        if (child.exitCode !== null) throw new Error(`it ended: ${err}`);
        return out.includes('\n');
      });
      return JSON.parse(out) as DevAddresses;
    },
    /** Of this process and all that came of it, those that run. */
    processes: () => processesWith(`${MARK}=${mark}`),
  };
}

export async function tasksAt(url: string): Promise<ShownTask[]> {
  return (await (await fetch(`${url}/_mgh/tasks`)).json()) as ShownTask[];
}

/** Process ids by a word in their environment; one that ends meanwhile has none. */
function processesWith(word: string): string[] {
  return readdirSync('/proc').filter((pid) => {
    if (!/^\d+$/.test(pid)) return false;
    try {
      return readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0').includes(word);
    } catch {
      return false;
    }
  });
}
